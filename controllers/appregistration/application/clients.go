package application

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Client that the spec trusts or knows.
type Client struct {
	// Index of its entry in the spec's list.
	Index  int
	AppID  string
	Scopes []string
}

// preAuthorized are the trusted clients with the IDs of their scopes. Only a scope that Entra has enabled, and that is to stay so, may
// be referenced anew: one that is new comes a round before its reference, one that leaves is un-referenced when it is disabled. One
// that somebody disabled keeps the references that it has, and is enabled again.
func (d desired) preAuthorized(have entra.ApplicationSettings) []entra.PreAuthorized {
	ids := map[string]string{}
	for i := range have.Scopes {
		a := scopeAttributes(&have.Scopes[i])
		at := match(d.scopes, a, scopeAttributes)
		if at >= 0 && d.scopes[at].entry.Enabled && (*a.enabled || referenced(have.PreAuthorized, *a.id)) {
			ids[*a.value] = *a.id
		}
	}
	var clients []entra.PreAuthorized
	for _, client := range d.references.Trusted {
		var scopes []string
		for _, value := range client.Scopes {
			if id, has := ids[value]; has {
				scopes = append(scopes, id)
			}
		}
		if len(scopes) > 0 {
			clients = mergeByKey(clients, []entra.PreAuthorized{{AppID: client.AppID, Scopes: scopes}}, preAuthorizedKey, joinScopes)
		}
	}
	return clients
}

func referenced(clients []entra.PreAuthorized, scopeID string) bool {
	return slices.ContainsFunc(clients, func(client entra.PreAuthorized) bool { return slices.Contains(client.Scopes, scopeID) })
}

func (d desired) knownClients() []string {
	var ids []string
	for _, client := range d.references.Known {
		ids = append(ids, client.AppID)
	}
	return distinct(ids, strings.ToLower)
}

func preAuthorizedKey(p entra.PreAuthorized) string { return strings.ToLower(p.AppID) }

func joinScopes(a, b entra.PreAuthorized) entra.PreAuthorized {
	a.Scopes = distinct(append(slices.Clone(a.Scopes), b.Scopes...), strings.ToLower)
	return a
}

func keepScopeOrder(have, wanted entra.PreAuthorized) entra.PreAuthorized {
	have.Scopes = reconcileSet(have.Scopes, wanted.Scopes, strings.ToLower)
	return have
}

// clientEntries are present where Entra has the client, and where it is trusted with all scopes of the entry.
func (d desired) clientEntries(have entra.Application) []Entry {
	var entries []Entry
	for _, client := range d.references.Trusted {
		entries = append(entries, entry(fmt.Sprintf("spec.api.preAuthorizedClients[%d]", client.Index), client.trustedBy(have), nil))
	}
	for _, client := range d.references.Known {
		present := slices.ContainsFunc(have.KnownClients, func(id string) bool { return strings.EqualFold(id, client.AppID) })
		entries = append(entries, entry(fmt.Sprintf("spec.api.knownClients[%d]", client.Index), present, nil))
	}
	return entries
}

func (c Client) trustedBy(app entra.Application) bool {
	return slices.ContainsFunc(app.PreAuthorized, func(have entra.PreAuthorized) bool {
		return strings.EqualFold(have.AppID, c.AppID) && !slices.ContainsFunc(c.Scopes, func(value string) bool {
			return !slices.ContainsFunc(app.Scopes, func(s entra.Scope) bool { return s.Value == value && slices.Contains(have.Scopes, s.ID) })
		})
	})
}

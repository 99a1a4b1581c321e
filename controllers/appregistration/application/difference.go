package application

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Difference between what a spec asks of an application and what Entra has.
type Difference struct {
	// Entries are what the spec asks for.
	Entries []Entry
	// Patch brings Entra closer; empty where nothing is to be written now.
	Patch entra.ApplicationPatch
	// Lagging is true where something of ours must be seen in Entra before it can go on.
	Lagging bool
	// Unobserved is true where a role is to be removed once it is known that nobody holds it.
	Unobserved bool
	// HeldRoles are values that stay because somebody holds them.
	HeldRoles []string

	have entra.Application
	// details of properties, for people.
	details map[string]string
}

// Entry is one thing that the spec asks for. What Entra shows counts as recorded: status says no more of it.
type Entry struct {
	policy.State
	// Path of the field that asks, as in spec.web.redirectURIs[0].
	Path string
	// Request is what the gate judges; nil where it judges the values of the fields at and below Path.
	Request policy.Request
}

// Compare what is wanted with what Entra has: the zero Application where it has none. Holders are those of app roles, as far as they are
// known.
func Compare(d Desired, have entra.Application, holders entra.Observed[[]entra.Assignment]) Difference {
	diff := Difference{have: have, details: map[string]string{}}
	next := d.over(have)
	scopes, roles := editScopes(have, d.scopes), editRoles(have, d.roles, holders)
	next.Scopes, next.AppRoles = scopes.next, roles.next
	diff.Lagging = scopes.lagging || roles.lagging
	diff.Unobserved, diff.HeldRoles = roles.unobserved, roles.held
	diff.details["scopes"], diff.details["appRoles"] = scopes.String(), roles.String()
	diff.details["requiredResourceAccess"] = d.accessDetails(have, next.RequiredAccess)
	diff.Patch = entra.Between(have.ApplicationSettings, next)
	diff.Entries = d.entries(have, diff.Patch)
	diff.Patch = inAudienceOrder(diff.Patch, have, diff.Lagging || diff.Unobserved || len(diff.HeldRoles) > 0)
	return diff
}

// entries are all that the spec asks for. Where there is no application, nothing of it is present.
func (d Desired) entries(have entra.Application, patch entra.ApplicationPatch) []Entry {
	var entries []Entry
	differs := patch.Names()
	for _, f := range fields {
		entries = append(entries, entry(f.path, have.AppID != "" && !slices.Contains(differs, f.property), nil))
	}
	for i, tag := range d.spec.Tags {
		entries = append(entries, entry(fmt.Sprintf("spec.tags[%d]", i), slices.Contains(have.Tags, tag), nil))
	}
	return slices.Concat(entries, d.redirectEntries(have), d.identifierEntries(have), d.entitlementEntries(have),
		d.permissionEntries(have), d.clientEntries(have))
}

func entry(path string, present bool, request policy.Request) Entry {
	return Entry{State: policy.State{Recorded: present, Present: present, Wanted: true}, Path: path, Request: request}
}

func (d Desired) identifierEntries(have entra.Application) []Entry {
	var entries []Entry
	for i, uri := range d.spec.IdentifierURIs {
		path := fmt.Sprintf("spec.identifierURIs[%d]", i)
		present := slices.Contains(have.IdentifierURIs, strings.ReplaceAll(uri, placeholder, have.AppID))
		entries = append(entries, entry(path, present, policy.IdentifierURI{Path: path, URI: uri, AppID: have.AppID}))
	}
	return entries
}

// entitlementEntries are present where Entra has a scope of the value and type, or a role of the value.
func (d Desired) entitlementEntries(have entra.Application) []Entry {
	var entries []Entry
	for i, want := range d.scopes {
		entries = append(entries, entry(fmt.Sprintf("spec.api.scopes[%d]", i), slices.ContainsFunc(have.Scopes, func(s entra.Scope) bool {
			return s.Value == want.entry.Value && s.Type == want.entry.Type
		}), nil))
	}
	for i, want := range d.roles {
		entries = append(entries, entry(fmt.Sprintf("spec.appRoles[%d]", i), slices.ContainsFunc(have.AppRoles, func(r entra.AppRole) bool {
			return r.Value == want.entry.Value
		}), nil))
	}
	return entries
}

// Describe says which properties a patch changes, and how.
func (d Difference) Describe(patch entra.ApplicationPatch) string {
	names := patch.Names()
	for i, name := range names {
		if detail := d.details[name]; detail != "" {
			names[i] = name + " (" + detail + ")"
		}
	}
	return strings.Join(names, ", ")
}

// Revoke is the patch that takes away what policy will not have kept, and nothing else.
func (d Difference) Revoke(excess []policy.Excess) (patch entra.ApplicationPatch, description string) {
	next := d.have.ApplicationSettings
	for _, e := range excess {
		if !e.Revoke {
			continue
		}
		switch request := e.Request.(type) {
		case policy.Redirect:
			uris := platform{name: request.Platform}.in(&next)
			*uris = without(*uris, func(uri string) bool { return redirectSpelling(uri) == redirectSpelling(request.URI) })
		case policy.IdentifierURI:
			filled := strings.ReplaceAll(request.URI, placeholder, d.have.AppID)
			next.IdentifierURIs = without(next.IdentifierURIs, func(uri string) bool { return uri == filled })
		case policy.Declaration:
			next.RequiredAccess = withoutPermission(next.RequiredAccess, request)
		}
	}
	revoked := Difference{details: map[string]string{
		"requiredResourceAccess": fmt.Sprintf("remove %d", countPermissions(d.have.RequiredAccess)-countPermissions(next.RequiredAccess)),
	}}
	patch = entra.Between(d.have.ApplicationSettings, next)
	return patch, revoked.Describe(patch)
}

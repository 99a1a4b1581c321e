package appregistration

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// consumer is a client that the spec trusts or knows.
type consumer struct {
	// index of its entry in the spec's list.
	index  int
	appID  string
	scopes []string
}

// client finds the client ID of an application; empty where it is missing, or not to be used. Named tells whether the application names
// that client already.
func (l *look) client(ctx context.Context, path string, ref v1alpha1.ClientReference, named func(appID string) bool) (appID string) {
	found := &l.world.references
	if ref.AppRegistrationRef == nil {
		return ref.AppID
	}
	app, err := l.resolver().App(ctx, l.obj.Namespace, v1alpha1.AppRegistrationReference{Name: ref.AppRegistrationRef.Name}, path+".appRegistrationRef", "")
	if err == nil && app.TenantName != l.world.Tenant.Name {
		err = elsewhereBound(fmt.Sprintf("AppRegistration %q", app.Name), app.TenantName, l.world.Tenant.Name)
	}
	if err != nil {
		found.miss(path, err)
		return ""
	}
	if !named(app.AppID) && !l.ours(ctx, path, app.AppID, app.Confirm) {
		return ""
	}
	return app.AppID
}

// preAuthorized are the trusted clients with the IDs of their scopes. Only a scope that Entra has enabled, and that is to stay so, may
// be referenced anew: one that is new comes a round before its reference, one that leaves is un-referenced when it is disabled. One
// that somebody disabled keeps the references that it has, and is enabled again.
func (d desired) preAuthorized(have entra.ApplicationSettings) []entra.PreAuthorized {
	ids := map[string]string{}
	for i := range have.Scopes {
		f := scopeFacts(&have.Scopes[i])
		at := match(d.scopes, f, scopeFacts)
		if at >= 0 && d.scopes[at].entry.Enabled && (*f.enabled || referenced(have.PreAuthorized, *f.id)) {
			ids[*f.value] = *f.id
		}
	}
	var clients []entra.PreAuthorized
	for _, client := range d.references.trusted {
		var scopes []string
		for _, value := range client.scopes {
			if id, there := ids[value]; there {
				scopes = append(scopes, id)
			}
		}
		if len(scopes) > 0 {
			clients = laidOver(clients, []entra.PreAuthorized{{AppID: client.appID, Scopes: scopes}}, preAuthorizedKey, joinPreAuthorized)
		}
	}
	return clients
}

func referenced(clients []entra.PreAuthorized, scopeID string) bool {
	return slices.ContainsFunc(clients, func(client entra.PreAuthorized) bool { return slices.Contains(client.Scopes, scopeID) })
}

// knownClients are client IDs.
func (d desired) knownClients() []string {
	var ids []string
	for _, client := range d.references.known {
		ids = append(ids, client.appID)
	}
	return distinct(ids, strings.ToLower)
}

func preAuthorizedKey(p entra.PreAuthorized) string { return strings.ToLower(p.AppID) }

func joinPreAuthorized(a, b entra.PreAuthorized) entra.PreAuthorized {
	a.Scopes = distinct(append(slices.Clone(a.Scopes), b.Scopes...), strings.ToLower)
	return a
}

// invalidClients : scopes that the API has not, and what Entra takes for personal accounts.
func invalidClients(spec v1alpha1.AppRegistrationSpec) []string {
	const maxScopes, maxTotal = 30, 500
	if spec.API == nil {
		return nil
	}
	var (
		faults []string
		total  int
		own    []reference.Permission
	)
	for _, scope := range spec.API.Scopes {
		own = append(own, reference.Permission{Value: scope.Value})
	}
	for i, client := range spec.API.PreAuthorizedClients {
		path := fmt.Sprintf("spec.api.preAuthorizedClients[%d].scopes", i)
		total += len(client.Scopes)
		for n, value := range client.Scopes {
			if !slices.ContainsFunc(own, func(p reference.Permission) bool { return p.Value == value }) {
				faults = append(faults, fmt.Sprintf("%s[%d]: this API has no scope %+q; %s", path, n, value, reference.Nearest(value, own)))
			}
		}
		if personal(audience(spec)) && len(client.Scopes) > maxScopes {
			faults = append(faults, fmt.Sprintf("%s: at most %d scopes a client %s", path, maxScopes, forPersonal))
		}
	}
	if personal(audience(spec)) && total > maxTotal {
		faults = append(faults, fmt.Sprintf("spec.api.preAuthorizedClients: at most %d scopes in all %s", maxTotal, forPersonal))
	}
	return faults
}

package appregistration

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// news is the spec without what is there already: entries of lists are emptied in their place, so that paths stay right.
func news(obj *v1alpha1.AppRegistration, world World) v1alpha1.AppRegistrationSpec {
	fresh := *obj.Spec.DeepCopy()
	if !world.application.IsPresent() {
		return fresh
	}
	app := world.application.Value
	unless(&fresh.DisplayName, fresh.DisplayName == app.DisplayName)
	unless(&fresh.Description, fresh.Description == app.Description)
	unless(&fresh.SignInAudience, string(fresh.SignInAudience) == app.SignInAudience)
	unless(&fresh.FallbackPublicClient, app.FallbackPublicClient)
	unless(&fresh.ManagementPolicy, true)
	unless(&fresh.TenantRef, obj.Status.TenantName != "" && fresh.TenantRef != nil && fresh.TenantRef.Name == obj.Status.TenantName)
	unless(&fresh.Lock, sameLock(lock(fresh.Lock), app.Lock))
	unless(&fresh.ServicePrincipal, sameAssignment(fresh.ServicePrincipal, world.principal))
	unless(&fresh.Secret, sameSecret(obj, world))
	for i := range fresh.Tags {
		unless(&fresh.Tags[i], slices.Contains(app.Tags, fresh.Tags[i]))
	}
	for i := range fresh.AppRoles {
		value := fresh.AppRoles[i].Value
		if slices.ContainsFunc(app.AppRoles, func(r entra.AppRole) bool { return r.Value == value }) {
			fresh.AppRoles[i] = v1alpha1.AppRole{}
		}
	}
	if fresh.API != nil {
		newAPI(fresh.API, world)
	}
	return fresh
}

// unless empties a field that is nothing new.
func unless[T any](field *T, old bool) {
	if old {
		*field = *new(T)
	}
}

func newAPI(api *v1alpha1.API, world World) {
	app, found := world.application.Value, world.references
	if version := api.RequestedAccessTokenVersion; version != nil && *version == app.AccessTokenVersion {
		api.RequestedAccessTokenVersion = nil
	}
	for i, scope := range api.Scopes {
		kind := string(cmp.Or(scope.Type, v1alpha1.ScopeAdmin))
		if slices.ContainsFunc(app.Scopes, func(s entra.Scope) bool { return s.Value == scope.Value && s.Type == kind }) {
			api.Scopes[i] = v1alpha1.Scope{}
		}
	}
	for _, client := range found.trusted {
		if client.trustedBy(app) {
			api.PreAuthorizedClients[client.index] = v1alpha1.PreAuthorizedClient{}
		}
	}
	for _, client := range found.known {
		if slices.ContainsFunc(app.KnownClients, func(id string) bool { return strings.EqualFold(id, client.appID) }) {
			api.KnownClients[client.index] = v1alpha1.ClientReference{}
		}
	}
}

// trustedBy : the client is pre-authorized for all the scopes of its entry.
func (c consumer) trustedBy(app entra.Application) bool {
	return slices.ContainsFunc(app.PreAuthorized, func(have entra.PreAuthorized) bool {
		return strings.EqualFold(have.AppID, c.appID) && !slices.ContainsFunc(c.scopes, func(value string) bool {
			return !slices.ContainsFunc(app.Scopes, func(s entra.Scope) bool { return s.Value == value && slices.Contains(have.Scopes, s.ID) })
		})
	})
}

func sameAssignment(spec *v1alpha1.ServicePrincipal, principal entra.Observed[entra.ServicePrincipal]) bool {
	return spec != nil && spec.AssignmentRequired != nil && principal.IsPresent() && *spec.AssignmentRequired == principal.Value.AssignmentRequired
}

// sameSecret : the Secret is as the spec says.
func sameSecret(obj *v1alpha1.AppRegistration, world World) bool {
	if obj.Spec.Secret != nil && !yes(obj.Spec.Secret.Enabled) {
		return !belongs(world.secret, obj)
	}
	return belongs(world.secret, obj) && wantedContent(obj, world).heldBy(world.secret)
}

package application

import (
	"strings"

	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// placeholder for the client ID in identifier URIs.
const placeholder = "{appID}"

// References are what a spec names beside the application itself, as far as it was found. What is missing holds up nothing else: two
// applications may refer to each other.
type References struct {
	// Permissions that the spec declares, in its order, each once.
	Permissions []Permission
	// Trusted are the preAuthorizedClients, and Known the knownClients, in the spec's order.
	Trusted, Known []Client
	// Incomplete is true where something was not found: then nobody can tell what of the declared permissions is not wanted any more.
	Incomplete bool
}

// desired is what the spec says of the application, with every default filled in.
type desired struct {
	spec v1alpha1.AppRegistrationSpec
	// settings without what depends on what Entra has: scopes, roles, identifier URIs and references.
	settings   entra.ApplicationSettings
	scopes     []wanted[entra.Scope]
	roles      []wanted[entra.AppRole]
	references References
	// identifierURIs with the placeholder.
	identifierURIs []string
}

func desiredOf(spec v1alpha1.AppRegistrationSpec, id Identity, references References) desired {
	d := desired{
		spec: spec, settings: settings(spec), references: references, identifierURIs: spec.IdentifierURIs,
		scopes: wantedScopes(ptr.Deref(spec.API, v1alpha1.API{}).Scopes, id), roles: wantedRoles(spec.AppRoles, id),
	}
	d.settings.Tags = distinct(append(id.tags(), spec.Tags...), verbatim)
	for _, p := range platforms(spec) {
		*p.in(&d.settings) = distinct(p.uris, redirectSpelling)
	}
	if len(d.identifierURIs) == 0 && len(d.scopes)+len(d.roles) > 0 {
		d.identifierURIs = []string{"api://" + placeholder}
	}
	return d
}

// assignmentRequired by default for an API for applications alone: roles, but no scopes, and no user signs in to it.
func (d desired) assignmentRequired() bool {
	if d.spec.ServicePrincipal != nil && d.spec.ServicePrincipal.AssignmentRequired != nil {
		return *d.spec.ServicePrincipal.AssignmentRequired
	}
	s := d.settings
	return len(d.roles) > 0 && len(d.scopes) == 0 && len(s.WebRedirectURIs)+len(s.SPARedirectURIs)+len(s.PublicRedirectURIs) == 0
}

// created is what the create call carries: everything but the identifier URIs, which need the client ID, and the clients that are
// pre-authorized for scopes, which must be there first.
func (d desired) created() entra.ApplicationSettings {
	created := d.settings
	created.RequiredAccess, created.KnownClients = d.requiredAccess(nil), d.knownClients()
	for _, scope := range d.scopes {
		created.Scopes = append(created.Scopes, scope.entry)
	}
	for _, role := range d.roles {
		created.AppRoles = append(created.AppRoles, role.entry)
	}
	return created
}

// over lays what is wanted over what Entra has, in Entra's order. Scopes and roles are left as they are.
func (d desired) over(have entra.Application) entra.ApplicationSettings {
	next := normalise(d.settings, have.ApplicationSettings)
	next.IdentifierURIs = reconcileSet(have.IdentifierURIs, d.identifierURIsOf(have.AppID), verbatim)
	next.Tags = reconcileSet(have.Tags, d.settings.Tags, verbatim)
	for _, p := range platforms(d.spec) {
		*p.in(&next) = reconcileSet(*p.in(&have.ApplicationSettings), *p.in(&d.settings), redirectSpelling)
	}
	next.Scopes, next.AppRoles = have.Scopes, have.AppRoles
	next.RequiredAccess = d.requiredAccess(have.RequiredAccess)
	next.PreAuthorized = reconcileByKey(have.PreAuthorized, d.preAuthorized(have.ApplicationSettings), preAuthorizedKey, keepScopeOrder)
	next.KnownClients = reconcileSet(have.KnownClients, d.knownClients(), strings.ToLower)
	return next
}

func (d desired) identifierURIsOf(appID string) []string {
	uris := make([]string, len(d.identifierURIs))
	for i, uri := range d.identifierURIs {
		uris[i] = strings.ReplaceAll(uri, placeholder, appID)
	}
	return distinct(uris, verbatim)
}

package appregistration

import (
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// desired is what the spec says with every default filled in.
type desired struct {
	// settings without scopes, roles and identifier URIs: these depend on what Entra has.
	settings entra.ApplicationSettings
	scopes   []wanted[entra.Scope]
	roles    []wanted[entra.AppRole]
	// identifierURIs with the placeholder {appID}.
	identifierURIs     []string
	assignmentRequired bool
	// tags of the service principal that must be there; others may be.
	principalTags []string
	// references to other applications, as far as they were found.
	references references
}

func want(spec v1alpha1.AppRegistrationSpec, id identity, found references) desired {
	d := desired{
		settings: entra.ApplicationSettings{
			DisplayName: spec.DisplayName, Description: spec.Description, SignInAudience: string(audience(spec)),
			Tags:               distinct(append(id.tags(), spec.Tags...), verbatim),
			AccessTokenVersion: tokenVersion(spec), Lock: lock(spec.Lock),
			WebRedirectURIs: redirects(spec.Web), SPARedirectURIs: redirects(spec.SPA), PublicRedirectURIs: redirects(spec.PublicClient),
			FallbackPublicClient: spec.FallbackPublicClient,
		},
		scopes: wantedScopes(spec.API, id), roles: wantedRoles(spec.AppRoles, id),
		identifierURIs: spec.IdentifierURIs,
		principalTags:  append([]string{entra.TagListed}, id.tags()...),
		references:     found,
	}
	if len(d.identifierURIs) == 0 && len(d.scopes)+len(d.roles) > 0 {
		d.identifierURIs = []string{"api://" + placeholder}
	}
	d.assignmentRequired = assignmentRequired(spec, d)
	return d
}

// created is what the create call carries: everything but the identifier URIs, which need the client ID, and the clients that are
// pre-authorized for scopes, which must be there first.
func (d desired) created() entra.ApplicationSettings {
	settings := d.settings
	settings.RequiredAccess, settings.KnownClients = d.requiredAccess(nil), d.knownClients()
	for _, scope := range d.scopes {
		settings.Scopes = append(settings.Scopes, scope.entry)
	}
	for _, role := range d.roles {
		settings.AppRoles = append(settings.AppRoles, role.entry)
	}
	return settings
}

// placeholder for the client ID in identifier URIs.
const placeholder = "{appID}"

func (d desired) identifierURIsOf(appID string) []string {
	uris := make([]string, len(d.identifierURIs))
	for i, uri := range d.identifierURIs {
		uris[i] = strings.ReplaceAll(uri, placeholder, appID)
	}
	return distinct(uris, verbatim)
}

func tokenVersion(spec v1alpha1.AppRegistrationSpec) int32 {
	if spec.API == nil || spec.API.RequestedAccessTokenVersion == nil {
		return 2
	}
	return *spec.API.RequestedAccessTokenVersion
}

// assignmentRequired by default for an API for applications alone: roles, but no scopes, and no user signs in to it.
func assignmentRequired(spec v1alpha1.AppRegistrationSpec, d desired) bool {
	if spec.ServicePrincipal != nil && spec.ServicePrincipal.AssignmentRequired != nil {
		return *spec.ServicePrincipal.AssignmentRequired
	}
	s := d.settings
	return len(d.roles) > 0 && len(d.scopes) == 0 && len(s.WebRedirectURIs)+len(s.SPARedirectURIs)+len(s.PublicRedirectURIs) == 0
}

func yes(value *bool) bool { return value == nil || *value }

// lock is on for all properties where the spec says nothing else.
func lock(spec *v1alpha1.Lock) entra.Lock {
	if spec == nil {
		spec = &v1alpha1.Lock{}
	}
	if !yes(spec.Enabled) {
		return entra.Lock{}
	}
	all := yes(spec.AllProperties)
	return entra.Lock{
		Enabled: true, AllProperties: all,
		CredentialsWithUsageSign:   all || spec.CredentialsWithUsageSign,
		CredentialsWithUsageVerify: all || spec.CredentialsWithUsageVerify,
		TokenEncryptionKeyID:       all || spec.TokenEncryptionKeyID,
	}
}

// sameLock compares what the locks do: single properties mean nothing where the lock is off, or on for all of them.
func sameLock(a, b entra.Lock) bool {
	switch {
	case a.Enabled != b.Enabled:
		return false
	case !a.Enabled, a.AllProperties && b.AllProperties:
		return true
	default:
		return a == b
	}
}

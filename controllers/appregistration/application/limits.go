package application

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// forPersonal is why some limits are lower.
const forPersonal = "with a signInAudience for personal accounts"

// faults are what Entra would refuse, field by field, as far as it can be known here: above all its limits on sums, which a schema
// cannot check.
type faults []string

// check adds a fault where something is wrong.
func (f *faults) check(wrong bool, format string, args ...any) {
	if wrong {
		*f = append(*f, fmt.Sprintf(format, args...))
	}
}

func (d desired) faults() []string {
	const maxManifest = 1200 // entries of all collections together
	var f faults
	access := d.requiredAccess(nil)
	f.checkRedirects(d.spec)
	f.checkIDs(d)
	f.checkPermissions(d, access)
	f.checkClients(d.spec)
	if personal(d.spec) {
		f.checkPersonal(d.spec)
	}
	s := d.settings
	entries := len(d.scopes) + len(d.roles) + len(d.identifierURIs) + len(s.Tags) +
		len(s.WebRedirectURIs) + len(s.SPARedirectURIs) + len(s.PublicRedirectURIs) +
		len(access) + countPermissions(access) + len(d.references.Trusted) + len(d.references.Known)
	f.check(entries > maxManifest, "spec: %d entries in all lists together, and Entra takes %d", entries, maxManifest)
	return f
}

// checkRedirects finds the same URI on two platforms, and too many in all.
func (f *faults) checkRedirects(spec v1alpha1.AppRegistrationSpec) {
	limit := 256
	if personal(spec) {
		limit = 100
	}
	first := map[string]string{}
	for _, p := range platforms(spec) {
		for i, uri := range p.uris {
			before, twice := first[redirectSpelling(uri)]
			f.check(twice && !strings.HasPrefix(before, "spec."+string(p.name)+"."),
				"%s: the same URI is %s already: a redirect URI belongs to one platform", p.path(i), before)
			if !twice {
				first[redirectSpelling(uri)] = p.path(i)
			}
		}
	}
	f.check(len(first) > limit, "spec: %d redirect URIs on all platforms together, and Entra takes %d", len(first), limit)
}

// checkIDs finds IDs that two entries would have.
func (f *faults) checkIDs(d desired) {
	first := map[string]string{}
	check := func(id, path string) {
		if before, twice := first[id]; twice {
			f.check(true, "%s: the ID %s is that of %s already", path, id, before)
			return
		}
		first[id] = path
	}
	for i := range d.scopes {
		check(d.scopes[i].entry.ID, fmt.Sprintf("spec.api.scopes[%d].id", i))
	}
	for i := range d.roles {
		check(d.roles[i].entry.ID, fmt.Sprintf("spec.appRoles[%d].id", i))
	}
}

// checkPermissions finds more permissions or APIs than Entra takes. What is missing does not count yet.
func (f *faults) checkPermissions(d desired, access []entra.RequiredAccess) {
	const maxPersonalAPI, maxAPIs, maxForeign = 30, 50, 10
	limit, because := 400, ""
	if personal(d.spec) {
		limit, because = 200, " "+forPersonal
		for _, api := range access {
			n := len(api.Scopes) + len(api.AppRoles)
			f.check(n > maxPersonalAPI, "spec.permissions: %d permissions of API %s, and Entra takes %d%s", n, api.ResourceAppID, maxPersonalAPI, because)
		}
	}
	n := countPermissions(access)
	f.check(n > limit, "spec.permissions: %d permissions in all, and Entra takes %d%s", n, limit, because)
	f.check(len(access) > maxAPIs, "spec.permissions: %d APIs, and Entra takes %d", len(access), maxAPIs)
	foreign := map[string]bool{}
	for _, p := range d.references.Permissions {
		if p.API.Foreign {
			foreign[p.API.AppID] = true
		}
	}
	f.check(len(foreign) > maxForeign, "spec.permissions: %d APIs that are registered in other tenants, and Entra takes %d", len(foreign), maxForeign)
}

// checkClients finds scopes that the API has not, and more than Entra takes for personal accounts.
func (f *faults) checkClients(spec v1alpha1.AppRegistrationSpec) {
	const maxScopes, maxTotal = 30, 500
	if spec.API == nil {
		return
	}
	var own []reference.Permission
	for _, scope := range spec.API.Scopes {
		own = append(own, reference.Permission{Value: scope.Value})
	}
	total := 0
	for i, client := range spec.API.PreAuthorizedClients {
		path := fmt.Sprintf("spec.api.preAuthorizedClients[%d].scopes", i)
		total += len(client.Scopes)
		for n, value := range client.Scopes {
			if !slices.ContainsFunc(own, func(p reference.Permission) bool { return p.Value == value }) {
				f.check(true, "%s[%d]: this API has no scope %+q; %s", path, n, value, reference.Nearest(value, own))
			}
		}
		f.check(personal(spec) && len(client.Scopes) > maxScopes, "%s: at most %d scopes a client %s", path, maxScopes, forPersonal)
	}
	f.check(personal(spec) && total > maxTotal, "spec.api.preAuthorizedClients: at most %d scopes in all %s", maxTotal, forPersonal)
}

// checkPersonal finds what applications for personal Microsoft accounts cannot have.
func (f *faults) checkPersonal(spec v1alpha1.AppRegistrationSpec) {
	const maxName, maxScopes, maxScope, maxURI = 90, 100, 40, 120
	f.check(len([]rune(spec.DisplayName)) > maxName, "spec.displayName: at most %d characters %s", maxName, forPersonal)
	f.check(len(spec.AppRoles) > 0, "spec.appRoles: no app roles %s", forPersonal)
	f.check(tokenVersion(spec) != 2, "spec.api.requestedAccessTokenVersion: must be 2 %s", forPersonal)
	for i, uri := range spec.IdentifierURIs {
		filled := strings.ReplaceAll(uri, placeholder, strings.Repeat("0", len("00000000-0000-0000-0000-000000000000")))
		f.check(len(filled) > maxURI || strings.HasPrefix(uri, "urn:") || strings.ContainsAny(uri, "*?#"),
			"spec.identifierURIs[%d]: at most %d characters, no urn:, wildcard, query or fragment %s", i, maxURI, forPersonal)
	}
	for _, p := range platforms(spec) {
		for i, uri := range p.uris {
			f.check(strings.ContainsAny(uri, "*?"), "%s: no wildcard and no query %s", p.path(i), forPersonal)
		}
	}
	if spec.API != nil {
		f.check(len(spec.API.Scopes) > maxScopes, "spec.api.scopes: at most %d scopes %s", maxScopes, forPersonal)
		for i, scope := range spec.API.Scopes {
			f.check(len(scope.Value) > maxScope, "spec.api.scopes[%d].value: at most %d characters %s", i, maxScope, forPersonal)
		}
	}
}

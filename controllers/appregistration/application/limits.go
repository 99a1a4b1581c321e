package application

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Entra's limits on sums, which a schema cannot check.
const (
	maxRedirects         = 256
	maxPersonalRedirects = 100
	maxManifest          = 1200 // entries of all collections together

	forPersonal = "with a signInAudience for personal accounts"
)

// faults are what Entra would refuse, field by field, as far as it can be known here.
func (d desired) faults() []string {
	access := d.requiredAccess(nil)
	faults := slices.Concat(redirectFaults(d.spec), d.idFaults(), permissionFaults(d.spec, access), d.apiFaults(access), clientFaults(d.spec))
	if personal(d.spec) {
		faults = append(faults, personalFaults(d.spec)...)
	}
	s := d.settings
	entries := len(d.scopes) + len(d.roles) + len(d.identifierURIs) + len(s.Tags) +
		len(s.WebRedirectURIs) + len(s.SPARedirectURIs) + len(s.PublicRedirectURIs) +
		len(access) + countPermissions(access) + len(d.references.Trusted) + len(d.references.Known)
	if entries > maxManifest {
		faults = append(faults, fmt.Sprintf("spec: %d entries in all lists together, and Entra takes %d", entries, maxManifest))
	}
	return faults
}

// redirectFaults are the same URI on two platforms, or too many in all.
func redirectFaults(spec v1alpha1.AppRegistrationSpec) []string {
	var faults []string
	first := map[string]string{}
	total, limit := 0, maxRedirects
	if personal(spec) {
		limit = maxPersonalRedirects
	}
	for _, p := range platforms(spec) {
		for i, uri := range p.uris {
			before, twice := first[redirectSpelling(uri)]
			if twice && !strings.HasPrefix(before, p.path(0)[:len("spec.")+len(p.name)]) {
				faults = append(faults, fmt.Sprintf("%s: the same URI is %s already: a redirect URI belongs to one platform", p.path(i), before))
			}
			if !twice {
				first[redirectSpelling(uri)] = p.path(i)
				total++
			}
		}
	}
	if total > limit {
		faults = append(faults, fmt.Sprintf("spec: %d redirect URIs on all platforms together, and Entra takes %d", total, limit))
	}
	return faults
}

// idFaults are IDs that two entries would have.
func (d desired) idFaults() []string {
	var faults []string
	first := map[string]string{}
	check := func(id, path string) {
		if before, twice := first[id]; twice {
			faults = append(faults, fmt.Sprintf("%s: the ID %s is that of %s already", path, id, before))
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
	return faults
}

// personalFaults are what applications for personal Microsoft accounts cannot have.
func personalFaults(spec v1alpha1.AppRegistrationSpec) []string {
	const maxName, maxScopes, maxScope, maxURI = 90, 100, 40, 120
	var faults []string
	fault := func(wrong bool, path, text string, args ...any) {
		if wrong {
			faults = append(faults, path+": "+fmt.Sprintf(text, args...)+" "+forPersonal)
		}
	}
	fault(len([]rune(spec.DisplayName)) > maxName, "spec.displayName", "at most %d characters", maxName)
	fault(len(spec.AppRoles) > 0, "spec.appRoles", "no app roles")
	fault(tokenVersion(spec) != 2, "spec.api.requestedAccessTokenVersion", "must be 2")
	for i, uri := range spec.IdentifierURIs {
		filled := strings.ReplaceAll(uri, placeholder, strings.Repeat("0", len("00000000-0000-0000-0000-000000000000")))
		fault(len(filled) > maxURI || strings.HasPrefix(uri, "urn:") || strings.ContainsAny(uri, "*?#"),
			fmt.Sprintf("spec.identifierURIs[%d]", i), "at most %d characters, no urn:, wildcard, query or fragment", maxURI)
	}
	for _, p := range platforms(spec) {
		for i, uri := range p.uris {
			fault(strings.ContainsAny(uri, "*?"), p.path(i), "no wildcard and no query")
		}
	}
	if spec.API != nil {
		fault(len(spec.API.Scopes) > maxScopes, "spec.api.scopes", "at most %d scopes", maxScopes)
		for i, scope := range spec.API.Scopes {
			fault(len(scope.Value) > maxScope, fmt.Sprintf("spec.api.scopes[%d].value", i), "at most %d characters", maxScope)
		}
	}
	return faults
}

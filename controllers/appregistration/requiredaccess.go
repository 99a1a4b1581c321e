package appregistration

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// requiredAccess are the declared permissions, one entry an API, in the order that Entra has. While something is missing, nothing that
// is declared is taken away: it may be what is missing.
func (d desired) requiredAccess(have []entra.RequiredAccess) []entra.RequiredAccess {
	var wanted []entra.RequiredAccess
	for _, p := range d.references.permissions {
		wanted = laidOver(wanted, []entra.RequiredAccess{p.access()}, accessKey, addAccess)
	}
	if !d.references.complete() {
		wanted = laidOver(wanted, have, accessKey, addAccess)
	}
	return inOrder(have, wanted, accessKey, func(have, wanted entra.RequiredAccess) entra.RequiredAccess {
		have.Scopes = asList(have.Scopes, wanted.Scopes, strings.ToLower)
		have.AppRoles = asList(have.AppRoles, wanted.AppRoles, strings.ToLower)
		return have
	})
}

func (p permission) access() entra.RequiredAccess {
	access := entra.RequiredAccess{ResourceAppID: p.api.AppID}
	if p.kind == v1alpha1.PermissionApplication {
		access.AppRoles = []string{p.id}
	} else {
		access.Scopes = []string{p.id}
	}
	return access
}

func accessKey(a entra.RequiredAccess) string { return strings.ToLower(a.ResourceAppID) }

func addAccess(a, b entra.RequiredAccess) entra.RequiredAccess {
	a.Scopes = distinct(slices.Concat(a.Scopes, b.Scopes), strings.ToLower)
	a.AppRoles = distinct(slices.Concat(a.AppRoles, b.AppRoles), strings.ToLower)
	return a
}

// references brings what the application names beside itself to what is wanted.
func (c *change) references(have entra.Application, d desired) {
	access := d.requiredAccess(have.RequiredAccess)
	if setList(&c.patch.RequiredAccess, have.RequiredAccess, access) {
		c.words = append(c.words, "requiredResourceAccess ("+d.accessWords(have, access)+")")
	}
	clients := inOrder(have.PreAuthorized, d.preAuthorized(have.ApplicationSettings), preAuthorizedKey, func(have, wanted entra.PreAuthorized) entra.PreAuthorized {
		have.Scopes = asList(have.Scopes, wanted.Scopes, strings.ToLower)
		return have
	})
	if setList(&c.patch.PreAuthorized, have.PreAuthorized, clients) {
		c.words = append(c.words, "preAuthorizedApplications")
	}
	if next := asSet(have.KnownClients, d.knownClients(), strings.ToLower); next != nil {
		c.patch.KnownClients = next
		c.words = append(c.words, "knownClientApplications")
	}
	if have.FallbackPublicClient != d.settings.FallbackPublicClient {
		c.patch.FallbackPublicClient = &d.settings.FallbackPublicClient
		c.words = append(c.words, "isFallbackPublicClient")
	}
}

// setList puts a list into a patch where it differs.
func setList[T any](field **[]T, have, next []T) bool {
	if len(have) == 0 && len(next) == 0 || reflect.DeepEqual(have, next) {
		return false
	}
	list := slices.Concat([]T{}, next) // nil would be no value in the patch
	*field = &list
	return true
}

// accessWords say what is declared by name, and how many are taken away: of these only IDs are known.
func (d desired) accessWords(have entra.Application, next []entra.RequiredAccess) string {
	var parts, added []string
	for _, p := range d.references.permissions {
		if !declares(have, p.api.AppID, p.kind, p.id) {
			added = append(added, p.value)
		}
	}
	if len(added) > 0 {
		parts = append(parts, "add "+some(added))
	}
	if gone := count(have.RequiredAccess) + len(added) - count(next); gone > 0 {
		parts = append(parts, fmt.Sprintf("remove %d", gone))
	}
	return strings.Join(parts, ", ")
}

// count of permissions.
func count(list []entra.RequiredAccess) int {
	total := 0
	for _, access := range list {
		total += len(access.Scopes) + len(access.AppRoles)
	}
	return total
}

// invalidAccess : more than Entra takes. What is missing does not count yet.
func invalidAccess(spec v1alpha1.AppRegistrationSpec, access []entra.RequiredAccess) []string {
	const maxAll, maxPersonal, maxPersonalAPI = 400, 200, 30
	var faults []string
	limit, because := maxAll, ""
	if personal(audience(spec)) {
		limit, because = maxPersonal, " "+forPersonal
		for _, api := range access {
			if n := len(api.Scopes) + len(api.AppRoles); n > maxPersonalAPI {
				faults = append(faults, fmt.Sprintf("spec.permissions: %d permissions of API %s, and Entra takes %d%s", n, api.ResourceAppID, maxPersonalAPI, because))
			}
		}
	}
	if n := count(access); n > limit {
		faults = append(faults, fmt.Sprintf("spec.permissions: %d permissions in all, and Entra takes %d%s", n, limit, because))
	}
	return faults
}

// invalidAPIs : more of them than Entra takes, in all or of other tenants.
func invalidAPIs(access []entra.RequiredAccess, found references) []string {
	const maxAPIs, maxElsewhere = 50, 10
	var faults []string
	if len(access) > maxAPIs {
		faults = append(faults, fmt.Sprintf("spec.permissions: %d APIs, and Entra takes %d", len(access), maxAPIs))
	}
	elsewhere := map[string]bool{}
	for _, p := range found.permissions {
		if p.api.Elsewhere {
			elsewhere[p.api.AppID] = true
		}
	}
	if len(elsewhere) > maxElsewhere {
		faults = append(faults, fmt.Sprintf("spec.permissions: %d APIs that are registered in other tenants, and Entra takes %d", len(elsewhere), maxElsewhere))
	}
	return faults
}

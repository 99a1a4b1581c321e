package application

import (
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// permissionFaults are more permissions than Entra takes. What is missing does not count yet.
func permissionFaults(spec v1alpha1.AppRegistrationSpec, access []entra.RequiredAccess) []string {
	const maxAll, maxPersonal, maxPersonalAPI = 400, 200, 30
	var faults []string
	limit, because := maxAll, ""
	if personal(spec) {
		limit, because = maxPersonal, " "+forPersonal
		for _, api := range access {
			if n := len(api.Scopes) + len(api.AppRoles); n > maxPersonalAPI {
				faults = append(faults, fmt.Sprintf("spec.permissions: %d permissions of API %s, and Entra takes %d%s", n, api.ResourceAppID, maxPersonalAPI, because))
			}
		}
	}
	if n := countPermissions(access); n > limit {
		faults = append(faults, fmt.Sprintf("spec.permissions: %d permissions in all, and Entra takes %d%s", n, limit, because))
	}
	return faults
}

// apiFaults are more APIs than Entra takes, in all or of other tenants.
func (d desired) apiFaults(access []entra.RequiredAccess) []string {
	const maxAPIs, maxForeign = 50, 10
	var faults []string
	if len(access) > maxAPIs {
		faults = append(faults, fmt.Sprintf("spec.permissions: %d APIs, and Entra takes %d", len(access), maxAPIs))
	}
	foreign := map[string]bool{}
	for _, p := range d.references.Permissions {
		if p.API.Foreign {
			foreign[p.API.AppID] = true
		}
	}
	if len(foreign) > maxForeign {
		faults = append(faults, fmt.Sprintf("spec.permissions: %d APIs that are registered in other tenants, and Entra takes %d", len(foreign), maxForeign))
	}
	return faults
}

// clientFaults are scopes that the API has not, and what Entra takes for personal accounts.
func clientFaults(spec v1alpha1.AppRegistrationSpec) []string {
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
		if personal(spec) && len(client.Scopes) > maxScopes {
			faults = append(faults, fmt.Sprintf("%s: at most %d scopes a client %s", path, maxScopes, forPersonal))
		}
	}
	if personal(spec) && total > maxTotal {
		faults = append(faults, fmt.Sprintf("spec.api.preAuthorizedClients: at most %d scopes in all %s", maxTotal, forPersonal))
	}
	return faults
}

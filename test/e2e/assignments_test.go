package e2e

import (
	"slices"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// assignedRoles are the values of an API's roles that a principal has, past all lag.
func assignedRoles(e *env.Env, principal, api *v1alpha1.AppRegistration) []string {
	e.T.Helper()
	var roles []string
	for _, entry := range e.Tenant.Directory().Snapshot().Live {
		if entry.Kind != directory.Assignment || entry.Properties["principalId"] != principal.Status.ServicePrincipalObjectID {
			continue
		}
		for _, role := range api.Status.AppRoles {
			if entry.Properties["appRoleId"] == role.ID {
				roles = append(roles, role.Value)
			}
		}
	}
	slices.Sort(roles)
	return roles
}

func TestAssignment_SharedRoleStaysWhileAnyoneNamesIt(t *testing.T) {
	t.Parallel()
	for lag, options := range map[string][]env.Option{"without lag": nil, "with lag": {env.WithMostLag}} {
		t.Run(lag, func(t *testing.T) {
			t.Parallel()
			e := env.New(t, options...)
			api, worker := e.AppRegistration("orders-api", with.AppRoles("Read", "Write", "Admin")), e.AppRegistration("orders-worker")
			e.Cluster.Create(api, worker)
			e.Status.WaitReady(api, worker)
			e.SkipTenMinutes()
			e.Tenant.GiveRole(api.Status.ServicePrincipalObjectID, worker.Status.ServicePrincipalObjectID, roleIDOf(api, "Admin"))

			first := e.Assignment("first", "orders-worker", "orders-api", "Read", "Write")
			second := e.Assignment("second", "orders-worker", "orders-api", "Read")
			e.Cluster.Create(first, second)
			e.Status.WaitReady(first, second)
			env.CheckEqual(t, "both", []string{"Admin", "Read", "Write"}, assignedRoles(e, worker, api))
			e.SkipTenMinutes()
			env.Edit(e.Cluster, first, func(o *v1alpha1.AppRoleAssignment) { o.Spec.Roles = []string{"Read"} })
			e.Status.WaitReady(first)
			env.CheckEqual(t, "one names less", []string{"Admin", "Read"}, assignedRoles(e, worker, api))
			e.Remove(first)
			env.CheckEqual(t, "one left", []string{"Admin", "Read"}, assignedRoles(e, worker, api))
			e.Remove(second)
			env.CheckEqual(t, "both left", []string{"Admin"}, assignedRoles(e, worker, api))

			e.Requests.Reset()
			third := e.Assignment("third", "orders-worker", "orders-api", "Admin")
			e.Cluster.Create(third)
			e.Status.WaitReady(third)
			e.Requests.CheckNoWrites() // the role is there already
			e.SkipTenMinutes()
			e.Remove(third)
			env.CheckEqual(t, "what an object named goes with it", []string(nil), assignedRoles(e, worker, api))
		})
	}
}

func roleIDOf(api *v1alpha1.AppRegistration, value string) string {
	for _, role := range api.Status.AppRoles {
		if role.Value == value {
			return role.ID
		}
	}
	return ""
}

package e2e

import (
	"slices"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// rolesOf a principal are the values of the roles of an API that it has, past all lag.
func (s *stage) rolesOf(principal, api *v1alpha1.AppRegistration) []string {
	s.t.Helper()
	var roles []string
	for _, entry := range s.entra.Directory().Snapshot().Live {
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

func TestAnAssignmentIsSharedAndNobodyLosesWhatIsTheirs(t *testing.T) {
	t.Parallel()
	for weather, props := range map[string][]prop{"without lag": nil, "with lag": {lagging}} {
		t.Run(weather, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, props...)
			api, worker := s.app("orders-api", exposing("Read", "Write", "Admin")), s.app("orders-worker")
			s.create(api, worker)
			s.ready(api, worker)
			s.later()
			s.gives(api.Status.ServicePrincipalObjectID, worker.Status.ServicePrincipalObjectID, roleIDOf(api, "Admin"))

			first := s.assignment("first", "orders-worker", "orders-api", "Read", "Write")
			second := s.assignment("second", "orders-worker", "orders-api", "Read")
			s.create(first, second)
			s.ready(first, second)
			same(t, "both", []string{"Admin", "Read", "Write"}, s.rolesOf(worker, api))
			s.later()
			edit(s, first, func(o *v1alpha1.AppRoleAssignment) { o.Spec.Roles = []string{"Read"} })
			s.ready(first)
			same(t, "one names less", []string{"Admin", "Read"}, s.rolesOf(worker, api))
			s.leaves(first)
			same(t, "one left", []string{"Admin", "Read"}, s.rolesOf(worker, api))
			s.leaves(second)
			same(t, "both left", []string{"Admin"}, s.rolesOf(worker, api))

			s.forget()
			third := s.assignment("third", "orders-worker", "orders-api", "Admin")
			s.create(third)
			s.ready(third)
			s.writesNothing() // what is there is taken as it is
			s.later()
			s.leaves(third)
			same(t, "what an object named goes with it", []string(nil), s.rolesOf(worker, api))
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

package e2e

import (
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// census counts what the operator has in Entra: live and deleted applications, and what hangs on the live ones.
type census struct{ applications, principals, credentials, assignments, deleted int }

// census is taken past all lag. The operator's own objects, and Microsoft's, do not count.
func (s *stage) census() census {
	var c census
	snapshot := s.entra.Directory().Snapshot()
	for _, entry := range snapshot.Live {
		switch {
		case entry.Kind == directory.Assignment && !isGraphs(entry):
			c.assignments++
		case !marked(entry):
		case entry.Kind == directory.Application:
			c.applications++
			c.credentials += len(entry.Federated)
		case entry.Kind == directory.ServicePrincipal:
			c.principals++
		}
	}
	for _, entry := range snapshot.Deleted {
		if entry.Kind == directory.Application {
			c.deleted++
		}
	}
	return c
}

// isGraphs : one of the permissions that the operator itself was given in Microsoft Graph.
func isGraphs(entry directory.Entry) bool {
	return entry.Properties["resourceDisplayName"] == "Microsoft Graph"
}

// marked : it carries the operator's mark.
func marked(entry directory.Entry) bool {
	tags, _ := entry.Properties["tags"].([]any)
	return slices.Contains(tags, any("managed-by:entra-registrar"))
}

// holds fails where Entra holds anything else.
func (s *stage) holds(want census) {
	s.t.Helper()
	if got := s.census(); got != want {
		s.t.Errorf("Entra holds %+v, want %+v", got, want)
	}
}

// holdsExactly checks that every object has what it says in Entra, once, and that nothing else is there.
func (s *stage) holdsExactly(objs []object) {
	s.t.Helper()
	var want census
	seen := map[string]string{}
	for _, obj := range objs {
		switch o := obj.(type) {
		case *v1alpha1.AppRegistration:
			want.applications++
			want.principals++
			for _, id := range []string{o.Status.ObjectID, o.Status.AppID, o.Status.ServicePrincipalObjectID} {
				if other, taken := seen[id]; taken || id == "" {
					s.t.Errorf("ID %q of %s is also %s's", id, o.Name, other)
				}
				seen[id] = o.Name
			}
		case *v1alpha1.FederatedCredential:
			want.credentials++
		case *v1alpha1.AppRoleAssignment:
			want.assignments += len(o.Spec.Roles)
		default:
			s.t.Fatalf("no census for %s", fmt.Sprintf("%T", obj))
		}
	}
	s.holds(want)
}

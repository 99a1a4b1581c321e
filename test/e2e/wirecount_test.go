package e2e

import (
	"fmt"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestWhatThingsCostOnTheWire(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.ready(s.tenantObject())
	api := s.app("orders-api", scoped("Orders.Read"), exposing("Orders.Read.All"))
	worker := s.app("orders-worker")

	s.forget()
	s.create(api)
	s.ready(api)
	s.costs("a new AppRegistration with a scope and a role", 1, 3)

	s.create(worker, s.account("orders-worker"))
	s.ready(worker)
	s.forget()
	trust := s.trust("orders-worker", "orders-worker", "orders-worker")
	s.create(trust)
	s.ready(trust)
	s.costs("a new FederatedCredential", 1, 1)

	s.forget()
	assignment := s.assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All")
	s.create(assignment)
	s.ready(assignment)
	s.costs("a new AppRoleAssignment", 2, 1)

	s.forget()
	s.look(api)
	s.costs("an AppRegistration in sync", 2, 0)
	s.forget()
	s.look(trust)
	s.costs("a FederatedCredential in sync", 1, 0)
	s.forget()
	s.look(assignment)
	s.costs("an AppRoleAssignment in sync", 2, 0)
}

func TestApplyingTheSameTwiceWritesNothingAnywhere(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for range 2 {
		for _, obj := range s.story() {
			s.apply(obj)
		}
	}
	s.ready(ours(s.story())...)
	s.forget()
	versions := s.versions()
	for _, obj := range s.story() {
		s.apply(obj)
	}
	s.costs("applying the same again", 0, 0)
	for name, version := range s.versions() {
		if versions[name] != version {
			t.Errorf("%s was written: version %s became %s", name, versions[name], version)
		}
	}
}

// look asks for a look at once, and waits until it has happened.
func (s *stage) look(obj object) {
	s.t.Helper()
	token := fmt.Sprintf("%s, after %d reconciles", s.clock.Now(), s.clock.reconciles.Load())
	edit(s, obj, func(o object) { o.SetAnnotations(map[string]string{v1alpha1.ReconcileRequestedAt: token}) })
	s.clock.until(s.t, "a look at "+obj.GetName(), settleTime, func() bool {
		return s.get(obj) && obj.Common().LastHandledReconcileAt == token
	})
}

// versions are the resourceVersions of everything in the stage.
func (s *stage) versions() map[string]string {
	s.t.Helper()
	versions := map[string]string{}
	for _, list := range []client.ObjectList{
		&v1alpha1.AppRegistrationList{}, &v1alpha1.FederatedCredentialList{}, &v1alpha1.AppRoleAssignmentList{},
		&v1alpha1.DelegatedPermissionGrantList{}, secrets(), accounts(),
	} {
		for _, obj := range s.list(list) {
			versions[typeName(obj)+"/"+obj.GetName()] = obj.GetResourceVersion()
		}
	}
	return versions
}

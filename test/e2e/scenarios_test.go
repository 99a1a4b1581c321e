package e2e

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// parts of the story that are in Entra, one by one.
type cast struct {
	api, worker *v1alpha1.AppRegistration
	trust       *v1alpha1.FederatedCredential
	assignment  *v1alpha1.AppRoleAssignment
}

func (s *stage) cast() cast {
	return cast{
		api:        s.app("orders-api", scoped("Orders.Read"), exposing("Orders.Read.All")),
		worker:     s.app("orders-worker"),
		trust:      s.trust("orders-worker", "orders-worker", "orders-worker"),
		assignment: s.assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All"),
	}
}

func (c cast) all() []object { return []object{c.api, c.worker, c.trust, c.assignment} }

// enters creates them one after the other.
func (s *stage) enters() cast {
	s.t.Helper()
	c := s.cast()
	s.ready(s.tenantObject())
	s.create(s.account("orders-worker"))
	for _, obj := range c.all() {
		s.create(obj)
		s.ready(obj)
	}
	return c
}

// leaves deletes objects one after the other.
func (s *stage) leaves(objs ...object) {
	s.t.Helper()
	for _, obj := range objs {
		s.delete(obj)
		s.gone(obj)
	}
}

// later : the moment of a scene does not depend on how long the ones before took.
func (s *stage) later() {
	s.clock.quiet(s.t)
	s.clock.Step(10 * time.Minute)
	s.clock.quiet(s.t)
}

func TestTheWireOfCreatingTheStory(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.cast()
	s.ready(s.tenantObject())
	s.create(s.account("orders-worker"))
	log := s.wireLog("What a user's first YAML makes in Entra, object by object. Each read asks whether it is there already.")
	for i, title := range []string{
		"AppRegistration orders-api, with a scope and a role", "AppRegistration orders-worker, which exposes nothing",
		"FederatedCredential: the worker's ServiceAccount may act for it", "AppRoleAssignment: the worker is given the role",
	} {
		obj := c.all()[i]
		log.scene(title, func() { s.create(obj); s.ready(obj) })
	}
	log.matches("create-story.http")
}

func TestTheWireOfASteadyState(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	log := s.wireLog("A look at what is in sync: reads only.")
	for i, title := range []string{"an API", "a client", "a federated credential", "an assignment"} {
		s.later() // what one read showed is shared for seconds
		obj := c.all()[i]
		log.scene(title, func() { s.look(obj) })
		if writes := s.traffic().writes; len(writes) > 0 {
			t.Errorf("%s in sync was written: %v", title, writes)
		}
	}
	log.matches("steady-state.http")
}

func TestTheWireOfAnEdit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	s.later()
	log := s.wireLog("An edited field is the only thing in the write.")
	log.scene("spec.displayName", func() {
		edit(s, c.api, func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName = "Orders API" })
		s.ready(c.api)
	})
	log.scene("spec.web.redirectURIs and spec.servicePrincipal.assignmentRequired", func() {
		edit(s, c.api, func(o *v1alpha1.AppRegistration) {
			o.Spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/callback"}}
			o.Spec.ServicePrincipal = &v1alpha1.ServicePrincipal{AssignmentRequired: new(true)}
		})
		s.ready(c.api)
	})
	log.scene("a role more, and none less", func() {
		edit(s, c.api, func(o *v1alpha1.AppRegistration) { exposing("Orders.Write.All")(&o.Spec) })
		s.ready(c.api)
	})
	log.scene("FederatedCredential: spec.description", func() {
		edit(s, c.trust, func(o *v1alpha1.FederatedCredential) { o.Spec.Description = "the worker in the shop" })
		s.ready(c.trust)
	})
	log.scene("AppRoleAssignment: another role in place of the first", func() {
		edit(s, c.assignment, func(o *v1alpha1.AppRoleAssignment) { o.Spec.Roles = []string{"Orders.Write.All"} })
		s.ready(c.assignment)
	})
	log.matches("edit.http")
}

func TestTheWireOfRemovingAScopeAndARole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	api := s.app("orders-api", scoped("Orders.Read", "Orders.Write"), exposing("Orders.Read.All", "Orders.Write.All"))
	s.ready(s.tenantObject())
	s.create(api)
	s.ready(api)
	s.later()
	log := s.wireLog("Entra removes only what is disabled: each entry is disabled, seen disabled, and then removed.")
	log.scene("a scope", func() {
		edit(s, api, func(o *v1alpha1.AppRegistration) { o.Spec.API.Scopes = o.Spec.API.Scopes[:1] })
		s.ready(api)
	})
	s.later()
	log.scene("a role, after a look at who holds it", func() {
		edit(s, api, func(o *v1alpha1.AppRegistration) { o.Spec.AppRoles = o.Spec.AppRoles[:1] })
		s.ready(api)
	})
	log.matches("remove-scope.http")
}

func TestTheWireOfDeletion(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	s.delete(s.account("orders-worker")) // an annotation that is removed would wake the credential once more, or not
	s.later()
	log := s.wireLog("Deleted objects take away what they made. An application takes its service principal and all that hangs on it with it.")
	log.scene("AppRoleAssignment", func() { s.leaves(c.assignment) })
	log.scene("FederatedCredential", func() { s.leaves(c.trust) })
	log.scene("AppRegistration orders-worker", func() { s.leaves(c.worker) })
	log.scene("AppRegistration orders-api, whose deletionPolicy is Orphan now", func() {
		edit(s, c.api, func(o *v1alpha1.AppRegistration) { o.Spec.DeletionPolicy = v1alpha1.DeletionOrphan })
		s.ready(c.api)
		s.leaves(c.api)
	})
	log.matches("delete.http")
}

func TestTheWireOfAPurge(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(v1alpha1.PolicyRule{Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{"Purge"}}}))
	worker := s.app("orders-worker", func(spec *v1alpha1.AppRegistrationSpec) { spec.DeletionPolicy = v1alpha1.DeletionPurge })
	s.ready(s.tenantObject())
	s.create(worker)
	s.ready(worker)
	s.later()
	log := s.wireLog("Where a policy allows deletionPolicy: Purge, nothing is left to restore.")
	log.scene("AppRegistration orders-worker", func() { s.leaves(worker) })
	log.matches("purge.http")
}

func TestTheWireOfARestore(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	former := c.worker.Status.ObjectID
	s.leaves(c.assignment, c.trust, c.worker)
	s.later()
	log := s.wireLog("What is deleted and applied again comes back with its client ID, if nobody else had a hand in it.")
	again := s.cast()
	log.scene("AppRegistration orders-worker is restored, looked at, and its service principal with it", func() {
		s.create(again.worker)
		s.clock.Step(time.Minute)
		s.ready(again.worker)
	})
	log.scene("FederatedCredential", func() { s.create(again.trust); s.ready(again.trust) })
	log.scene("AppRoleAssignment", func() { s.create(again.assignment); s.ready(again.assignment) })
	s.leaves(again.assignment, again.trust, again.worker)
	s.somebody(addsAPasswordToTheDeleted, former)
	s.later()
	worker := s.cast().worker
	log.scene("AppRegistration orders-worker, to which somebody has added a password while it was deleted, is made anew", func() {
		s.create(worker)
		s.clock.Step(time.Minute)
		s.ready(worker)
	})
	log.matches("restore.http")
}

func TestTheWireOfASecretThatIsRenamed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	s.later()
	log := s.wireLog("What concerns the cluster alone writes nothing in Entra.")
	log.scene("spec.secret.name", func() {
		edit(s, c.api, func(o *v1alpha1.AppRegistration) { o.Spec.Secret = &v1alpha1.Secret{Name: "orders"} })
		s.ready(c.api)
	})
	log.scene("spec.suspend", func() {
		edit(s, c.worker, func(o *v1alpha1.AppRegistration) { o.Spec.Suspend = true })
		s.has(c.worker, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonSuspended)
	})
	log.matches("secret-renamed.http")
}

func TestTheWireOfARepair(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	s.later()
	log := s.wireLog("What somebody changed in Entra is put right at the next look, and nothing else is touched.")
	log.scene("somebody renamed the application and added a home page, which is theirs", func() {
		s.somebody(patchesTheApplication(map[string]any{"displayName": "Mine", "web": map[string]any{"homePageUrl": "https://example.com"}}), c.api.Status.ObjectID)
		s.look(c.api)
	})
	log.scene("somebody closed the service principal to all that have no role", func() {
		s.somebody(patchesThePrincipal(map[string]any{"appRoleAssignmentRequired": true}), c.api.Status.ServicePrincipalObjectID)
		s.look(c.api)
	})
	log.scene("somebody took the trust away", func() {
		s.somebody(takesTheTrustAway, c.worker.Status.ObjectID)
		s.look(c.trust)
	})
	log.scene("somebody took the role away", func() {
		s.somebody(takesTheRolesAway, c.worker.Status.ServicePrincipalObjectID)
		s.look(c.assignment)
	})
	log.scene("somebody deleted the application: it is restored, and its service principal with it", func() {
		s.somebody(deletesTheApplication, c.worker.Status.ObjectID)
		s.look(c.worker)
		s.ready(c.worker)
	})
	log.matches("repair-drift.http")
}

func TestTheWireOfASquattedName(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if _, err := s.entra.Directory().TakeUniqueName("k8s.c1."+s.namespace+".orders-worker", "squatter"); err != nil {
		t.Fatal(err)
	}
	s.ready(s.tenantObject())
	worker := s.app("orders-worker")
	log := s.wireLog("An application that has our name and is not ours is looked at, and left alone.")
	log.scene("AppRegistration orders-worker", func() {
		s.create(worker)
		s.has(worker, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonConflict)
	})
	log.matches("squatted-name.http")
}

package e2e

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/golden"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

func TestRequests_Create(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.Orders()
	e.Status.WaitReady(e.EntraTenant())
	e.Cluster.Create(e.ServiceAccount("orders-worker"))
	log := golden.NewLog(e, "What a user's first YAML makes in Entra, object by object. Each read asks whether it is there already.")
	for i, title := range []string{
		"AppRegistration orders-api, with a scope and a role", "AppRegistration orders-worker, which exposes nothing",
		"FederatedCredential: the worker's ServiceAccount may act for it", "AppRoleAssignment: the worker is given the role",
	} {
		obj := c.All()[i]
		log.Section(title, func() { e.Cluster.Create(obj); e.Status.WaitReady(obj) })
	}
	log.Check("create-story.http")
}

func TestRequests_SteadyState(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	log := golden.NewLog(e, "A look at what is in sync: reads only.")
	for i, title := range []string{"an API", "a client", "a federated credential", "an assignment"} {
		e.SkipTenMinutes() // answers to reads are shared for seconds
		obj := c.All()[i]
		log.Section(title, func() { e.Reconcile(obj) })
		if writes := e.Requests.Traffic().Writes; len(writes) > 0 {
			t.Errorf("%s in sync was written: %v", title, writes)
		}
	}
	log.Check("steady-state.http")
}

func TestRequests_Edit(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	e.SkipTenMinutes()
	log := golden.NewLog(e, "An edited field is the only thing in the write.")
	log.Section("spec.displayName", func() {
		env.Edit(e.Cluster, c.API, func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName = "Orders API" })
		e.Status.WaitReady(c.API)
	})
	log.Section("spec.web.redirectURIs and spec.servicePrincipal.assignmentRequired", func() {
		env.Edit(e.Cluster, c.API, func(o *v1alpha1.AppRegistration) {
			o.Spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/callback"}}
			o.Spec.ServicePrincipal = &v1alpha1.ServicePrincipal{AssignmentRequired: new(true)}
		})
		e.Status.WaitReady(c.API)
	})
	log.Section("a role more, and none less", func() {
		env.Edit(e.Cluster, c.API, func(o *v1alpha1.AppRegistration) { with.AppRoles("Orders.Write.All")(&o.Spec) })
		e.Status.WaitReady(c.API)
	})
	log.Section("FederatedCredential: spec.description", func() {
		env.Edit(e.Cluster, c.Credential, func(o *v1alpha1.FederatedCredential) { o.Spec.Description = "the worker in the shop" })
		e.Status.WaitReady(c.Credential)
	})
	log.Section("AppRoleAssignment: another role in place of the first", func() {
		env.Edit(e.Cluster, c.Assignment, func(o *v1alpha1.AppRoleAssignment) { o.Spec.Roles = []string{"Orders.Write.All"} })
		e.Status.WaitReady(c.Assignment)
	})
	log.Check("edit.http")
}

func TestRequests_RemoveScopeAndRole(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	api := e.AppRegistration("orders-api", with.Scopes("Orders.Read", "Orders.Write"), with.AppRoles("Orders.Read.All", "Orders.Write.All"))
	e.Status.WaitReady(e.EntraTenant())
	e.Cluster.Create(api)
	e.Status.WaitReady(api)
	e.SkipTenMinutes()
	log := golden.NewLog(e, "Entra removes only what is disabled: each entry is disabled, seen disabled, and then removed.")
	log.Section("a scope", func() {
		env.Edit(e.Cluster, api, func(o *v1alpha1.AppRegistration) { o.Spec.API.Scopes = o.Spec.API.Scopes[:1] })
		e.Status.WaitReady(api)
	})
	e.SkipTenMinutes()
	log.Section("a role, after a look at who holds it", func() {
		env.Edit(e.Cluster, api, func(o *v1alpha1.AppRegistration) { o.Spec.AppRoles = o.Spec.AppRoles[:1] })
		e.Status.WaitReady(api)
	})
	log.Check("remove-scope.http")
}

func TestRequests_Delete(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	e.Cluster.Delete(e.ServiceAccount("orders-worker")) // else removing its annotation may cause one more reconcile of the credential
	e.SkipTenMinutes()
	log := golden.NewLog(e, "Deleted objects take away what they made. An application takes its service principal and all that hangs on it with it.")
	log.Section("AppRoleAssignment", func() { e.Remove(c.Assignment) })
	log.Section("FederatedCredential", func() { e.Remove(c.Credential) })
	log.Section("AppRegistration orders-worker", func() { e.Remove(c.Worker) })
	log.Section("AppRegistration orders-api, whose deletionPolicy is Orphan now", func() {
		env.Edit(e.Cluster, c.API, func(o *v1alpha1.AppRegistration) { o.Spec.DeletionPolicy = v1alpha1.DeletionOrphan })
		e.Status.WaitReady(c.API)
		e.Remove(c.API)
	})
	log.Check("delete.http")
}

func TestRequests_Purge(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(v1alpha1.PolicyRule{Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{"Purge"}}}))
	worker := e.AppRegistration("orders-worker", func(spec *v1alpha1.AppRegistrationSpec) { spec.DeletionPolicy = v1alpha1.DeletionPurge })
	e.Status.WaitReady(e.EntraTenant())
	e.Cluster.Create(worker)
	e.Status.WaitReady(worker)
	e.SkipTenMinutes()
	log := golden.NewLog(e, "Where a policy allows deletionPolicy: Purge, nothing is left to restore.")
	log.Section("AppRegistration orders-worker", func() { e.Remove(worker) })
	log.Check("purge.http")
}

func TestRequests_Restore(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	former := c.Worker.Status.ObjectID
	e.Remove(c.Assignment, c.Credential, c.Worker)
	e.SkipTenMinutes()
	log := golden.NewLog(e, "What is deleted and applied again comes back with its client ID, if nobody else had a hand in it.")
	again := e.Orders()
	log.Section("AppRegistration orders-worker is restored, looked at, and its service principal with it", func() {
		e.Cluster.Create(again.Worker)
		e.Clock.Step(time.Minute)
		e.Status.WaitReady(again.Worker)
	})
	log.Section("FederatedCredential", func() { e.Cluster.Create(again.Credential); e.Status.WaitReady(again.Credential) })
	log.Section("AppRoleAssignment", func() { e.Cluster.Create(again.Assignment); e.Status.WaitReady(again.Assignment) })
	e.Remove(again.Assignment, again.Credential, again.Worker)
	e.Tenant.OutOfBand(outofband.AddPasswordToDeleted, former)
	e.SkipTenMinutes()
	worker := e.Orders().Worker
	log.Section("AppRegistration orders-worker, to which somebody has added a password while it was deleted, is made anew", func() {
		e.Cluster.Create(worker)
		e.Clock.Step(time.Minute)
		e.Status.WaitReady(worker)
	})
	log.Check("restore.http")
}

func TestRequests_RenameSecret(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	e.SkipTenMinutes()
	log := golden.NewLog(e, "What concerns the cluster alone writes nothing in Entra.")
	log.Section("spec.secret.name", func() {
		env.Edit(e.Cluster, c.API, func(o *v1alpha1.AppRegistration) { o.Spec.Secret = &v1alpha1.Secret{Name: "orders"} })
		e.Status.WaitReady(c.API)
	})
	log.Section("spec.suspend", func() {
		env.Edit(e.Cluster, c.Worker, func(o *v1alpha1.AppRegistration) { o.Spec.Suspend = true })
		e.Status.WaitCondition(c.Worker, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonSuspended)
	})
	log.Check("secret-renamed.http")
}

func TestRequests_RepairDrift(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	e.SkipTenMinutes()
	log := golden.NewLog(e, "What somebody changed in Entra is put right at the next look, and nothing else is touched.")
	log.Section("somebody renamed the application and added a home page, which is theirs", func() {
		patch := map[string]any{"displayName": "Mine", "web": map[string]any{"homePageUrl": "https://example.com"}}
		e.Tenant.OutOfBand(outofband.PatchApplication(patch), c.API.Status.ObjectID)
		e.Reconcile(c.API)
	})
	log.Section("somebody closed the service principal to all that have no role", func() {
		e.Tenant.OutOfBand(outofband.PatchPrincipal(map[string]any{"appRoleAssignmentRequired": true}), c.API.Status.ServicePrincipalObjectID)
		e.Reconcile(c.API)
	})
	log.Section("somebody took the trust away", func() {
		e.Tenant.OutOfBand(outofband.RemoveFederatedCredential, c.Worker.Status.ObjectID)
		e.Reconcile(c.Credential)
	})
	log.Section("somebody took the role away", func() {
		e.Tenant.OutOfBand(outofband.TakeRoles, c.Worker.Status.ServicePrincipalObjectID)
		e.Reconcile(c.Assignment)
	})
	log.Section("somebody deleted the application: it is restored, and its service principal with it", func() {
		e.Tenant.OutOfBand(outofband.DeleteApplication, c.Worker.Status.ObjectID)
		e.Reconcile(c.Worker)
		e.Status.WaitReady(c.Worker)
	})
	log.Check("repair-drift.http")
}

func TestRequests_SquattedName(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	if _, err := e.Tenant.Directory().TakeUniqueName("k8s.c1."+e.Namespace+".orders-worker", "squatter"); err != nil {
		t.Fatal(err)
	}
	e.Status.WaitReady(e.EntraTenant())
	worker := e.AppRegistration("orders-worker")
	log := golden.NewLog(e, "An application that has our name and is not ours is looked at, and left alone.")
	log.Section("AppRegistration orders-worker", func() {
		e.Cluster.Create(worker)
		e.Status.WaitCondition(worker, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonConflict)
	})
	log.Check("squatted-name.http")
}

package e2e

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/poll"
)

func TestOwnership_RecreatedNamespaceInheritsNothing(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]v1alpha1.DeletionPolicy{
		"the application left alive": v1alpha1.DeletionOrphan,
		"the application deleted":    v1alpha1.DeletionDelete,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			app := e.AppRegistration("orders-api", func(spec *v1alpha1.AppRegistrationSpec) { spec.DeletionPolicy = policy })
			mallory.Cluster.Create(app)
			mallory.Status.WaitReady(app)
			former := app.Status.ObjectID
			mallory.Cluster.Delete(app)
			mallory.Status.WaitGone(app)
			recreateNamespace(e)
			checkUnchanged := e.RecordEntry(former)
			newUser := e.AsTenantUser("heir-" + e.Namespace)
			app = e.AppRegistration("orders-api")
			newUser.Cluster.Create(app)
			if policy == v1alpha1.DeletionOrphan {
				newUser.Status.WaitStalled(app, v1alpha1.ReasonConflict, "k8s-namespace-uid:", former)
			} else {
				newUser.Status.WaitReady(app)
				if app.Status.ObjectID == former {
					t.Error("the former namespace's application was restored for the new one")
				}
			}
			checkUnchanged()
		})
	}
}

// recreateNamespace deletes the namespace, which takes real time, and creates another one of the same name.
func recreateNamespace(e *env.Env) {
	e.T.Helper()
	e.Cluster.Delete(e.NamespaceObject())
	poll.Until(e.T, "the end of the namespace", func() bool { return !e.Cluster.Get(e.NamespaceObject()) })
	e.Cluster.Create(e.NamespaceObject())
}

// plantedCredentials are what an attacker leaves on an application in the hope that the operator adopts it.
var plantedCredentials = map[string]struct {
	plant func(*env.Env) outofband.Edit
	says  string
}{
	"an owner":                {env.AddNewOwner, "owner that is not the operator"},
	"a password":              {func(*env.Env) outofband.Edit { return outofband.AddPassword }, "it has a password"},
	"a key":                   {func(*env.Env) outofband.Edit { return outofband.AddKey }, "it has a key"},
	"a trust in other tokens": {func(*env.Env) outofband.Edit { return outofband.AddFederatedCredential }, `"back-door"`},
}

// What somebody has planted on an application of which the operator has lost the record prevents its adoption, and is
// named.
func TestOwnership_PlantedCredentialPreventsAdoption(t *testing.T) {
	t.Parallel()
	for name, c := range plantedCredentials {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			app, credential := e.AppRegistration("orders-api"), e.FederatedCredential("ours", "orders-api", "orders-api")
			mallory.Cluster.Create(app, credential)
			mallory.Status.WaitReady(app, credential)
			objectID := app.Status.ObjectID
			e.Tenant.OutOfBand(c.plant(e), objectID)
			e.Manager.Stop()
			e.EditStatus(app, neverReconciled(app))
			checkUnchanged := e.RecordTenant()
			e.Manager.Start()
			e.Reconcile(app)
			mallory.Status.WaitStalled(app, v1alpha1.ReasonConflict, c.says, objectID)
			checkUnchanged()
		})
	}
}

// neverReconciled makes an AppRegistration's status what it is before the first reconcile.
func neverReconciled(app *v1alpha1.AppRegistration) func() {
	return func() {
		app.Status = v1alpha1.AppRegistrationStatus{CommonStatus: v1alpha1.CommonStatus{ObservedGeneration: -1}}
	}
}

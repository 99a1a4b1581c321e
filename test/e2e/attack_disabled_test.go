package e2e

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// What others have disabled is never enabled again, and no longer written.
func TestDisabled_ByOthersIsNeverUndone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of  func(env.IDs) string
		set map[string]any
	}{
		"an application by an admin":       {objectIDOf, map[string]any{"isDisabled": true}},
		"an application by Microsoft":      {objectIDOf, map[string]any{"disabledByMicrosoftStatus": "DisabledDueToViolationOfServicesAgreement"}},
		"a service principal by an admin":  {principalIDOf, map[string]any{"accountEnabled": false}},
		"a service principal otherwise":    {principalIDOf, map[string]any{"isDisabled": true}},
		"a service principal by Microsoft": {principalIDOf, map[string]any{"disabledByMicrosoftStatus": "DisabledDueToViolationOfServicesAgreement"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, mallory := env.NewWithTenantUser(t)
			objs := e.OrdersObjects()
			mallory.Cluster.Create(objs...)
			mallory.Status.WaitReady(env.OperatorObjects(objs)...)
			ids := e.IDsOf("orders-api")
			e.Quiet()
			if !e.Tenant.Directory().Set(c.of(ids), c.set) {
				t.Fatal("there is nothing to disable")
			}
			app := e.AppRegistration("orders-api")
			e.Reconcile(app)
			mallory.Status.WaitStalled(app, v1alpha1.ReasonDisabled, ids.AppID, "never undoes")

			checkUnchanged := e.RecordTenant()
			credential := e.FederatedCredential("late", "orders-api", "late")
			assignment := e.Assignment("late", "orders-api", "orders-api", "Orders.Read.All")
			env.Edit(mallory.Cluster, app, func(a *v1alpha1.AppRegistration) {
				a.Spec.DisplayName = "renamed"
				with.AppRoles("Orders.Write.All")(&a.Spec)
			})
			mallory.Cluster.Create(credential, assignment)
			for _, obj := range []env.Object{app, credential, assignment} {
				mallory.Status.WaitStalled(obj, v1alpha1.ReasonDisabled, "disabled in Entra")
			}
			checkUnchanged()

			// Deleting and applying again is no way around it.
			mallory.Cluster.Delete(credential, assignment, app)
			mallory.Status.WaitGone(credential, assignment, app)
			again := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
			mallory.Cluster.Create(again)
			mallory.Status.WaitStalled(again, v1alpha1.ReasonDisabled, ids.AppID)
			for property, value := range c.set {
				if got := e.Tenant.Entry(c.of(ids)).Properties[property]; got != value {
					t.Errorf("%s is %v", property, got)
				}
			}
		})
	}
}

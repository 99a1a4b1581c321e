package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// delayDeletions makes Entra put off every deletion of an application.
func delayDeletions(e *env.Env) {
	e.Tenant.SetFaultFunc(func(r *http.Request, _ int) faults.Fault {
		if r.Method == http.MethodDelete && strings.HasPrefix(r.URL.Path, "/v1.0/applications/") && !strings.Contains(r.URL.Path, "federated") {
			return faults.ServerError(http.StatusServiceUnavailable)
		}
		return faults.Fault{}
	})
}

// waitMessage waits until an object says what it waits for, and lets no more time pass than a watch takes.
func waitMessage(e *env.Env, obj env.Object, what string) {
	e.T.Helper()
	e.Clock.WaitUntil(obj.GetName()+": "+what, time.Minute, func() bool {
		e.Cluster.Get(obj)
		ready := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionReady)
		return ready != nil && ready.Reason == string(v1alpha1.ReasonWaiting) && ready.Message == what
	})
}

// A deletion that begins leaves those that are bound Ready, and takes nobody new.
func TestReferences_DeletionKeepsBoundAndTakesNobodyNew(t *testing.T) {
	t.Parallel()
	for name, deleted := range map[string]string{"the principal": "orders-worker", "the API": "orders-api"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			e.CreateOrdersObjects()
			other := e.AppRegistration("reports", with.AppRoles("Reports.Read.All"))
			e.Cluster.Create(other)
			e.Status.WaitReady(other)
			bound := []env.Object{e.FederatedCredential("orders-worker", "", ""), e.Assignment("orders-worker-reads", "", "")}
			delayDeletions(e)
			e.Cluster.Delete(e.AppRegistration(deleted))
			e.Status.WaitCondition(e.AppRegistration(deleted), v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonDeleting)

			before := e.Status.Conditions(bound)
			for _, obj := range bound {
				e.Reconcile(obj)
			}
			env.CheckReadyUnchanged(t, bound, before, e.Status.Conditions(bound))
			late := []env.Object{
				e.FederatedCredential("late", deleted, "late"),
				e.Assignment("late-principal", deleted, "reports", "Reports.Read.All"),
				e.Assignment("late-api", "reports", "orders-api", "Orders.Read.All"),
			}
			if deleted != "orders-api" {
				late = late[:2]
			}
			for _, obj := range late {
				e.Cluster.Create(obj)
				waitMessage(e, obj, `AppRegistration "`+deleted+`" is being deleted: nothing new is bound to it`)
			}

			e.Tenant.SetFaultFunc(nil)
			e.Status.WaitGone(e.AppRegistration(deleted))
			for _, obj := range append(late, bound[1]) {
				waitMessage(e, obj, `AppRegistration "`+deleted+`" does not exist`)
			}
			for _, obj := range append(late, bound...) {
				e.Cluster.Delete(obj)
			}
			for _, obj := range append(late, bound...) {
				e.Status.WaitGone(obj)
			}
			e.Tenant.CheckInventory(env.Inventory{Applications: 2, Principals: 2, Deleted: 1})
		})
	}
}

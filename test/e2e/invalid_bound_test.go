package e2e

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// A second credential of the same ServiceAccount says which is the first.
func TestFederatedCredential_SecondNamesFirst(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	worker, first := e.AppRegistration("orders-worker"), e.FederatedCredential("first", "orders-worker", "orders-worker")
	e.Cluster.Create(worker, first)
	e.Status.WaitReady(worker, first)
	e.Requests.Reset()
	second := e.FederatedCredential("second", "orders-worker", "orders-worker")
	e.Cluster.Create(second)
	message := e.Status.WaitCondition(second, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonConflict)
	e.Status.CheckMessage(message, "system:serviceaccount:"+e.Namespace+":orders-worker", e.Namespace+"/first", "once")
	e.Clock.PassHours(3 * time.Hour)
	e.Requests.CheckNoWrites()

	e.Cluster.Delete(first)
	e.Status.WaitGone(first)
	e.Reconcile(second)
	e.Status.WaitReady(second)
	e.Tenant.CheckInventory(env.Inventory{Applications: 1, Principals: 1, Credentials: 1})
}

// A role that applications cannot have is given once they can.
func TestAssignment_WaitsUntilRoleIsForApplications(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		close func(*v1alpha1.AppRole)
		says  string
	}{
		"for users only": {
			func(r *v1alpha1.AppRole) { r.AllowedMemberTypes = []v1alpha1.MemberType{v1alpha1.MemberUser} },
			"add Application to its allowedMemberTypes",
		},
		"disabled": {func(r *v1alpha1.AppRole) { r.Enabled = new(bool) }, "enable it there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			api, worker := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All")), e.AppRegistration("orders-worker")
			open := api.Spec.DeepCopy()
			c.close(&api.Spec.AppRoles[0])
			e.Cluster.Create(api, worker)
			e.Status.WaitReady(api, worker)
			e.Requests.Reset()
			assignment := e.Assignment("orders-worker", "orders-worker", "orders-api", "Orders.Read.All")
			e.Cluster.Create(assignment)
			message := e.Status.WaitCondition(assignment, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
			e.Status.CheckMessage(message, "Orders.Read.All", "orders-api", c.says)
			e.Clock.PassHours(3 * time.Hour)
			e.Requests.CheckNoWrites()

			env.Edit(e.Cluster, api, func(obj *v1alpha1.AppRegistration) { obj.Spec = *open })
			if took := e.Status.WaitReady(assignment); took > time.Minute {
				t.Errorf("recovered after %s", took)
			}
			e.Tenant.CheckInventory(env.Inventory{Applications: 2, Principals: 2, Assignments: 1})
		})
	}
}

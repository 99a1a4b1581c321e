package e2e

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

// A deletion that begins in an outage ends after it.
func TestDeletion_EndsAfterOutage(t *testing.T) {
	t.Parallel()
	for _, name := range env.SomeOutages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outage := env.Outages[name]
			e := env.New(t)
			objs := e.CreateOrdersObjects()
			e.Clock.PassMinutes(2 * time.Minute)
			outage.Begin(e)
			e.Cluster.Delete(objs...)
			e.Clock.PassMinutes(env.OutageDuration)
			for _, obj := range env.OperatorObjects(objs) {
				if outage.Total && !e.Cluster.Get(obj) {
					t.Errorf("%s is gone, and Entra was never told", obj.GetName())
				}
			}
			outage.End(e)
			e.Status.WaitGone(objs...)
			e.Tenant.CheckInventory(env.Inventory{Deleted: 2})
			e.Clock.CheckNoHotLoop()
		})
	}
}

// The objects of an abandoned tenant are let go without a call.
func TestDeletion_AbandonedTenantIsNotCalled(t *testing.T) {
	t.Parallel()
	for name, abandonedFirst := range map[string]bool{"abandoned, then deleted": true, "deleted, then abandoned": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			objs := e.CreateOrdersObjects()
			e.Quiet()
			e.Tenant.SetDown(true)
			if !abandonedFirst {
				e.Cluster.Delete(objs...)
				e.Cluster.Delete(e.EntraTenant())
				e.Clock.PassMinutes(env.OutageDuration)
			}
			e.Tenant.ResetExchanges()
			env.Edit(e.Cluster, e.EntraTenant(), func(tenant *v1alpha1.EntraTenant) { tenant.Spec.Abandoned = true })
			if abandonedFirst {
				message := e.Status.WaitCondition(e.AppRegistration("orders-api"), v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
				if !strings.Contains(message, "is abandoned") {
					t.Errorf("the message does not say why nothing happens: %s", message)
				}
			}
			e.Cluster.Delete(objs...)
			e.Cluster.Delete(e.EntraTenant())
			e.Status.WaitGone(objs...)
			e.Status.WaitGone(e.EntraTenant())
			e.Quiet()
			if calls := e.Tenant.Exchanges(); len(calls) > 0 {
				t.Errorf("an abandoned tenant was called: %+v", calls)
			}
			e.Tenant.CheckInventory(env.OrdersInventory)
		})
	}
}

func TestDeletion_OrphanStaysInEntra(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	worker := e.AppRegistration("orders-worker", func(spec *v1alpha1.AppRegistrationSpec) { spec.DeletionPolicy = v1alpha1.DeletionOrphan })
	e.Cluster.Create(worker)
	e.Status.WaitReady(worker)
	e.Requests.Reset()
	e.Cluster.Delete(worker)
	e.Status.WaitGone(worker)
	e.Requests.CheckCost("the deletion of an orphan", 0, 0)
	e.Tenant.CheckInventory(env.Inventory{Applications: 1, Principals: 1})
}

// What stops an object's ordinary path must not stop its deletion.
func TestDeletion_IsNotStoppedByRefusals(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(*env.Env, []client.Object){
		"suspended": func(e *env.Env, _ []client.Object) {
			env.Edit(e.Cluster, e.AppRegistration("orders-api"), func(o *v1alpha1.AppRegistration) { o.Spec.Suspend = true })
			env.Edit(e.Cluster, e.AppRegistration("orders-worker"), func(o *v1alpha1.AppRegistration) { o.Spec.Suspend = true })
			env.Edit(e.Cluster, e.FederatedCredential("orders-worker", "", ""), func(o *v1alpha1.FederatedCredential) { o.Spec.Suspend = true })
			env.Edit(e.Cluster, e.Assignment("orders-worker-reads", "", ""), func(o *v1alpha1.AppRoleAssignment) { o.Spec.Suspend = true })
			e.Status.WaitCondition(e.AppRegistration("orders-api"), v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonSuspended)
		},
		"denied": func(e *env.Env, _ []client.Object) {
			for _, name := range []string{"orders-api", "orders-worker"} {
				env.Edit(e.Cluster, e.AppRegistration(name), func(o *v1alpha1.AppRegistration) {
					o.Spec.SignInAudience = v1alpha1.AudienceMultipleOrgs
				})
				e.Status.WaitCondition(e.AppRegistration(name), v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonDenied)
			}
		},
		"disabled in Entra": func(e *env.Env, _ []client.Object) {
			for _, name := range []string{"orders-api", "orders-worker"} {
				e.Tenant.Directory().Set(e.IDsOf(name).PrincipalID, map[string]any{"accountEnabled": false})
				e.Reconcile(e.AppRegistration(name))
				e.Status.WaitCondition(e.AppRegistration(name), v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonDisabled)
			}
		},
		"a kind that is switched off": func(e *env.Env, _ []client.Object) {
			e.Manager.Settings.AppRoleAssignments = false
			e.Manager.Restart()
			e.Status.WaitCondition(e.Assignment("orders-worker-reads", "", ""), v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonDisabled)
		},
		"a tenant that takes the namespace no more": func(e *env.Env, _ []client.Object) {
			env.Edit(e.Cluster, e.EntraTenant(), func(o *v1alpha1.EntraTenant) { o.Spec.Namespaces = nil })
			message := e.Status.WaitCondition(e.AppRegistration("orders-api"), v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
			if !strings.Contains(message, e.Namespace) {
				e.T.Errorf("the message does not name the namespace: %s", message)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			objs := e.CreateOrdersObjects()
			refuse(e, objs)
			e.Cluster.Delete(e.Assignment("orders-worker-reads", "", ""), e.FederatedCredential("orders-worker", "", ""))
			e.Status.WaitGone(e.Assignment("orders-worker-reads", "", ""), e.FederatedCredential("orders-worker", "", ""))
			e.Tenant.CheckInventory(env.Inventory{Applications: 2, Principals: 2})
			e.Cluster.Delete(objs...)
			e.Status.WaitGone(objs...)
			e.Tenant.CheckInventory(env.Inventory{Deleted: 2})
		})
	}
}

package e2e

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/poll"
)

// The kube-controller-manager empties namespaces in real time: these are emptied side by side.
func TestDeletion_NamespaceWithEverythingInIt(t *testing.T) {
	t.Parallel()
	nothing := func(*env.Env) {}
	cases := []struct{ before, during func(*env.Env) }{
		{before: nothing, during: nothing},
		{before: deleteTenant, during: nothing},
		{before: nothing, during: func(e *env.Env) { e.Cluster.Delete(e.EntraTenant()) }},
		{before: env.Outages["nobody answers"].Begin, during: waitOutOutage},
		{before: env.Outages["lag of half a minute"].Begin, during: nothing},
	}
	envs := make([]*env.Env, len(cases))
	for i, c := range cases {
		e := env.New(t)
		envs[i] = e
		e.CreateOrdersObjects()
		e.Clock.PassMinutes(2 * time.Minute)
		c.before(e)
		e.Cluster.Delete(e.NamespaceObject())
	}
	for i, e := range envs {
		waitDeletionStarted(e)
		cases[i].during(e)
	}
	for _, e := range envs {
		e.Status.WaitGone(e.OrdersObjects()...)
		e.Tenant.CheckInventory(env.Inventory{Deleted: 2})
		e.Cluster.Delete(e.EntraTenant())
		e.Status.WaitGone(e.EntraTenant())
		e.Clock.CheckNoHotLoop()
	}
	for _, e := range envs {
		poll.Until(t, "the end of the namespace", func() bool { return !e.Cluster.Get(e.NamespaceObject()) })
	}
}

// deleteTenant deletes it while objects name it.
func deleteTenant(e *env.Env) {
	e.T.Helper()
	e.Cluster.Delete(e.EntraTenant())
	message := e.Status.WaitCondition(e.EntraTenant(), v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonDeleting)
	if !strings.Contains(message, "held by 4 objects") {
		e.T.Errorf("the tenant does not say what holds it: %s", message)
	}
}

// waitOutOutage fails where anything was let go meanwhile.
func waitOutOutage(e *env.Env) {
	e.T.Helper()
	e.Clock.PassMinutes(env.OutageDuration)
	for _, obj := range env.OperatorObjects(e.OrdersObjects()) {
		if !e.Cluster.Get(obj) {
			e.T.Errorf("%s is gone, and Entra was never told", obj.GetName())
		}
	}
	e.Tenant.SetDown(false)
}

// waitDeletionStarted waits until the namespace's deletion has reached all objects of ours in it.
func waitDeletionStarted(e *env.Env) {
	e.T.Helper()
	objs := env.OperatorObjects(e.OrdersObjects())
	poll.Until(e.T, "the deletion of the namespace's objects", func() bool {
		for _, obj := range objs {
			if e.Cluster.Get(obj) && obj.GetDeletionTimestamp().IsZero() {
				return false
			}
		}
		return true
	})
}

package e2e

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// patchesPerOutage is how many versions of an object one outage may cause: one when it begins, one when it ends.
const patchesPerOutage = 2

// createMany creates applications, and for the first of them federated credentials, and roles of the next one.
func createMany(e *env.Env, apps, trusts, assignments int) []env.Object {
	e.T.Helper()
	var objs []env.Object
	name := func(i int) string { return fmt.Sprintf("app-%02d", i%apps) }
	for i := range apps {
		objs = append(objs, e.AppRegistration(name(i), with.AppRoles("Orders.Read.All")))
	}
	for i := range trusts {
		objs = append(objs, e.FederatedCredential(name(i), name(i), name(i)))
	}
	for i := range assignments {
		objs = append(objs, e.Assignment(name(i), name(i), name(i+1), "Orders.Read.All"))
	}
	for _, obj := range objs {
		e.Cluster.Create(obj)
	}
	e.Status.WaitReady(objs...)
	return objs
}

// reconcileEveryMinute has a resync in every outage.
func reconcileEveryMinute(e *env.Env) {
	e.T.Helper()
	env.Edit(e.Cluster, e.EntraTenant(), func(tenant *v1alpha1.EntraTenant) {
		tenant.Spec.ResyncInterval = &metav1.Duration{Duration: time.Minute}
	})
	e.Clock.PassMinutes(2 * time.Minute)
}

// An outage of ten minutes leaves Ready as it is, and costs each object at most two statuses.
func TestOutage_LeavesReadyObjectsReady(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(env.Outages)) {
		apps, trusts, assignments := 2, 1, 1
		if name == "nobody answers" {
			apps, trusts, assignments = 40, 30, 30
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			objs := append(createMany(e, apps, trusts, assignments), env.Object(e.EntraTenant()))
			reconcileEveryMinute(e)
			before, seen := e.Status.Conditions(objs), e.StatusWatch.Versions()

			env.Outages[name].Begin(e)
			e.Clock.PassMinutes(env.OutageDuration)
			during := e.Status.Conditions(objs)
			env.Outages[name].End(e)
			e.Status.WaitSynced(objs...)

			env.CheckReadyUnchanged(t, objs, before, during)
			env.CheckReadyUnchanged(t, objs, before, e.Status.Conditions(objs))
			unaware := slices.IndexFunc(during, func(p env.Conditions) bool { return p.Synced })
			if env.Outages[name].Total && unaware >= 0 {
				t.Errorf("%s does not say that it may be out of sync", objs[unaware].GetName())
			}
			for key, count := range e.StatusWatch.Versions() {
				if count-seen[key] > patchesPerOutage {
					t.Errorf("the status of %s was written %d times", key, count-seen[key])
				}
			}
			e.Clock.CheckNoHotLoop()
		})
	}
}

func TestOutage_WorkUnderWayGoesOnAfterIt(t *testing.T) {
	t.Parallel()
	for _, name := range env.SomeOutages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			api := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
			e.Cluster.Create(api)
			e.Status.WaitReady(api)
			e.Clock.PassMinutes(2 * time.Minute)

			env.Outages[name].Begin(e)
			env.Edit(e.Cluster, api, func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName = "Orders, renamed" })
			rest := []env.Object{e.AppRegistration("orders-worker"), e.FederatedCredential("orders-worker", "orders-worker", "orders-worker"),
				e.Assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All")}
			for _, obj := range rest {
				e.Cluster.Create(obj)
			}
			e.Clock.PassMinutes(env.OutageDuration + time.Minute)
			if env.Outages[name].Total {
				e.Status.WaitCondition(api, v1alpha1.ConditionReady, metav1.ConditionUnknown, syncedReason(e, api))
				e.Status.WaitCondition(api, v1alpha1.ConditionStalled, metav1.ConditionTrue, syncedReason(e, api))
			}
			env.Outages[name].End(e)
			e.Status.WaitReady(append(rest, api)...)
			e.Tenant.CheckInventory(env.OrdersInventory)
			e.Clock.CheckNoHotLoop()
		})
	}
}

// syncedReason is that of an object's Synced condition.
func syncedReason(e *env.Env, obj env.Object) v1alpha1.Reason {
	e.T.Helper()
	e.Cluster.Get(obj)
	synced := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionSynced)
	if synced == nil {
		e.T.Fatalf("%s has no Synced condition", obj.GetName())
	}
	return v1alpha1.Reason(synced.Reason)
}

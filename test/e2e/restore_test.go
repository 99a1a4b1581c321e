package e2e

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// What is deleted and applied again comes back with its IDs.
func TestRestore_AppliedAgainKeepsIDs(t *testing.T) {
	t.Parallel()
	for name, option := range env.Lags {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t, option)
			objs := e.CreateOrdersObjects()
			before := []env.IDs{e.IDsOf("orders-api"), e.IDsOf("orders-worker")}
			e.Cluster.Delete(objs...)
			e.Status.WaitGone(objs...)
			e.Tenant.CheckInventory(env.Inventory{Deleted: 2})

			e.ApplyOrdersObjects()
			after := []env.IDs{e.IDsOf("orders-api"), e.IDsOf("orders-worker")}
			if diff := cmp.Diff(before, after, cmp.AllowUnexported(env.IDs{})); diff != "" {
				t.Error("IDs, before - after +\n" + diff)
			}
			e.CheckClientID("orders-worker")
		})
	}
}

func TestRestore_PurgedAndAppliedAgainIsNew(t *testing.T) {
	t.Parallel()
	for name, option := range env.Lags {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t, option)
			objs := e.CreateOrdersObjects()
			before := []env.IDs{e.IDsOf("orders-api"), e.IDsOf("orders-worker")}
			e.Cluster.Delete(objs...)
			e.Status.WaitGone(objs...)
			e.Clock.Pass(time.Minute) // so that they are seen in the deleted items
			for _, app := range before {
				e.Tenant.OutOfBand(outofband.Purge, app.ObjectID)
			}
			e.CreateOrdersObjects()
			for i, after := range []env.IDs{e.IDsOf("orders-api"), e.IDsOf("orders-worker")} {
				if after.AppID == before[i].AppID || after.ObjectID == before[i].ObjectID || after.PrincipalID == before[i].PrincipalID {
					t.Errorf("what was purged cannot come back: %+v became %+v", before[i], after)
				}
				if after.UniqueName != before[i].UniqueName {
					t.Errorf("the name %s is free, but %s was taken", before[i].UniqueName, after.UniqueName)
				}
			}
			e.Tenant.CheckInventory(env.OrdersInventory)
			e.CheckClientID("orders-worker")
		})
	}
}

// An application that others have changed is not restored.
func TestRestore_NotOfWhatOthersHaveChanged(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]struct{ before, after func(*env.Env) outofband.Edit }{
		"a password added before the deletion": {before: func(*env.Env) outofband.Edit { return outofband.AddPassword }},
		"an owner added before the deletion":   {before: env.AddNewOwner},
		"a trust added before the deletion":    {before: func(*env.Env) outofband.Edit { return outofband.AddFederatedCredential }},
		"a password added to the deleted one":  {after: func(*env.Env) outofband.Edit { return outofband.AddPasswordToDeleted }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			worker := e.AppRegistration("orders-worker")
			e.Cluster.Create(worker)
			e.Status.WaitReady(worker)
			former := e.IDsOf("orders-worker")
			if act.before != nil {
				e.Tenant.OutOfBand(act.before(e), former.ObjectID)
			}
			e.Cluster.Delete(worker)
			e.Status.WaitGone(worker)
			if act.after != nil {
				e.Tenant.OutOfBand(act.after(e), former.ObjectID)
			}
			worker = e.AppRegistration("orders-worker")
			e.Cluster.Create(worker)
			e.Status.WaitReady(worker)
			next := e.IDsOf("orders-worker")
			if want := former.UniqueName + "_" + string(worker.UID)[:8]; next.UniqueName != want {
				t.Errorf("the next name is %s, want %s", next.UniqueName, want)
			}
			e.WaitEvent(worker, former.AppID, next.AppID)
			e.Tenant.CheckInventory(env.Inventory{Applications: 1, Principals: 1, Deleted: 1})
			e.Requests.Reset()
			e.Reconcile(worker)
			e.Requests.CheckCost("an application under the next name", 2, 0)
			e.Cluster.Delete(worker)
			e.Status.WaitGone(worker)
			e.Tenant.CheckInventory(env.Inventory{Deleted: 2})
		})
	}
}

// A restored application that somebody changes before the operator has recorded it is a conflict.
func TestRestore_ChangedBeforeRecordedIsConflict(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	worker := e.AppRegistration("orders-worker")
	e.Cluster.Create(worker)
	e.Status.WaitReady(worker)
	former := e.IDsOf("orders-worker")
	e.Cluster.Delete(worker)
	e.Status.WaitGone(worker)

	e.Tenant.SetFaultFunc(breakAfter("/restore"))
	worker = e.AppRegistration("orders-worker")
	e.Cluster.Create(worker)
	e.Clock.WaitUntil("the restore", time.Hour, func() bool { return e.Tenant.Inventory().Applications == 1 })
	e.Tenant.CheckInventory(env.Inventory{Applications: 1})
	e.Tenant.OutOfBand(outofband.AddFederatedCredential, former.ObjectID)
	e.Tenant.SetFaultFunc(nil)
	e.Manager.Restart()
	message := e.Status.WaitCondition(worker, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonConflict)
	if !strings.Contains(message, "back-door") || !strings.Contains(message, former.ObjectID) {
		t.Errorf("the message does not say what was found and where: %s", message)
	}
	e.Tenant.CheckInventory(env.Inventory{Applications: 1, Credentials: 1})
}

// breakAfter breaks every connection after the first request whose path ends so.
func breakAfter(end string) faults.Func {
	var broken atomic.Bool
	return func(r *http.Request, _ int) faults.Fault {
		if broken.Load() {
			return faults.ConnectionReset()
		}
		broken.Store(strings.HasSuffix(r.URL.Path, end))
		return faults.Fault{}
	}
}

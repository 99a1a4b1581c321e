package e2e

import (
	"fmt"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

// A crash after any write leaves nothing behind and loses nothing.
func TestCrash_AfterAnyWriteLosesNothing(t *testing.T) {
	t.Parallel()
	undisturbed := env.New(t)
	undisturbed.Cluster.Create(undisturbed.OrdersObjects()...)
	undisturbed.Status.WaitReady(env.OperatorObjects(undisturbed.OrdersObjects())...)
	undisturbed.Quiet()
	writes := undisturbed.Wire.Writes()
	t.Logf("undisturbed, this takes %d writes", writes)
	for k := 1; k <= writes; k++ {
		for name, lost := range map[string]bool{"the answer lost": true, "the answer received": false} {
			t.Run(fmt.Sprintf("write %d, %s", k, name), func(t *testing.T) {
				t.Parallel()
				e := env.New(t, env.WithCrash(k, lost))
				objs := createUntilCrash(e)
				e.Manager.Restart()
				e.Status.WaitReady(env.OperatorObjects(objs)...)
				e.Tenant.CheckInventory(env.OrdersInventory)
			})
		}
		t.Run(fmt.Sprintf("write %d, deleted before the restart", k), func(t *testing.T) {
			t.Parallel()
			e := env.New(t, env.WithCrash(k, true))
			objs := createUntilCrash(e)
			e.Cluster.Delete(objs...)
			e.Manager.Restart()
			e.Status.WaitGone(objs...)
			if left := e.Tenant.Inventory(); left.Applications+left.Principals+left.Credentials+left.Assignments > 0 {
				t.Errorf("left in Entra: %+v", left)
			}
		})
	}
}

// createUntilCrash creates the orders objects and waits for the crash. Not every run needs every write: where all are Ready first, there is
// nothing left to crash at.
func createUntilCrash(e *env.Env) []client.Object {
	e.T.Helper()
	objs := e.OrdersObjects()
	e.Cluster.Create(objs...)
	e.Clock.WaitUntil("the crash", env.SettleTime, func() bool { return e.Wire.Crashed() || e.Status.AllReady(env.OperatorObjects(objs)...) })
	return objs
}

package e2e

import (
	"fmt"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// appCount is how many applications there are.
const appCount = 50

// withLagAndFaults has a directory that lags by up to half a minute, and a fault in every tenth request.
func withLagAndFaults(_ *env.Env, o *emulator.Options) {
	o.Seed = 7
	o.Lag = directory.Lag{Min: 0, Max: 30 * time.Second}
	o.Faults = faults.Random{Rate: 0.1, Kinds: []string{"429", "503", "reset", "commit-then-500", "concurrency"}}
}

func TestScale_FiftyApplicationsThroughLagAndFaults(t *testing.T) {
	t.Parallel()
	e := env.New(t, withLagAndFaults)
	var objs []env.Object
	for i := range appCount {
		name := fmt.Sprintf("app-%02d", i)
		api := fmt.Sprintf("app-%02d", (i+1)%appCount) // each calls the next one
		objs = append(objs,
			e.AppRegistration(name, with.AppRoles("Orders.Read.All")), e.FederatedCredential(name, name, name),
			e.Assignment(name, name, api, "Orders.Read.All"))
	}
	for _, obj := range objs {
		e.Cluster.Create(obj)
	}
	took := e.Status.WaitReady(objs...)
	at, most := e.Clock.Busiest()
	t.Logf("%d objects took %s of the clock, %d reconciles (at most %d of one object in a minute), %d exchanges",
		len(objs), took, e.Clock.Reconciles(), most, len(e.Tenant.Exchanges()))
	if most > 10 {
		t.Errorf("a hot loop: %s %s was reconciled %d times in a minute", at.Controller, at.Object, most)
	}
	e.Tenant.CheckInventoryOf(objs)

	e.Tenant.SetLag(directory.Lag{})
	e.Tenant.SetFaults(faults.Random{})
	for _, obj := range objs {
		e.Cluster.Delete(obj)
	}
	gone := make([]client.Object, len(objs))
	for i, obj := range objs {
		gone[i] = obj
	}
	e.Status.WaitGone(gone...)
	e.Tenant.CheckInventory(env.Inventory{Deleted: appCount})
}

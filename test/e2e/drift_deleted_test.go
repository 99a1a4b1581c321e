package e2e

import (
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
)

// ownWritesRemembered is for how long a read that shows what the operator has overwritten counts as stale.
const ownWritesRemembered = 5 * time.Minute

// waitRepaired reconciles all objects, and lets time pass until Entra holds what it should and all are Ready.
func waitRepaired(e *env.Env, objs []env.Object, want env.Inventory) time.Duration {
	e.T.Helper()
	begun := e.Clock.Now()
	for _, obj := range objs {
		e.Reconcile(obj)
	}
	e.Clock.WaitUntil("the repair", 2*env.SettleTime, func() bool { return e.Tenant.Inventory() == want })
	took := e.Clock.Since(begun)
	e.Quiet()
	e.Status.WaitReady(e.Refresh(objs)...)
	return took
}

func TestDrift_DeletedInEntraIsRepaired(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit  outofband.Edit
		to    func(env.IDs) string
		keeps bool          // the client ID
		after time.Duration // at least, from the reconcile
	}{
		"an application, softly":         {edit: outofband.DeleteApplication, to: objectIDOf, keeps: true},
		"an application, purged":         {edit: outofband.PurgeApplication, to: objectIDOf, after: 5 * time.Minute},
		"a service principal, softly":    {edit: outofband.DeletePrincipal, to: principalIDOf, keeps: true},
		"a service principal, purged":    {edit: outofband.PurgePrincipal, to: principalIDOf, keeps: true, after: 5 * time.Minute},
		"a federated credential":         {edit: outofband.RemoveFederatedCredential, to: objectIDOf, keeps: true},
		"the roles given to a principal": {edit: outofband.TakeRoles, to: principalIDOf, keeps: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			objs := env.OperatorObjects(e.CreateOrdersObjects())
			before := e.IDsOf("orders-worker")
			e.Clock.PassMinutes(ownWritesRemembered)
			e.Tenant.OutOfBand(c.edit, c.to(before))
			took := waitRepaired(e, objs, env.OrdersInventory)
			after := e.IDsOf("orders-worker")
			t.Logf("repaired after %s", took)
			if took < c.after {
				t.Errorf("repaired after %s: what was missed for less than %s is not gone", took, c.after)
			}
			if c.keeps != (before.AppID == after.AppID) {
				t.Errorf("client ID %s became %s", before.AppID, after.AppID)
			}
			e.CheckClientID("orders-worker")
			e.Clock.Pass(time.Minute)
			e.Requests.Reset()
			for _, obj := range objs {
				e.Reconcile(obj)
			}
			e.Requests.CheckCost("another reconcile of all", 7, 0)
		})
	}
}

func objectIDOf(ids env.IDs) string    { return ids.ObjectID }
func principalIDOf(ids env.IDs) string { return ids.PrincipalID }

func TestDrift_PurgedAPIIsCreatedAgainWithItsAssignments(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	objs := env.OperatorObjects(e.CreateOrdersObjects())
	before := e.IDsOf("orders-api")
	e.Clock.PassMinutes(ownWritesRemembered)
	e.Tenant.OutOfBand(outofband.PurgeApplication, before.ObjectID)
	waitRepaired(e, objs, env.OrdersInventory)
	assignment := &v1alpha1.AppRoleAssignment{ObjectMeta: e.Assignment("orders-worker-reads", "", "").ObjectMeta}
	if e.Cluster.Get(assignment); assignment.Status.APIObjectID != e.IDsOf("orders-api").PrincipalID {
		t.Errorf("the assignment is of API %s, and the API is %s now", assignment.Status.APIObjectID, e.IDsOf("orders-api").PrincipalID)
	}
}

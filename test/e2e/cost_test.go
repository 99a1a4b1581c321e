package e2e

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

func TestCost_OfEachKind(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	e.Status.WaitReady(e.EntraTenant())
	api := e.AppRegistration("orders-api", with.Scopes("Orders.Read"), with.AppRoles("Orders.Read.All"))
	worker := e.AppRegistration("orders-worker")

	e.Requests.Reset()
	e.Cluster.Create(api)
	e.Status.WaitReady(api)
	e.Requests.CheckCost("a new AppRegistration with a scope and a role", 1, 3)

	e.Cluster.Create(worker, e.ServiceAccount("orders-worker"))
	e.Status.WaitReady(worker)
	e.Requests.Reset()
	credential := e.FederatedCredential("orders-worker", "orders-worker", "orders-worker")
	e.Cluster.Create(credential)
	e.Status.WaitReady(credential)
	e.Requests.CheckCost("a new FederatedCredential", 1, 1)

	e.Requests.Reset()
	assignment := e.Assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All")
	e.Cluster.Create(assignment)
	e.Status.WaitReady(assignment)
	e.Requests.CheckCost("a new AppRoleAssignment", 2, 1)

	e.Requests.Reset()
	e.Reconcile(api)
	e.Requests.CheckCost("an AppRegistration in sync", 2, 0)
	e.Requests.Reset()
	e.Reconcile(credential)
	e.Requests.CheckCost("a FederatedCredential in sync", 1, 0)
	e.Requests.Reset()
	e.Reconcile(assignment)
	e.Requests.CheckCost("an AppRoleAssignment in sync", 2, 0)
}

func TestCost_ApplyingTheSameAgainWritesNothing(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	for range 2 {
		for _, obj := range e.OrdersObjects() {
			e.Cluster.Apply(obj)
		}
	}
	e.Status.WaitReady(env.OperatorObjects(e.OrdersObjects())...)
	e.Requests.Reset()
	versions := e.ResourceVersions()
	for _, obj := range e.OrdersObjects() {
		e.Cluster.Apply(obj)
	}
	e.Requests.CheckCost("applying the same again", 0, 0)
	for name, version := range e.ResourceVersions() {
		if versions[name] != version {
			t.Errorf("%s was written: version %s became %s", name, versions[name], version)
		}
	}
}

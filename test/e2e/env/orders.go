package env

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// OrdersInventory is what OrdersObjects are in Entra.
var OrdersInventory = Inventory{Applications: 2, Principals: 2, Credentials: 1, Assignments: 1}

// OrdersObjects are what a user writes first: an API with a role, a worker, its ServiceAccount's credential and its role.
func (o Objects) OrdersObjects() []client.Object {
	return []client.Object{
		o.ServiceAccount("orders-worker"),
		o.AppRegistration("orders-api", withRole),
		o.AppRegistration("orders-worker"),
		o.FederatedCredential("orders-worker", "orders-worker", "orders-worker"),
		o.Assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All"),
	}
}

func withRole(spec *v1alpha1.AppRegistrationSpec) {
	spec.AppRoles = []v1alpha1.AppRole{{Value: "Orders.Read.All", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}}}
}

// CreateOrdersObjects creates them all at once, and waits until they are Ready.
func (e *Env) CreateOrdersObjects() []client.Object {
	e.T.Helper()
	objs := e.OrdersObjects()
	e.Cluster.Create(objs...)
	e.Status.WaitReady(OperatorObjects(objs)...)
	return objs
}

// ApplyOrdersObjects applies them, whatever is left of them. The credential comes first: whether a deleted application is restored depends
// on it, and the ten seconds in which it may come are counted from a creation by the API server's clock, which the environment's runs
// ahead of.
func (e *Env) ApplyOrdersObjects() {
	e.T.Helper()
	credential := e.FederatedCredential("orders-worker", "orders-worker", "orders-worker")
	e.Cluster.Apply(credential)
	e.Status.WaitCondition(credential, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	for _, obj := range e.OrdersObjects() {
		e.Cluster.Apply(obj)
	}
	e.Status.WaitReady(OperatorObjects(e.OrdersObjects())...)
	e.Tenant.CheckInventory(OrdersInventory)
}

// OperatorObjects are the objects of the operator's kinds.
func OperatorObjects(objs []client.Object) []Object {
	var found []Object
	for _, obj := range objs {
		if o, ok := obj.(Object); ok {
			found = append(found, o)
		}
	}
	return found
}

// Orders are the same objects one by one, but that the API has a scope too.
type Orders struct {
	API, Worker *v1alpha1.AppRegistration
	Credential  *v1alpha1.FederatedCredential
	Assignment  *v1alpha1.AppRoleAssignment
}

// Orders that have not been created yet.
func (o Objects) Orders() Orders {
	api := o.AppRegistration("orders-api", withRole)
	api.Spec.API = &v1alpha1.API{Scopes: []v1alpha1.Scope{{Value: "Orders.Read"}}}
	return Orders{
		API: api, Worker: o.AppRegistration("orders-worker"),
		Credential: o.FederatedCredential("orders-worker", "orders-worker", "orders-worker"),
		Assignment: o.Assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All"),
	}
}

// All of them, in the order in which they depend on each other.
func (o Orders) All() []Object { return []Object{o.API, o.Worker, o.Credential, o.Assignment} }

// CreateOrders creates them one after the other, each when the one before is Ready.
func (e *Env) CreateOrders() Orders {
	e.T.Helper()
	orders := e.Orders()
	e.Status.WaitReady(e.EntraTenant())
	e.Cluster.Create(e.ServiceAccount("orders-worker"))
	for _, obj := range orders.All() {
		e.Cluster.Create(obj)
		e.Status.WaitReady(obj)
	}
	return orders
}

// IDs of an application in Entra.
type IDs struct{ AppID, ObjectID, PrincipalID, UniqueName string }

// IDsOf an AppRegistration's application.
func (e *Env) IDsOf(name string) IDs {
	e.T.Helper()
	app := e.AppRegistration(name)
	if !e.Cluster.Get(app) {
		e.T.Fatalf("%s is not there", name)
	}
	return IDs{app.Status.AppID, app.Status.ObjectID, app.Status.ServicePrincipalObjectID, app.Status.UniqueName}
}

// CheckClientID fails where workloads are not told the client ID of an application: by its Secret, and by its ServiceAccount's annotation.
func (e *Env) CheckClientID(name string) {
	e.T.Helper()
	want := e.IDsOf(name).AppID
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: e.Namespace, Name: name + "-entra"}}
	if !e.Cluster.Get(secret) || string(secret.Data["AZURE_CLIENT_ID"]) != want {
		e.T.Errorf("Secret of %s: AZURE_CLIENT_ID %q, want %q", name, secret.Data["AZURE_CLIENT_ID"], want)
	}
	account := e.ServiceAccount(name)
	if !e.Cluster.Get(account) || account.Annotations["azure.workload.identity/client-id"] != want {
		e.T.Errorf("ServiceAccount %s: annotations %v, want client ID %q", name, account.Annotations, want)
	}
}

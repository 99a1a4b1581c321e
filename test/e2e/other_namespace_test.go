package e2e

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// crossNamespace is an API in one namespace and a worker in another, whose role waits until the API's owner allows it.
type crossNamespace struct {
	*env.Env
	api, worker *v1alpha1.AppRegistration
	assignment  *v1alpha1.AppRoleAssignment
}

func newCrossNamespace(e *env.Env, options ...func(*v1alpha1.AppRegistrationSpec)) crossNamespace {
	e.T.Helper()
	ns := crossNamespace{
		Env: e, api: e.AppRegistration("orders-api", append(options, with.AppRoles("Orders.Read.All", "Orders.Write.All"))...),
		worker:     e.AppRegistration("orders-worker"),
		assignment: e.Assignment("orders-worker-reads", "orders-worker", "", "Orders.Read.All"),
	}
	ns.assignment.Spec.API = with.OfApp(e.OtherNamespace, "orders-api")
	credential := e.FederatedCredential("orders-worker", "orders-worker", "orders-worker")
	e.InOtherNamespace(ns.api)
	e.Cluster.Create(e.ServiceAccount("orders-worker"), ns.api, ns.worker, credential, ns.assignment)
	e.Status.WaitReady(ns.api, ns.worker, credential)
	return ns
}

func (ns crossNamespace) token() (string, error) {
	ns.T.Helper()
	return signin.Workload(ns.Env, ns.api.Status.IdentifierURIs[0]+"/.default")
}

// checkWaiting fails where the assignment does not say what it waits for.
func (ns crossNamespace) checkWaiting() {
	ns.T.Helper()
	message := ns.Status.WaitCondition(ns.assignment, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	ns.Status.CheckMessage(message, ns.OtherNamespace+"/orders-api", "allowedConsumers", ns.Namespace)
}

// A role of another namespace's API lasts for as long as its owner allows it.
func TestAllowedConsumers_RoleLastsWhileAllowed(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(crossNamespace){
		"the entry is taken away": func(ns crossNamespace) {
			env.Edit(ns.Cluster, ns.api, func(o *v1alpha1.AppRegistration) { o.Spec.AllowedConsumers = nil })
		},
		"the entry lists another role": func(ns crossNamespace) {
			env.Edit(ns.Cluster, ns.api, func(o *v1alpha1.AppRegistration) {
				o.Spec.AllowedConsumers[0].AppRoles = []string{"Orders.Write.All"}
			})
		},
		"the entry is for groups now": func(ns crossNamespace) {
			env.Edit(ns.Cluster, ns.api, func(o *v1alpha1.AppRegistration) {
				o.Spec.AllowedConsumers[0].Principals = []v1alpha1.PrincipalKind{v1alpha1.PrincipalGroup}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			ns := newCrossNamespace(e)
			ns.checkWaiting()
			_, err := ns.token()
			signin.CheckRefused(t, "before", err, "AADSTS501051")

			env.Edit(e.Cluster, ns.api, func(o *v1alpha1.AppRegistration) {
				with.AllowedConsumer(e.Namespace, []string{"Orders.Read.All"}, nil)(&o.Spec)
			})
			e.Status.WaitReady(ns.assignment)
			token, err := ns.token()
			if err != nil {
				t.Fatal(err)
			}
			want := signin.ClaimsOf(ns.worker, "Orders.Read.All")
			signin.CheckClaims(e, ns.api, token, want)

			end(ns)
			ns.checkWaiting()
			_, err = ns.token()
			signin.CheckRefused(t, "after", err, "AADSTS501051")
			signin.CheckClaims(e, ns.api, token, want)
		})
	}
}

// A role of another namespace's API is taken back when the API is orphaned.
func TestAllowedConsumers_RoleEndsWhenAPIIsOrphaned(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	ns := newCrossNamespace(e, with.AllowedConsumer(e.Namespace, []string{"Orders.Read.All"}, nil), func(spec *v1alpha1.AppRegistrationSpec) {
		spec.DeletionPolicy = v1alpha1.DeletionOrphan
	})
	e.Status.WaitReady(ns.assignment)
	e.Remove(ns.api)
	ns.checkWaiting()
	_, err := ns.token()
	signin.CheckRefused(t, "the API lives on in Entra", err, "AADSTS501051")
}

// An API that does not allow a namespace cannot be told from none.
func TestAllowedConsumers_HiddenAPILooksLikeNone(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	ns := newCrossNamespace(e)
	ns.checkWaiting()
	hidden := ns.Status.WaitCondition(ns.assignment, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	e.Remove(ns.api)
	e.Reconcile(ns.assignment)
	without := ns.Status.WaitCondition(ns.assignment, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	env.CheckEqual(t, "the message", hidden, without)

	raw := e.Assignment("by-id", "orders-worker", "", "Orders.Read.All")
	raw.Spec.API = v1alpha1.APIReference{AppID: v1alpha1.GUID(ns.api.Status.AppID)}
	e.Cluster.Create(raw)
	e.Status.WaitCondition(raw, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	e.Tenant.CheckInventory(env.Inventory{Applications: 1, Principals: 1, Credentials: 1, Deleted: 1})
}

// A scope of another namespace's API lasts for as long as its owner allows it.
func TestAllowedConsumers_ScopeLastsWhileAllowed(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	api := e.AppRegistration("orders-api", with.Scopes("Orders.Read"))
	e.InOtherNamespace(api)
	theirs := with.OfApp(e.OtherNamespace, "orders-api")
	p := signin.Portal{
		Env: e, API: api, Web: e.AppRegistration("portal", with.SPACallback, with.Permissions(theirs, []string{"Orders.Read"})),
		Grant: e.Grant("portal-reads", "portal", theirs, "Orders.Read"), Ada: signin.NewPerson(e, "ada"),
	}
	e.Cluster.Create(api, p.Web, p.Grant)
	e.Status.WaitReady(api)
	e.Status.WaitWaiting(p.Web, "spec.permissions[0]", "allowedConsumers", e.OtherNamespace+"/orders-api")
	e.Status.WaitWaiting(p.Grant, "allowedConsumers", e.OtherNamespace+"/orders-api")

	env.Edit(e.Cluster, api, func(o *v1alpha1.AppRegistration) {
		with.AllowedConsumer(e.Namespace, nil, []string{"Orders.Read"})(&o.Spec)
	})
	e.Status.WaitReady(p.Web, p.Grant)
	code, err := p.Code(signin.Callback)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := signin.Redeem(e, p.Web, "https://orders.example.com", signin.Callback, code)
	if err != nil {
		t.Fatal(err)
	}
	p.CheckAdasClaims(tokens.Access)

	env.Edit(e.Cluster, api, func(o *v1alpha1.AppRegistration) { o.Spec.AllowedConsumers = nil })
	e.Status.WaitWaiting(p.Grant, "allowedConsumers", e.OtherNamespace+"/orders-api")
	env.CheckEqual(t, "granted", []string(nil), e.Tenant.Granted(p.Web))
	_, err = signin.Refresh(e, p.Web, "https://orders.example.com", tokens.Refresh, p.Scope())
	signin.CheckRefused(t, "after", err, "AADSTS65001")
	p.CheckAdasClaims(tokens.Access)
}

package e2e

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// crossNamespace is an API in one namespace and a worker in another, whose role waits for the owner of the API.
type crossNamespace struct {
	*env.Env
	api, worker *v1alpha1.AppRegistration
	assignment  *v1alpha1.AppRoleAssignment
}

func newCrossNamespace(e *env.Env, props ...func(*v1alpha1.AppRegistrationSpec)) crossNamespace {
	e.T.Helper()
	st := crossNamespace{
		Env: e, api: e.AppRegistration("orders-api", append(props, with.AppRoles("Orders.Read.All", "Orders.Write.All"))...), worker: e.AppRegistration("orders-worker"),
		assignment: e.Assignment("orders-worker-reads", "orders-worker", "", "Orders.Read.All"),
	}
	st.assignment.Spec.API = with.OfApp(e.OtherNamespace, "orders-api")
	trust := e.FederatedCredential("orders-worker", "orders-worker", "orders-worker")
	e.InOtherNamespace(st.api)
	e.Cluster.Create(e.ServiceAccount("orders-worker"), st.api, st.worker, trust, st.assignment)
	e.Status.WaitReady(st.api, st.worker, trust)
	return st
}

func (st crossNamespace) token() (string, error) {
	st.T.Helper()
	return signin.Workload(st.Env, st.api.Status.IdentifierURIs[0]+"/.default")
}

// checkWaiting fails where the assignment does not say what it waits for.
func (st crossNamespace) checkWaiting() {
	st.T.Helper()
	message := st.Status.WaitCondition(st.assignment, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	st.Status.CheckMessage(message, st.OtherNamespace+"/orders-api", "allowedConsumers", st.Namespace)
}

func TestARoleOfAnotherNamespacesAPILastsForAsLongAsItsOwnerLetsIt(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(crossNamespace){
		"the entry is taken away": func(st crossNamespace) {
			env.Edit(st.Env.Cluster, st.api, func(o *v1alpha1.AppRegistration) { o.Spec.AllowedConsumers = nil })
		},
		"the entry lists another role": func(st crossNamespace) {
			env.Edit(st.Env.Cluster, st.api, func(o *v1alpha1.AppRegistration) {
				o.Spec.AllowedConsumers[0].AppRoles = []string{"Orders.Write.All"}
			})
		},
		"the entry is for groups now": func(st crossNamespace) {
			env.Edit(st.Env.Cluster, st.api, func(o *v1alpha1.AppRegistration) {
				o.Spec.AllowedConsumers[0].Principals = []v1alpha1.PrincipalKind{v1alpha1.PrincipalGroup}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			st := newCrossNamespace(e)
			st.checkWaiting()
			_, err := st.token()
			signin.CheckRefused(t, "before", err, "AADSTS501051")

			env.Edit(e.Cluster, st.api, func(o *v1alpha1.AppRegistration) {
				with.AllowedConsumer(e.Namespace, []string{"Orders.Read.All"}, nil)(&o.Spec)
			})
			e.Status.WaitReady(st.assignment)
			token, err := st.token()
			if err != nil {
				t.Fatal(err)
			}
			want := signin.Claims{Roles: []string{"Orders.Read.All"}, Azp: st.worker.Status.AppID, OID: st.worker.Status.ServicePrincipalObjectID, Ver: "2.0"}
			signin.CheckClaims(e, st.api, token, want)

			end(st)
			st.checkWaiting()
			_, err = st.token()
			signin.CheckRefused(t, "after", err, "AADSTS501051")
			signin.CheckClaims(e, st.api, token, want)
		})
	}
}

func TestARoleOfAnotherNamespacesAPIIsTakenBackWhenTheAPIIsLeftToItself(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	st := newCrossNamespace(e, with.AllowedConsumer(e.Namespace, []string{"Orders.Read.All"}, nil), func(spec *v1alpha1.AppRegistrationSpec) {
		spec.DeletionPolicy = v1alpha1.DeletionOrphan
	})
	e.Status.WaitReady(st.assignment)
	e.Remove(st.api)
	st.checkWaiting()
	_, err := st.token()
	signin.CheckRefused(t, "the API lives on in Entra", err, "AADSTS501051")
}

func TestNobodyCanTellAHiddenAPIFromNone(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	st := newCrossNamespace(e)
	st.checkWaiting()
	hidden := st.Status.WaitCondition(st.assignment, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	e.Remove(st.api)
	e.Reconcile(st.assignment)
	env.CheckEqual(t, "the message", hidden, st.Status.WaitCondition(st.assignment, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting))

	raw := e.Assignment("by-id", "orders-worker", "", "Orders.Read.All")
	raw.Spec.API = v1alpha1.APIReference{AppID: st.api.Status.AppID}
	e.Cluster.Create(raw)
	e.Status.WaitCondition(raw, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	e.Tenant.CheckInventory(env.Inventory{Applications: 1, Principals: 1, Credentials: 1, Deleted: 1})
}

func TestAScopeOfAnotherNamespacesAPILastsForAsLongAsItsOwnerLetsIt(t *testing.T) {
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
	given, err := signin.Redeem(e, p.Web, "https://orders.example.com", signin.Callback, code)
	if err != nil {
		t.Fatal(err)
	}
	p.CheckAdasClaims(given.Access)

	env.Edit(e.Cluster, api, func(o *v1alpha1.AppRegistration) { o.Spec.AllowedConsumers = nil })
	e.Status.WaitWaiting(p.Grant, "allowedConsumers", e.OtherNamespace+"/orders-api")
	env.CheckEqual(t, "granted", []string(nil), e.Tenant.Granted(p.Web))
	_, err = signin.Refresh(e, p.Web, "https://orders.example.com", given.Refresh, p.Scope())
	signin.CheckRefused(t, "after", err, "AADSTS65001")
	p.CheckAdasClaims(given.Access)
}

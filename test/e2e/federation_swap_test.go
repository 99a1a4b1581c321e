package e2e

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// subjectsOf an application's federated credentials, by name.
func subjectsOf(e *env.Env, app *v1alpha1.AppRegistration) map[string]string {
	accounts := map[string]string{}
	for name, of := range e.Tenant.FederatedCredentials(app) {
		accounts[name], _ = of[1].(string)
	}
	return accounts
}

func setServiceAccount(account string) func(*v1alpha1.FederatedCredential) {
	return func(f *v1alpha1.FederatedCredential) { f.Spec.ServiceAccount.Name = account }
}

func TestFederatedCredential_SwappedSubjectsSettle(t *testing.T) {
	t.Parallel()
	for name, option := range map[string]env.Option{
		"at once":          func(*env.Env, *emulator.Options) {},
		"with lag to 30 s": func(_ *env.Env, o *emulator.Options) { o.Lag = directory.Lag{Max: 30 * time.Second} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t, option)
			app := e.AppRegistration("orders-worker")
			one, two := e.FederatedCredential("one", "orders-worker", "first"), e.FederatedCredential("two", "orders-worker", "second")
			e.Cluster.Create(app, one, two)
			e.Status.WaitReady(app, one, two)
			env.Edit(e.Cluster, one, setServiceAccount("second"))
			env.Edit(e.Cluster, two, setServiceAccount("first"))
			e.Status.WaitReady(one, two)
			want := map[string]string{"k8s-one": with.Subject(e.Namespace, "second"), "k8s-two": with.Subject(e.Namespace, "first")}
			env.CheckEqual(t, "subjects", want, subjectsOf(e, app))
		})
	}
}

// Of two that name the same subject the older one has it, and the younger one follows it.
func TestFederatedCredential_OlderOfTwoWins(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	app, old := e.AppRegistration("orders-worker"), e.FederatedCredential("old", "orders-worker", "first")
	e.Cluster.Create(app, old)
	e.Status.WaitReady(app, old)
	young := e.FederatedCredential("young", "orders-worker", "first")
	e.Cluster.Create(young)
	e.Status.WaitStalled(young, v1alpha1.ReasonConflict, e.Namespace+"/old", "older")
	env.CheckEqual(t, "subjects", map[string]string{"k8s-old": with.Subject(e.Namespace, "first")}, subjectsOf(e, app))

	env.Edit(e.Cluster, old, setServiceAccount("second"))
	e.Status.WaitReady(old, young)
	want := map[string]string{"k8s-old": with.Subject(e.Namespace, "second"), "k8s-young": with.Subject(e.Namespace, "first")}
	env.CheckEqual(t, "subjects, once the older wants another", want, subjectsOf(e, app))

	env.Edit(e.Cluster, old, setServiceAccount("first"))
	e.Status.WaitReady(old)
	e.Status.WaitCondition(young, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonConflict)
	want = map[string]string{"k8s-old": with.Subject(e.Namespace, "first")}
	env.CheckEqual(t, "subjects, once it wants the first again", want, subjectsOf(e, app))

	e.Remove(old)
	e.Status.WaitReady(young)
	env.CheckEqual(t, "subjects, once it is gone", map[string]string{"k8s-young": with.Subject(e.Namespace, "first")}, subjectsOf(e, app))
}

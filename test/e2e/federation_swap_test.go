package e2e

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// trusted are the subjects of an application's trusts that name ServiceAccounts, by name.
func (s *stage) trusted(app *v1alpha1.AppRegistration) map[string]string {
	accounts := map[string]string{}
	for name, of := range s.trusts(app) {
		accounts[name], _ = of[1].(string)
	}
	return accounts
}

func retarget(account string) func(*v1alpha1.FederatedCredential) {
	return func(f *v1alpha1.FederatedCredential) { f.Spec.ServiceAccount.Name = account }
}

func TestTrustsThatSwapTheirSubjectsSettle(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]prop{
		"at once":          func(*stage, *emulator.Options) {},
		"with lag to 30 s": func(_ *stage, o *emulator.Options) { o.Lag = directory.Lag{Max: 30 * time.Second} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, set)
			app := s.app("orders-worker")
			one, two := s.trust("one", "orders-worker", "first"), s.trust("two", "orders-worker", "second")
			s.create(app, one, two)
			s.ready(app, one, two)
			edit(s, one, retarget("second"))
			edit(s, two, retarget("first"))
			s.ready(one, two)
			want := map[string]string{"k8s-one": subject(s.namespace, "second"), "k8s-two": subject(s.namespace, "first")}
			same(t, "subjects", want, s.trusted(app))
		})
	}
}

func TestTheOlderOfTwoHasATrustAndTheYoungerFollowsIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	app, old := s.app("orders-worker"), s.trust("old", "orders-worker", "first")
	s.create(app, old)
	s.ready(app, old)
	young := s.trust("young", "orders-worker", "first")
	s.create(young)
	s.says(s.has(young, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonConflict), s.namespace+"/old", "older")
	same(t, "subjects", map[string]string{"k8s-old": subject(s.namespace, "first")}, s.trusted(app))

	edit(s, old, retarget("second"))
	s.ready(old, young)
	want := map[string]string{"k8s-old": subject(s.namespace, "second"), "k8s-young": subject(s.namespace, "first")}
	same(t, "subjects, once the older wants another", want, s.trusted(app))

	edit(s, old, retarget("first"))
	s.ready(old)
	s.has(young, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonConflict)
	same(t, "subjects, once it wants the first again", map[string]string{"k8s-old": subject(s.namespace, "first")}, s.trusted(app))

	s.leaves(old)
	s.ready(young)
	same(t, "subjects, once it is gone", map[string]string{"k8s-young": subject(s.namespace, "first")}, s.trusted(app))
}

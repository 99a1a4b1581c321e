package federatedcredential

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestWhoGetsATrustThatMoreThanOneAsksFor(t *testing.T) {
	t.Parallel()
	const created = `create federated credential k8s-orders-worker for "system:serviceaccount:shop:orders-worker" of "https://issuer.example"`
	siblings := func(w *World, others ...v1alpha1.FederatedCredential) { w.Account, w.Siblings = nil, others }
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"the older object": {
			change: changes{world: func(w *World) {
				young := sibling("another", "orders-worker")
				later(&young)
				siblings(w, young)
			}},
			want: outcome{steps: []string{created}},
		},
		"not the younger one, though Entra has nothing yet": {
			change: changes{obj: later, world: func(w *World) { siblings(w, sibling("first", "orders-worker")) }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "FederatedCredential shop/first, which is older, trusts subject"},
		},
		"of the same age the first by name": {
			change: changes{world: func(w *World) { siblings(w, sibling("another", "orders-worker")) }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "FederatedCredential shop/another"},
		},
		"the younger one gives it up": {
			change: changes{obj: func(f *v1alpha1.FederatedCredential) { later(f); made(f) }, world: func(w *World) {
				settled(w)
				siblings(w, sibling("first", "orders-worker"))
			}},
			want: outcome{steps: []string{"delete federated credential k8s-orders-worker"}},
		},
		"the older one waits for that": {
			change: changes{world: func(w *World) {
				young := sibling("young", "orders-worker")
				later(&young)
				siblings(w, young)
				w.Trust.Value.Credentials = []entra.FederatedCredential{held("young", "orders-worker")}
			}},
			want: outcome{wait: `waiting for FederatedCredential shop/young, which is younger or asks for another subject now, ` +
				`to give up subject "system:serviceaccount:shop:orders-worker"`},
		},
		"one that is being deleted keeps it until it is gone": {
			change: changes{obj: later, world: func(w *World) {
				gone := sibling("first", "orders-worker")
				gone.DeletionTimestamp = &metav1.Time{Time: today}
				siblings(w, gone)
				w.Trust.Value.Credentials = []entra.FederatedCredential{held("first", "orders-worker")}
			}},
			want: outcome{wait: `waiting for FederatedCredential shop/first, which is being deleted, ` +
				`to give up subject "system:serviceaccount:shop:orders-worker"`},
		},
		"nobody here, where somebody made it by hand": {
			change: changes{world: func(w *World) {
				siblings(w)
				w.Trust.Value.Credentials = []entra.FederatedCredential{held("orders-worker", "orders-worker")}
				w.Trust.Value.Credentials[0].Name = "by-hand"
			}},
			want: outcome{reason: v1alpha1.ReasonConflict, says: `the federated credential "by-hand", which no object here asks for`},
		},
		"a trust that moves on is waited for, and what one has is kept": {
			change: changes{world: func(w *World) {
				siblings(w, sibling("first", "third"))
				w.Trust.Value.Credentials = []entra.FederatedCredential{held("first", "orders-worker"), held("orders-worker", "second")}
			}},
			want: outcome{wait: `waiting for FederatedCredential shop/first, which is younger or asks for another subject now, ` +
				`to give up subject "system:serviceaccount:shop:orders-worker"`},
		},
		"of two that swap, each gives up what the other wants": {
			change: changes{world: func(w *World) {
				siblings(w, sibling("first", "second"))
				w.Trust.Value.Credentials = []entra.FederatedCredential{held("first", "orders-worker"), held("orders-worker", "second")}
			}},
			want: outcome{steps: []string{"delete federated credential k8s-orders-worker"}},
		},
		"a trust that has become free is taken in place": {
			change: changes{world: func(w *World) {
				siblings(w, sibling("first", "second"))
				w.Trust.Value.Credentials = []entra.FederatedCredential{held("orders-worker", "third")}
			}},
			want: outcome{steps: []string{"update federated credential k8s-orders-worker: subject"}},
		},
		"of twenty, nobody else gets one, and the twenty are named": {
			change: changes{world: func(w *World) {
				crowd(w, 19)
				siblings(w, sibling("first", "first"))
				w.Trust.Value.Credentials = append(w.Trust.Value.Credentials, held("first", "first"))
			}},
			want: outcome{reason: v1alpha1.ReasonInvalid, says: "the application has 20 federated credentials, and Entra allows 20: those of FederatedCredentials " +
				`first; those that no object here asks for, "hand-0", "hand-1", "hand-10"`},
		},
		"a full application lets what is there change in place": {
			change: changes{world: func(w *World) {
				crowd(w, 19)
				siblings(w)
				w.Trust.Value.Credentials = append(w.Trust.Value.Credentials, held("orders-worker", "second"))
			}},
			want: outcome{steps: []string{"update federated credential k8s-orders-worker: subject"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change := test.change
			obj := change.obj
			change.obj = func(f *v1alpha1.FederatedCredential) {
				if f.Spec.AnnotateServiceAccount = new(bool); obj != nil {
					obj(f)
				}
			}
			change.check(t, test.want)
		})
	}
}

// TestASwapSettles plays two objects that are to have each other's trust against one application, each round with what Entra has.
func TestASwapSettles(t *testing.T) {
	t.Parallel()
	for name, order := range map[string][]int{"one after the other": {0, 1}, "the other way round": {1, 0}, "one more often": {0, 0, 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, _, world := changes{}.apply()
			objects := []v1alpha1.FederatedCredential{sibling("a", "second"), sibling("b", "first")}
			d := &directory{trust: world.Trust.Value}
			d.trust.Credentials = []entra.FederatedCredential{held("a", "first"), held("b", "second")}
			for range 4 {
				for _, at := range order {
					world.Trust, world.Account = entra.Present(d.trust), nil
					world.Siblings = []v1alpha1.FederatedCredential{objects[1-at]}
					for _, step := range kind.Decide(&objects[at], world, today).Steps {
						if err := step.Do(t.Context(), engine.Hands{Tenants: d}, &world); err != nil {
							t.Fatal(err)
						}
					}
					d.trust = world.Trust.Value
				}
			}
			var got []string
			for _, c := range d.trust.Credentials {
				got = append(got, c.Name+" "+strings.TrimPrefix(c.Subject, "system:serviceaccount:shop:"))
			}
			slices.Sort(got)
			if diff := cmp.Diff([]string{"k8s-a second", "k8s-b first"}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhomAChangeOfAnotherObjectConcerns(t *testing.T) {
	t.Parallel()
	in := func(f v1alpha1.FederatedCredential, change func(*v1alpha1.FederatedCredential)) *v1alpha1.FederatedCredential {
		change(&f)
		return &f
	}
	gone := func(f *v1alpha1.FederatedCredential) { f.DeletionTimestamp = &metav1.Time{Time: today} }
	ready := func(f *v1alpha1.FederatedCredential) {
		f.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue}}
	}
	same := func(*v1alpha1.FederatedCredential) {}
	kind, _, _ := changes{}.apply()
	for name, test := range map[string]struct {
		obj, changed *v1alpha1.FederatedCredential
		want         bool
	}{
		"one that wants the same":              {in(sibling("a", "x"), same), in(sibling("b", "x"), same), true},
		"one that wants another":               {in(sibling("a", "x"), same), in(sibling("b", "y"), same), false},
		"itself":                               {in(sibling("a", "x"), same), in(sibling("a", "x"), same), false},
		"one that has what this wants":         {in(sibling("a", "x"), same), in(sibling("b", "y"), func(f *v1alpha1.FederatedCredential) { f.Status.Subject = "system:serviceaccount:shop:x" }), true},
		"one that goes, for one that is stuck": {in(sibling("a", "x"), same), in(sibling("b", "y"), gone), true},
		"one that goes, for one in sync":       {in(sibling("a", "x"), ready), in(sibling("b", "y"), gone), false},
		"one of another application": {
			in(sibling("a", "x"), same), in(sibling("b", "x"), func(f *v1alpha1.FederatedCredential) { f.Spec.AppRegistrationRef.Name = "other" }), false,
		},
		"one that is being deleted looks for itself": {in(sibling("a", "x"), gone), in(sibling("b", "x"), same), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := kind.contend(test.obj, test.changed); got != test.want {
				t.Errorf("%t, want %t", got, test.want)
			}
		})
	}
}

func TestReadListsThoseOnTheSameApplication(t *testing.T) {
	t.Parallel()
	elsewhere := sibling("third", "x")
	elsewhere.Spec.AppRegistrationRef.Name = "other"
	first, itself := sibling("first", "x"), sibling("orders-worker", "orders-worker")
	kind, _ := reading(t, registration(nil), []client.Object{&first, &elsewhere, &itself}...)
	_, obj, _ := changes{}.apply()
	world, err := kind.Read(t.Context(), obj)
	if err != nil || len(world.Siblings) != 1 || world.Siblings[0].Name != "first" {
		t.Errorf("%d siblings, error %v", len(world.Siblings), err)
	}
}

func TestReadLooksForAManagedIdentityOnlyBeforeItIsTrusted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		trusted []entra.FederatedCredential
		want    []string
	}{
		"before": {nil, []string{"read app-object", "look for identity"}},
		"after": {
			[]entra.FederatedCredential{{Name: "k8s-orders-worker", Issuer: tenantIssuer, Subject: "identity"}}, []string{"read app-object"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, d := reading(t, registration(nil))
			d.trust.Credentials = test.trusted
			_, obj, _ := changes{obj: identity}.apply()
			if _, err := kind.Read(t.Context(), obj); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, d.calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}

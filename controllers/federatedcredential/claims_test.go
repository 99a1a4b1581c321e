package federatedcredential

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestDecide_SameTrustAskedForTwice(t *testing.T) {
	t.Parallel()
	const created = `create federated credential k8s-orders-worker for "system:serviceaccount:shop:orders-worker" of "https://issuer.example"`
	others := func(w *World, list ...v1alpha1.FederatedCredential) { w.Account, w.Others = nil, list }
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"the older object": {
			change: changes{world: func(w *World) {
				young := objectFor("another", "orders-worker")
				later(&young)
				others(w, young)
			}},
			want: outcome{steps: []string{created}},
		},
		"not the younger one, though Entra has nothing yet": {
			change: changes{obj: later, world: func(w *World) { others(w, objectFor("first", "orders-worker")) }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "FederatedCredential shop/first, which is older, trusts subject"},
		},
		"of the same age the first by name": {
			change: changes{world: func(w *World) { others(w, objectFor("another", "orders-worker")) }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "FederatedCredential shop/another"},
		},
		"the younger one gives it up": {
			change: changes{obj: func(f *v1alpha1.FederatedCredential) { later(f); recorded(f) }, world: func(w *World) {
				settled(w)
				others(w, objectFor("first", "orders-worker"))
			}},
			want: outcome{steps: []string{"delete federated credential k8s-orders-worker"}},
		},
		"the older one waits for that": {
			change: changes{world: func(w *World) {
				young := objectFor("young", "orders-worker")
				later(&young)
				others(w, young)
				w.Trust.Value.Credentials = []entra.FederatedCredential{credentialFor("young", "orders-worker")}
			}},
			want: outcome{wait: `waiting for FederatedCredential shop/young, which is younger or asks for another subject now, ` +
				`to give up subject "system:serviceaccount:shop:orders-worker"`},
		},
		"one that is being deleted keeps it until it is gone": {
			change: changes{obj: later, world: func(w *World) {
				gone := objectFor("first", "orders-worker")
				gone.DeletionTimestamp = &metav1.Time{Time: today}
				others(w, gone)
				w.Trust.Value.Credentials = []entra.FederatedCredential{credentialFor("first", "orders-worker")}
			}},
			want: outcome{wait: `waiting for FederatedCredential shop/first, which is being deleted, ` +
				`to give up subject "system:serviceaccount:shop:orders-worker"`},
		},
		"nobody here, where somebody made it by hand": {
			change: changes{world: func(w *World) {
				others(w)
				w.Trust.Value.Credentials = []entra.FederatedCredential{credentialFor("orders-worker", "orders-worker")}
				w.Trust.Value.Credentials[0].Name = "by-hand"
			}},
			want: outcome{reason: v1alpha1.ReasonConflict, says: `the federated credential "by-hand", which no object here asks for`},
		},
		"a trust that moves on is waited for, and what one has is kept": {
			change: changes{world: func(w *World) {
				others(w, objectFor("first", "third"))
				w.Trust.Value.Credentials = []entra.FederatedCredential{credentialFor("first", "orders-worker"), credentialFor("orders-worker", "second")}
			}},
			want: outcome{wait: `waiting for FederatedCredential shop/first, which is younger or asks for another subject now, ` +
				`to give up subject "system:serviceaccount:shop:orders-worker"`},
		},
		"of two that swap, each gives up what the other wants": {
			change: changes{world: func(w *World) {
				others(w, objectFor("first", "second"))
				w.Trust.Value.Credentials = []entra.FederatedCredential{credentialFor("first", "orders-worker"), credentialFor("orders-worker", "second")}
			}},
			want: outcome{steps: []string{"delete federated credential k8s-orders-worker"}},
		},
		"a trust that has become free is taken in place": {
			change: changes{world: func(w *World) {
				others(w, objectFor("first", "second"))
				w.Trust.Value.Credentials = []entra.FederatedCredential{credentialFor("orders-worker", "third")}
			}},
			want: outcome{steps: []string{"update federated credential k8s-orders-worker: subject"}},
		},
		"of twenty, nobody else gets one, and the twenty are named": {
			change: changes{world: func(w *World) {
				fill(w, 19)
				others(w, objectFor("first", "first"))
				w.Trust.Value.Credentials = append(w.Trust.Value.Credentials, credentialFor("first", "first"))
			}},
			want: outcome{reason: v1alpha1.ReasonInvalid, says: "the application has 20 federated credentials, and Entra allows 20: those of FederatedCredentials " +
				`first; those that no object here asks for, "hand-0", "hand-1", "hand-10"`},
		},
		"a full application lets what is there change in place": {
			change: changes{world: func(w *World) {
				fill(w, 19)
				others(w)
				w.Trust.Value.Credentials = append(w.Trust.Value.Credentials, credentialFor("orders-worker", "second"))
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

// TestDecide_SwapSettles plays two objects that are to have each other's trust against one application, each round with what Entra has.
func TestDecide_SwapSettles(t *testing.T) {
	t.Parallel()
	for name, order := range map[string][]int{"one after the other": {0, 1}, "the other way round": {1, 0}, "one more often": {0, 0, 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, _, world := changes{}.apply()
			objects := []v1alpha1.FederatedCredential{objectFor("a", "second"), objectFor("b", "first")}
			d := &directory{trust: world.Trust.Value}
			d.trust.Credentials = []entra.FederatedCredential{credentialFor("a", "first"), credentialFor("b", "second")}
			for range 4 {
				for _, at := range order {
					world.Trust, world.Account = entra.Present(d.trust), nil
					world.Others = []v1alpha1.FederatedCredential{objects[1-at]}
					for _, step := range decidePurely(t, kind, &objects[at], world).Steps {
						if err := step.Do(t.Context(), engine.Clients{Directory: d}, &world); err != nil {
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

func TestConcerns(t *testing.T) {
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
		"one that wants the same":              {in(objectFor("a", "x"), same), in(objectFor("b", "x"), same), true},
		"one that wants another":               {in(objectFor("a", "x"), same), in(objectFor("b", "y"), same), false},
		"itself":                               {in(objectFor("a", "x"), same), in(objectFor("a", "x"), same), false},
		"one that has what this wants":         {in(objectFor("a", "x"), same), in(objectFor("b", "y"), func(f *v1alpha1.FederatedCredential) { f.Status.Subject = "system:serviceaccount:shop:x" }), true},
		"one that goes, for one that is stuck": {in(objectFor("a", "x"), same), in(objectFor("b", "y"), gone), true},
		"one that goes, for one in sync":       {in(objectFor("a", "x"), ready), in(objectFor("b", "y"), gone), false},
		"one of another application": {
			in(objectFor("a", "x"), same), in(objectFor("b", "x"), func(f *v1alpha1.FederatedCredential) { f.Spec.AppRegistrationRef.Name = "other" }), false,
		},
		"one that is being deleted looks for itself": {in(objectFor("a", "x"), gone), in(objectFor("b", "x"), same), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := kind.concerns(test.changed, test.obj); got != test.want {
				t.Errorf("%t, want %t", got, test.want)
			}
		})
	}
}

func TestRead_ListsOthersOnTheSameApplication(t *testing.T) {
	t.Parallel()
	elsewhere := objectFor("third", "x")
	elsewhere.Spec.AppRegistrationRef.Name = "other"
	first, itself := objectFor("first", "x"), objectFor("orders-worker", "orders-worker")
	kind, _ := reading(t, registration(nil), []client.Object{&first, &elsewhere, &itself}...)
	_, obj, _ := changes{}.apply()
	world, err := kind.Read(t.Context(), obj)
	if err != nil || len(world.Others) != 1 || world.Others[0].Name != "first" {
		t.Errorf("%d others, error %v", len(world.Others), err)
	}
}

func TestManagedIdentity_LookedForOnlyBeforeItIsTrusted(t *testing.T) {
	t.Parallel()
	var allowed World
	allowIdentity(&allowed)
	for name, test := range map[string]struct {
		trusted  []entra.FederatedCredential
		policies []v1alpha1.RegistrationPolicy
		want     []string
	}{
		"before": {nil, allowed.Policies, []string{"read app-object", "look for identity", "create k8s-orders-worker on app-object"}},
		"after": {
			[]entra.FederatedCredential{{
				Name: "k8s-orders-worker", Issuer: tenantIssuer, Subject: "identity", Audience: "api://AzureADTokenExchange",
			}}, allowed.Policies, []string{"read app-object"},
		},
		"not where it is denied": {nil, nil, []string{"read app-object"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, d := reading(t, registration(nil))
			d.trust.Credentials = test.trusted
			d.trust.Tags = tags("shop/orders-worker", binding.ClusterUIDHash("cluster"))
			_, obj, _ := changes{obj: identity}.apply()
			world, err := kind.Read(t.Context(), obj)
			if err != nil {
				t.Fatal(err)
			}
			world.Policies = test.policies
			enginetest.Settle(t, kind, obj, world, today, engine.Clients{Directory: d})
			if diff := cmp.Diff(test.want, d.calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}

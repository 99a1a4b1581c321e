package registrationpolicy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/registrationpolicy"
)

func kindOf(t *testing.T, verdicts *policy.VerdictCache, objects ...client.Object) *registrationpolicy.Kind {
	t.Helper()
	scheme := enginetest.Scheme(t)
	return &registrationpolicy.Kind{Cache: fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).Build(), Verdicts: verdicts}
}

func namespace(name, team string) *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"team": team}}}
}

func ofTeam(team string) *v1alpha1.RegistrationPolicy {
	return &v1alpha1.RegistrationPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: team},
		Spec: v1alpha1.RegistrationPolicySpec{Namespaces: v1alpha1.NamespaceSelection{
			Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"team": team}},
		}},
	}
}

func read(t *testing.T, kind *registrationpolicy.Kind, obj *v1alpha1.RegistrationPolicy) registrationpolicy.World {
	t.Helper()
	world, err := kind.Read(t.Context(), obj)
	if err != nil {
		t.Fatal(err)
	}
	return world
}

func decidePurely(
	t *testing.T, kind *registrationpolicy.Kind, obj *v1alpha1.RegistrationPolicy, world registrationpolicy.World,
) engine.Decision[*v1alpha1.RegistrationPolicy, registrationpolicy.World] {
	t.Helper()
	return enginetest.Decide(t, kind, obj, world, time.Time{})
}

func TestStatus_CountsWhatItSelectsAndDenies(t *testing.T) {
	t.Parallel()
	gate, verdicts := policy.Gate{Baseline: policy.DefaultBaseline()}, policy.NewVerdictCache()
	obj := ofTeam("shop")
	obj.Spec.Deny = []v1alpha1.PolicyRule{{Field: &v1alpha1.FieldRule{Path: "spec.displayName", Values: []string{policy.Any}}}}
	watching := *obj.DeepCopy()
	watching.Name, watching.Spec.Enforcement = "watch", v1alpha1.EnforcementAudit
	verdicts.Note("AppRegistration", types.NamespacedName{Namespace: "b", Name: "orders"}, gate.Evaluate(policy.Review{
		Kind: "AppRegistration", Namespace: "b", Labels: map[string]string{"team": "shop"},
		Policies: []v1alpha1.RegistrationPolicy{*obj, watching}, Requests: []policy.Request{policy.Field{Path: "spec.displayName", Value: "x"}},
	}))
	kind := kindOf(t, verdicts, namespace("b", "shop"), namespace("a", "shop"), namespace("c", "bank"))
	for name, want := range map[string]v1alpha1.RegistrationPolicyStatus{
		"shop":  {Namespaces: []string{"a", "b"}, Selected: 2, Denied: 1},
		"watch": {Namespaces: []string{"a", "b"}, Selected: 2, WouldDeny: 1},
	} {
		named := obj.DeepCopy()
		named.Name = name
		if diff := cmp.Diff(want, decidePurely(t, kind, named, read(t, kind, named)).Object.Status); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestStatus_NamesTheFirstHundredNamespaces(t *testing.T) {
	t.Parallel()
	var all []client.Object
	for i := range 103 {
		all = append(all, namespace(fmt.Sprintf("n%03d", i), "shop"))
	}
	kind, obj := kindOf(t, nil, all...), ofTeam("shop")
	if got := decidePurely(t, kind, obj, read(t, kind, obj)).Object.Status; got.Selected != 103 || len(got.Namespaces) != 100 || got.Namespaces[99] != "n099" {
		t.Errorf("selected %d, named %d to %s", got.Selected, len(got.Namespaces), got.Namespaces[len(got.Namespaces)-1])
	}
}

func TestDecide_SaysWhatCannotWork(t *testing.T) {
	t.Parallel()
	garbled := ofTeam("shop")
	garbled.Spec.Namespaces.Selector = &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "team", Operator: "Like"}}}
	unknown := ofTeam("shop")
	for range 2 {
		unknown.Spec.Allow = append(unknown.Spec.Allow, v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.unheard"}})
	}
	lost := ofTeam("shop")
	lost.Spec.Tenants = []string{"corp", "lab"}
	for name, row := range map[string]struct {
		obj     *v1alpha1.RegistrationPolicy
		refusal string
		remark  string
	}{
		"nothing":                          {obj: ofTeam("shop")},
		"a selector that cannot be read":   {obj: garbled, refusal: "spec.namespaces.selector: "},
		"a field that no kind has":         {obj: unknown, refusal: `spec.allow[0].field.path: no kind has the field "spec.unheard"; spec.allow[1].`},
		"a tenant that does not exist yet": {obj: lost, remark: `the policy counts; spec.tenants: no EntraTenant is called "lab"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := kindOf(t, nil, &v1alpha1.EntraTenant{ObjectMeta: metav1.ObjectMeta{Name: "corp"}})
			plan := decidePurely(t, kind, row.obj, read(t, kind, row.obj))
			if len(plan.Steps) > 0 || plan.Revisit != time.Minute || plan.Remark != row.remark {
				t.Errorf("got %+v", plan)
			}
			refusal := engine.Refusal{Reason: v1alpha1.ReasonInvalid}
			if plan.Refusal != nil {
				refusal = *plan.Refusal
			}
			begins := strings.HasPrefix(refusal.Message, row.refusal) && (refusal.Message == "") == (row.refusal == "")
			if refusal.Reason != v1alpha1.ReasonInvalid || !begins {
				t.Errorf("got %+v", refusal)
			}
		})
	}
}

func TestDecide_NamesTenFaults(t *testing.T) {
	t.Parallel()
	unknown := ofTeam("shop")
	for range 12 {
		unknown.Spec.Allow = append(unknown.Spec.Allow, v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.unheard"}})
	}
	kind := kindOf(t, nil)
	if message := decidePurely(t, kind, unknown, registrationpolicy.World{}).Refusal.Message; !strings.HasSuffix(message, "; and 2 more") {
		t.Errorf("got %q", message)
	}
}

func TestWatches_NamespacesAndTenantsWakeEveryPolicy(t *testing.T) {
	t.Parallel()
	kind := kindOf(t, nil, ofTeam("shop"), ofTeam("bank"))
	before, after := namespace("a", "shop"), namespace("a", "bank")
	for _, watch := range kind.Watches(nil) {
		if got := watch.Wakes(t.Context(), before); len(got) != 2 || got[0].Name != "bank" || got[1].Name != "shop" {
			t.Errorf("%T wakes %v", watch.Object, got)
		}
		if _, is := watch.Object.(*corev1.Namespace); is {
			if !watch.When.Update(event.UpdateEvent{ObjectOld: before, ObjectNew: after}) || watch.When.Update(event.UpdateEvent{ObjectOld: before, ObjectNew: before.DeepCopy()}) {
				t.Error("only another label of a namespace matters")
			}
		}
	}
}

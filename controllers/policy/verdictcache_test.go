package policy_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// noted is a gate that has reviewed two objects: one uses a host and the other a custom scheme, which a policy allows.
func noted() (gate court, hosted, custom types.NamespacedName) {
	gate = baseline().with(everywhere("open", rules(appURI), nil))
	gate.VerdictCache = policy.NewVerdictCache()
	for name, request := range map[string]policy.Request{"hosted": site, "custom": app} {
		review := gate.ask("AppRegistration", request)
		review.Name = name
		gate.Evaluate(review)
	}
	return gate, types.NamespacedName{Namespace: "shop", Name: "hosted"}, types.NamespacedName{Namespace: "shop", Name: "custom"}
}

func TestMovedAreThoseWhomAChangeTouches(t *testing.T) {
	t.Parallel()
	audit := everywhere("watch", nil, rules(anyHost))
	audit.Spec.Enforcement = v1alpha1.EnforcementAudit
	stranger := types.NamespacedName{Namespace: "shop", Name: "stranger"}
	_, hosted, custom := noted()
	for name, row := range map[string]struct {
		live     []types.NamespacedName
		policies []v1alpha1.RegistrationPolicy
		want     []types.NamespacedName
	}{
		"nobody, where nothing changed":       {[]types.NamespacedName{hosted, custom}, []v1alpha1.RegistrationPolicy{everywhere("open", rules(appURI), nil)}, nil},
		"nobody, where another rule came":     {[]types.NamespacedName{hosted, custom}, []v1alpha1.RegistrationPolicy{everywhere("open", rules(appURI, roles(v1alpha1.PolicyAPI{}, "x")), nil)}, nil},
		"whom the rule that went had allowed": {[]types.NamespacedName{hosted, custom}, nil, []types.NamespacedName{custom}},
		"whom a new deny is about":            {[]types.NamespacedName{hosted, custom}, []v1alpha1.RegistrationPolicy{everywhere("open", rules(appURI), rules(anyHost))}, []types.NamespacedName{hosted, custom}},
		"whom a shadow falls on":              {[]types.NamespacedName{hosted}, []v1alpha1.RegistrationPolicy{everywhere("open", rules(appURI), nil), audit}, []types.NamespacedName{hosted}},
		"who was never heard":                 {[]types.NamespacedName{hosted, stranger}, []v1alpha1.RegistrationPolicy{everywhere("open", rules(appURI), nil)}, []types.NamespacedName{stranger}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gate, _, _ := noted()
			if diff := cmp.Diff(row.want, gate.VerdictCache.Moved("AppRegistration", row.live, row.policies)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAKindMayChangeItsVerdict : it may spare what the gate would revoke, and is not woken for that.
func TestAKindMayChangeItsVerdict(t *testing.T) {
	t.Parallel()
	gate := baseline()
	gate.VerdictCache = policy.NewVerdictCache()
	review := gate.ask("AppRoleAssignment")
	review.Held = []policy.Request{ofGraph("RoleManagement.ReadWrite.Directory")}
	gate.Evaluate(review).Excess[0].Revoke = false
	if moved := gate.VerdictCache.Moved(review.Kind, []types.NamespacedName{{Namespace: review.Namespace, Name: review.Name}}, nil); len(moved) > 0 {
		t.Error("what the kind changed was taken for a change of policies")
	}
}

func TestTheOrderOfPoliciesMovesNobody(t *testing.T) {
	t.Parallel()
	gate := baseline().with(everywhere("a", nil, rules(anyHost)), everywhere("b", nil, rules(anyHost)), everywhere("c", nil, nil))
	gate.VerdictCache = policy.NewVerdictCache()
	gate.review("AppRegistration", site)
	slices.Reverse(gate.policies)
	if moved := gate.VerdictCache.Moved("AppRegistration", []types.NamespacedName{{Namespace: "shop", Name: "it"}}, gate.policies); len(moved) > 0 {
		t.Error("another order was taken for a change of policies")
	}
}

func TestTheLedgerForgetsWhatIsGone(t *testing.T) {
	t.Parallel()
	gate, hosted, custom := noted()
	gate.VerdictCache.Moved("AppRegistration", []types.NamespacedName{hosted}, gate.policies)
	got := gate.VerdictCache.Moved("AppRegistration", []types.NamespacedName{hosted, custom}, gate.policies)
	if diff := cmp.Diff([]types.NamespacedName{custom}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCountsAreObjects(t *testing.T) {
	t.Parallel()
	shut, watch, taking := everywhere("shut", nil, rules(anyHost)), everywhere("watch", nil, rules(anyHost)), everywhere("taking", nil, nil)
	watch.Spec.Enforcement, taking.Spec.Baseline = v1alpha1.EnforcementAudit, v1alpha1.BaselineNone
	gate := baseline().with(shut, watch, taking)
	gate.VerdictCache = policy.NewVerdictCache()
	for name, requests := range map[string][]policy.Request{
		"twice": {site, site}, "once": {site}, "named": {policy.Field{Path: "spec.displayName", Value: "x"}}, "odd": {policy.Field{Path: "spec.unheard", Value: "x"}},
	} {
		review := gate.ask("AppRegistration", requests...)
		review.Name = name
		if name == "once" {
			review.Held, review.Requests = review.Requests, nil
		}
		gate.Evaluate(review)
	}
	for name, want := range map[string][2]int{"shut": {2, 0}, "watch": {0, 2}, "taking": {1, 0}, "unheard": {}} {
		denied, wouldDeny := gate.VerdictCache.Counts(name)
		if got := [2]int{denied, wouldDeny}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestAGateWithoutALedgerWorks(t *testing.T) {
	t.Parallel()
	gate, hosted, _ := noted()
	gate.VerdictCache = nil
	if !passes(gate, "AppRegistration", site) {
		t.Error("denied")
	}
	if got := gate.VerdictCache.Moved("AppRegistration", []types.NamespacedName{hosted}, nil); len(got) != 1 {
		t.Error("who is not known has to look again")
	}
	if denied, would := gate.VerdictCache.Counts("open"); denied+would != 0 {
		t.Error("it counted")
	}
}

func TestTheLedgerTakesManyAtOnce(t *testing.T) {
	t.Parallel()
	gate, hosted, custom := noted()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				gate.review("AppRegistration", site)
				gate.VerdictCache.Moved("AppRegistration", []types.NamespacedName{hosted, custom}, gate.policies)
				gate.VerdictCache.Counts("open")
			}
		})
	}
	all.Wait()
}

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

// named is an object of namespace shop.
func named(name string) types.NamespacedName {
	return types.NamespacedName{Namespace: "shop", Name: name}
}

// noted is a gate, and a cache that has its verdicts on two objects: one uses a host and the other a custom scheme, which a policy allows.
func noted() (gate fixture, cache *policy.VerdictCache) {
	gate, cache = baseline().with(everywhere("open", rules(appURI), nil)), policy.NewVerdictCache()
	cache.Note("AppRegistration", named("hosted"), gate.evaluate("AppRegistration", site))
	cache.Note("AppRegistration", named("custom"), gate.evaluate("AppRegistration", app))
	return gate, cache
}

func TestVerdictCache_ChangedAreThoseWhomAPolicyTouches(t *testing.T) {
	t.Parallel()
	audit := everywhere("watch", nil, rules(anyHost))
	audit.Spec.Enforcement = v1alpha1.EnforcementAudit
	hosted, custom, unknown := named("hosted"), named("custom"), named("unknown")
	for name, row := range map[string]struct {
		live     []types.NamespacedName
		policies []v1alpha1.RegistrationPolicy
		want     []types.NamespacedName
	}{
		"nobody, where nothing changed":       {[]types.NamespacedName{hosted, custom}, []v1alpha1.RegistrationPolicy{everywhere("open", rules(appURI), nil)}, nil},
		"nobody, where another rule came":     {[]types.NamespacedName{hosted, custom}, []v1alpha1.RegistrationPolicy{everywhere("open", rules(appURI, roles(v1alpha1.PolicyAPI{}, "x")), nil)}, nil},
		"whom the rule that went had allowed": {[]types.NamespacedName{hosted, custom}, nil, []types.NamespacedName{custom}},
		"whom a new deny is about":            {[]types.NamespacedName{hosted, custom}, []v1alpha1.RegistrationPolicy{everywhere("open", rules(appURI), rules(anyHost))}, []types.NamespacedName{hosted, custom}},
		"whom a policy in Audit would deny":   {[]types.NamespacedName{hosted}, []v1alpha1.RegistrationPolicy{everywhere("open", rules(appURI), nil), audit}, []types.NamespacedName{hosted}},
		"who is not known":                    {[]types.NamespacedName{hosted, unknown}, []v1alpha1.RegistrationPolicy{everywhere("open", rules(appURI), nil)}, []types.NamespacedName{unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, cache := noted()
			if diff := cmp.Diff(row.want, cache.Changed("AppRegistration", row.live, row.policies)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// It is not enqueued again for that.
func TestVerdictCache_KindMayKeepWhatTheGateRevokes(t *testing.T) {
	t.Parallel()
	gate, cache := baseline(), policy.NewVerdictCache()
	review := gate.review("AppRoleAssignment")
	review.Held = []policy.Request{graphRole("RoleManagement.ReadWrite.Directory")}
	verdict := gate.Evaluate(review)
	verdict.Excess[0].Revoke = false
	cache.Note(review.Kind, named("it"), verdict)
	if changed := cache.Changed(review.Kind, []types.NamespacedName{named("it")}, nil); len(changed) > 0 {
		t.Error("what the kind changed was taken for a change of policies")
	}
}

func TestVerdictCache_IgnoresTheOrderOfPolicies(t *testing.T) {
	t.Parallel()
	gate := baseline().with(everywhere("a", nil, rules(anyHost)), everywhere("b", nil, rules(anyHost)), everywhere("c", nil, nil))
	cache := policy.NewVerdictCache()
	cache.Note("AppRegistration", named("it"), gate.evaluate("AppRegistration", site))
	slices.Reverse(gate.policies)
	if changed := cache.Changed("AppRegistration", []types.NamespacedName{named("it")}, gate.policies); len(changed) > 0 {
		t.Error("another order was taken for a change of policies")
	}
}

func TestVerdictCache_ForgetsWhatIsGone(t *testing.T) {
	t.Parallel()
	gate, cache := noted()
	cache.Forget("AppRegistration", named("custom"))
	got := cache.Changed("AppRegistration", []types.NamespacedName{named("hosted"), named("custom")}, gate.policies)
	if diff := cmp.Diff([]types.NamespacedName{named("custom")}, got); diff != "" {
		t.Error(diff)
	}
}

func TestVerdictCache_CountsObjects(t *testing.T) {
	t.Parallel()
	shut, watch, taking := everywhere("shut", nil, rules(anyHost)), everywhere("watch", nil, rules(anyHost)), everywhere("taking", nil, nil)
	watch.Spec.Enforcement, taking.Spec.Baseline = v1alpha1.EnforcementAudit, v1alpha1.BaselineNone
	gate, cache := baseline().with(shut, watch, taking), policy.NewVerdictCache()
	for name, requests := range map[string][]policy.Request{
		"twice": {site, site}, "once": {site}, "named": {policy.Field{Path: "spec.displayName", Value: "x"}}, "odd": {policy.Field{Path: "spec.unknown", Value: "x"}},
	} {
		review := gate.review("AppRegistration", requests...)
		if name == "once" {
			review.Held, review.Requests = review.Requests, nil
		}
		cache.Note(review.Kind, named(name), gate.Evaluate(review))
	}
	for name, want := range map[string][2]int{"shut": {2, 0}, "watch": {0, 2}, "taking": {1, 0}, "unknown": {}} {
		denied, wouldDeny := cache.Counts(name)
		if got := [2]int{denied, wouldDeny}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestVerdictCache_NilRemembersNothing(t *testing.T) {
	t.Parallel()
	var cache *policy.VerdictCache
	if got := cache.Changed("AppRegistration", []types.NamespacedName{named("it")}, nil); len(got) != 1 {
		t.Error("who is not known has to look again")
	}
	if denied, would := cache.Counts("open"); denied+would != 0 {
		t.Error("it counted")
	}
}

func TestVerdictCache_TakesManyAtOnce(t *testing.T) {
	t.Parallel()
	gate, cache := noted()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				cache.Note("AppRegistration", named("hosted"), gate.evaluate("AppRegistration", site))
				cache.Changed("AppRegistration", []types.NamespacedName{named("hosted"), named("custom")}, gate.policies)
				cache.Counts("open")
				cache.Forget("AppRegistration", named("custom"))
			}
		})
	}
	all.Wait()
}

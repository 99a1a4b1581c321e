package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// anyHost is a wide rule, which allows site and not app; appURI allows app.
var (
	anyHost = v1alpha1.PolicyRule{Redirect: &v1alpha1.RedirectRule{Hosts: []string{policy.Any}}}
	appURI  = v1alpha1.PolicyRule{Redirect: &v1alpha1.RedirectRule{URIs: []string{"myapp://auth"}}}
	app     = policy.Redirect{Path: "spec.web.redirectURIs[0]", Platform: v1alpha1.RedirectWeb, URI: "myapp://auth"}
	site    = policy.Redirect{Path: "spec.web.redirectURIs[0]", Platform: v1alpha1.RedirectWeb, URI: "https://a.example.com/"}
)

func TestGate_TwoRulesDoNotAddUp(t *testing.T) {
	t.Parallel()
	spa := v1alpha1.PolicyRule{Redirect: &v1alpha1.RedirectRule{
		Platforms: []v1alpha1.RedirectPlatform{v1alpha1.RedirectSPA}, Hosts: []string{policy.Any},
	}}
	host := v1alpha1.PolicyRule{Redirect: &v1alpha1.RedirectRule{
		Platforms: []v1alpha1.RedirectPlatform{v1alpha1.RedirectWeb}, Hosts: []string{"b.example.com"},
	}}
	if passes(fixture{}.with(everywhere("a", rules(spa), nil), everywhere("b", rules(host), nil)), "AppRegistration", site) {
		t.Error("the platform of one rule and the host of another made an opening")
	}
}

func TestGate_DenyWinsOverEveryAllow(t *testing.T) {
	t.Parallel()
	gate := baseline().with(everywhere("open", rules(anyHost, appURI), nil), everywhere("shut", nil, rules(anyHost)))
	for _, uri := range []string{"https://a.example.com/", "myapp://auth", "https://a.github.io"} {
		got := gate.evaluate("AppRegistration", policy.Redirect{Path: "spec.web.redirectURIs[0]", Platform: v1alpha1.RedirectWeb, URI: uri}).Denied
		if len(got) != 1 || got[0].Because != "policy shut denies it" {
			t.Errorf("%s: %v", uri, got)
		}
	}
}

func TestPolicy_CountsWhereItSelects(t *testing.T) {
	t.Parallel()
	policyOf := func(change func(*v1alpha1.RegistrationPolicySpec)) v1alpha1.RegistrationPolicy {
		p := everywhere("team", rules(appURI), nil)
		change(&p.Spec)
		return p
	}
	by := func(selector metav1.LabelSelector) v1alpha1.RegistrationPolicy {
		return policyOf(func(s *v1alpha1.RegistrationPolicySpec) {
			s.Namespaces = v1alpha1.NamespaceSelection{Selector: &selector}
		})
	}
	named := func(names ...string) v1alpha1.RegistrationPolicy {
		return policyOf(func(s *v1alpha1.RegistrationPolicySpec) { s.Namespaces = v1alpha1.NamespaceSelection{Names: names} })
	}
	for name, row := range map[string]struct {
		policy v1alpha1.RegistrationPolicy
		want   bool
	}{
		"everywhere":                        {policyOf(func(*v1alpha1.RegistrationPolicySpec) {}), true},
		"a namespace by name":               {named("bank", "shop"), true},
		"not another namespace":             {named("bank"), false},
		"a namespace by label":              {by(metav1.LabelSelector{MatchLabels: map[string]string{"team": "shop"}}), true},
		"not one without the label":         {by(metav1.LabelSelector{MatchLabels: map[string]string{"team": "bank"}}), false},
		"an empty selector selects nothing": {by(metav1.LabelSelector{}), false},
		"a selector that nobody can read allows nothing": {by(metav1.LabelSelector{
			MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "team", Operator: "Like"}}}), false},
		"no selection selects nothing":     {policyOf(func(s *v1alpha1.RegistrationPolicySpec) { s.Namespaces.All = false }), false},
		"its tenant":                       {policyOf(func(s *v1alpha1.RegistrationPolicySpec) { s.Tenants = []string{"corp"} }), true},
		"not another tenant":               {policyOf(func(s *v1alpha1.RegistrationPolicySpec) { s.Tenants = []string{"lab"} }), false},
		"a policy in Audit allows nothing": {policyOf(func(s *v1alpha1.RegistrationPolicySpec) { s.Enforcement = v1alpha1.EnforcementAudit }), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(fixture{}.with(row.policy), "AppRegistration", app); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
}

// Its denies hold everywhere, and it takes the baseline away everywhere.
func TestPolicy_InvalidSelectorDeniesEverywhere(t *testing.T) {
	t.Parallel()
	garbled := v1alpha1.NamespaceSelection{Selector: &metav1.LabelSelector{
		MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "team", Operator: "Like"}},
	}}
	denies, takes := everywhere("garbled", nil, rules(anyHost)), everywhere("garbled", nil, nil)
	denies.Spec.Namespaces, takes.Spec.Namespaces, takes.Spec.Baseline = garbled, garbled, v1alpha1.BaselineNone
	if passes(baseline().with(denies), "AppRegistration", site) || passes(baseline().with(takes), "AppRegistration", site) {
		t.Error("a policy whose selector cannot be read opened something")
	}
}

func TestPolicy_BaselineNoneRemovesTheBaseline(t *testing.T) {
	t.Parallel()
	taking := everywhere("strict", rules(appURI), nil)
	taking.Spec.Baseline = v1alpha1.BaselineNone
	got := baseline().with(taking).evaluate("AppRegistration", site, app).Denied
	want := []policy.Denial{{
		Path: "spec.web.redirectURIs[0]", Asked: `redirect URI "https://a.example.com/" for web`, Because: "no rule allows it",
		By: []string{"strict"}, LookedAt: []string{"no baseline, because of policy strict", "policy strict"},
		Rule: `{"redirect":{"platforms":["web"],"hosts":["a.example.com"]}}`,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	taking.Spec.Namespaces = v1alpha1.NamespaceSelection{Names: []string{"bank"}}
	if !passes(baseline().with(taking), "AppRegistration", site) {
		t.Error("the baseline was taken from a namespace that the policy does not select")
	}
}

func TestOperator_IsNeverPrincipalClientOrTarget(t *testing.T) {
	t.Parallel()
	everything := v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
		Principals: []v1alpha1.PolicyPrincipal{{Kind: v1alpha1.PrincipalAppRegistration}},
		API:        v1alpha1.PolicyAPI{OwnNamespace: true}, Roles: []string{policy.Any},
	}}
	clients := v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.api.knownClients.appID", Values: []string{policy.Any}}}
	consents := v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{
		API: v1alpha1.PolicyAPI{OwnNamespace: true}, Scopes: []string{policy.Any}, Users: v1alpha1.ConsentAll,
	}}
	identities := v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{ManagedIdentity: &v1alpha1.ManagedIdentityRule{ObjectIDs: []v1alpha1.GUID{operator}}}}
	asAPI := newAssignment(worker, ownAPI)
	asAPI.API.AppID = operator
	open := allowing(everything, clients, consents, identities)
	for name, review := range map[string]policy.Review{
		"as a principal":    open.review("AppRoleAssignment", newAssignment(operator, ownAPI)),
		"as a client":       open.review("DelegatedPermissionGrant", policy.Consent{ClientAppID: operator, API: ownAPI, ScopeID: readAll}),
		"as a known client": open.review("AppRegistration", policy.Field{Path: "spec.api.knownClients[0].appID", Value: operator}),
		"as who is trusted": open.review("FederatedCredential", policy.Federation{
			Issuer: "https://tenant", TenantIssuer: "https://tenant", Subject: operator, Audience: cloud, CloudAudience: cloud}),
		"as an API, without its appID in the rule": open.review("AppRoleAssignment", asAPI),
		"as a target": {Kind: "AppRegistration", Targets: []string{worker, operator}, Policies: open.policies},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := open.Evaluate(review).Denied; len(got) != 0 && name != "as a target" {
				t.Fatalf("denied before it is the operator's own: %v", got)
			}
			review.Operator = []string{strings.ToUpper(operator)}
			if got := open.Evaluate(review).Denied; len(got) != 1 {
				t.Errorf("allowed: %v", got)
			}
		})
	}
}

func TestOperator_APINeedsItsAppIDInTheRule(t *testing.T) {
	t.Parallel()
	asked := newAssignment(worker, policy.API{AppID: operator, ObjectID: orders})
	rule, possible := policy.NarrowestRule(asked)
	open := allowing(rule)
	review := open.review("AppRoleAssignment", asked)
	review.Operator = []string{operator}
	if got := open.Evaluate(review).Denied; !possible || len(got) != 0 {
		t.Errorf("denied: %v", got)
	}
}

func TestDenial_SaysThatALifetimeIsTooLong(t *testing.T) {
	t.Parallel()
	rule := roles(v1alpha1.PolicyAPI{AppID: appID}, policy.Any)
	rule.Assign.MaxDuration = &metav1.Duration{Duration: time.Hour}
	got := allowing(rule).evaluate("AppRoleAssignment", newAssignment(worker, otherAPI)).Denied
	if len(got) != 1 || got[0].Because != "a rule allows it for a shorter time only: set spec.notAfter nearer" {
		t.Errorf("got %v", got)
	}
}

func TestMessage_SaysEverything(t *testing.T) {
	t.Parallel()
	got := baseline().with(everywhere("team", nil, nil)).evaluate("AppRegistration",
		policy.Field{Path: "spec.displayName", Value: "Orders"},
		policy.Field{Path: "spec.signInAudience", Value: "AzureADMultipleOrgs"},
		policy.Redirect{Path: "spec.web.redirectURIs[1]", Platform: v1alpha1.RedirectWeb, URI: "https://orders.github.io/cb"},
		policy.Field{Path: "spec.api.scopes[0].type", Value: "User"},
	).Denied
	want := `spec.signInAudience: "AzureADMultipleOrgs": no rule allows it; this rule would: ` +
		`{"field":{"path":"spec.signInAudience","values":["AzureADMultipleOrgs"]}}; ` +
		`spec.web.redirectURIs[1]: redirect URI "https://orders.github.io/cb" for web: no rule allows it; this rule would: ` +
		`{"redirect":{"platforms":["web"],"hosts":["orders.github.io"]}}; ` +
		`spec.api.scopes[0].type: "User": no rule allows it; this rule would: {"field":{"path":"spec.api.scopes.type","values":["User"]}}` +
		` (looked at: baseline Default, policy team)`
	if diff := cmp.Diff(want, policy.Message(got)); diff != "" {
		t.Error(diff)
	}
}

package policy_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

var legacy = policy.API{AppID: "00000002-0000-0000-c000-000000000000"}

// The values that policies and requests are drawn from: few, so that they meet.
var (
	apis       = rapid.SampledFrom([]policy.API{ownAPI, openAPI, withheldAPI, msGraph, legacy, {AppID: operator}, {AppID: operator, Namespace: "shop", Name: "it", OwnNamespace: true}})
	permission = rapid.SampledFrom([]string{"User.Read", "User.ReadWrite.All", "Directory.AccessAsUser.All", "Mail.Read"})
	entries    = rapid.SliceOfN(rapid.SampledFrom([]string{
		"*", "User.*", "User.Read", "User.ReadWrite.All", "*.*.All", "Directory.AccessAsUser.All", "Mail.*", readAll,
	}), 1, 2)
	principal = rapid.SampledFrom([]string{worker, orders, operator})
	kinds     = rapid.SampledFrom([]v1alpha1.PrincipalKind{v1alpha1.PrincipalAppRegistration, v1alpha1.PrincipalGroup})
	lives     = rapid.SampledFrom([]time.Duration{0, 0, time.Hour, 48 * time.Hour})
	platforms = rapid.SampledFrom([]v1alpha1.RedirectPlatform{v1alpha1.RedirectWeb, v1alpha1.RedirectSPA})
	deletions = rapid.SampledFrom([]v1alpha1.DeletionPolicy{v1alpha1.DeletionDelete, v1alpha1.DeletionPurge, v1alpha1.DeletionOrphan})
)

var ruleAPIs = rapid.SampledFrom([]v1alpha1.PolicyAPI{
	{OwnNamespace: true}, {AllowedConsumer: true}, {AppID: appID}, {AppID: operator}, {WellKnown: v1alpha1.MicrosoftGraph}, {AppID: v1alpha1.GUID(legacy.AppID)},
	{AppRegistrationRef: &v1alpha1.PolicyAppRegistration{Namespace: "bank", Name: "accounts-api"}},
})

func drawRequest(t *rapid.T) policy.Request {
	api, value := apis.Draw(t, "api"), permission.Draw(t, "permission")
	switch rapid.IntRange(0, 5).Draw(t, "request") {
	case 0:
		path := rapid.SampledFrom([]string{"spec.displayName", "spec.signInAudience", "spec.unknown"}).Draw(t, "path")
		return policy.Field{Path: path, Value: rapid.SampledFrom([]string{"AzureADMyOrg", "x"}).Draw(t, "value")}
	case 1:
		host := rapid.SampledFrom([]string{"a.example.com", "b.github.io", "localhost"}).Draw(t, "host")
		return policy.Redirect{Platform: platforms.Draw(t, "platform"), URI: rapid.SampledFrom([]string{"http", "https"}).Draw(t, "scheme") + "://" + host + "/cb"}
	case 2:
		return policy.Deletion{Policy: deletions.Draw(t, "deletion")}
	case 3:
		return newDeclaration(rapid.SampledFrom([]v1alpha1.PermissionType{v1alpha1.PermissionDelegated, v1alpha1.PermissionApplication}).Draw(t, "type"), api, value)
	case 4:
		asked := newConsent(api, value, rapid.SampledFrom([]string{"", worker}).Draw(t, "user"))
		asked.ClientID, asked.ClientAppID, asked.Lifetime = principal.Draw(t, "client"), "", lives.Draw(t, "life")
		return asked
	default:
		asked := newAssignment(principal.Draw(t, "principal"), api)
		asked.Role, asked.PrincipalKind, asked.Lifetime = value, kinds.Draw(t, "kind"), lives.Draw(t, "life")
		return asked
	}
}

func drawRule(t *rapid.T) v1alpha1.PolicyRule {
	var most *metav1.Duration
	if rapid.Bool().Draw(t, "bounded") {
		most = &metav1.Duration{Duration: 24 * time.Hour}
	}
	switch rapid.IntRange(0, 5).Draw(t, "rule") {
	case 0:
		path := rapid.SampledFrom([]string{"spec.displayName", "spec.signInAudience", "spec.unknown"}).Draw(t, "path")
		return v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: path, Values: []string{rapid.SampledFrom([]string{"*", "x"}).Draw(t, "value")}}}
	case 1:
		hosts := rapid.SampledFrom([]string{"*", "*.example.com", "a.example.com", "b.github.io", "*.github.io", "localhost"}).Draw(t, "host")
		return v1alpha1.PolicyRule{Redirect: &v1alpha1.RedirectRule{Hosts: []string{hosts}, Platforms: rapid.SliceOfN(platforms, 0, 1).Draw(t, "platforms")}}
	case 2:
		return v1alpha1.PolicyRule{Delete: &v1alpha1.DeleteRule{
			Policies: []v1alpha1.DeletionPolicy{deletions.Draw(t, "deletion")},
		}}
	case 3:
		return v1alpha1.PolicyRule{Declare: &v1alpha1.DeclareRule{
			API: ruleAPIs.Draw(t, "api"), Delegated: entries.Draw(t, "delegated"), Application: entries.Draw(t, "application"),
		}}
	case 4:
		users := rapid.SampledFrom([]v1alpha1.ConsentUsers{"", v1alpha1.ConsentAll, v1alpha1.ConsentOne}).Draw(t, "users")
		return v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{API: ruleAPIs.Draw(t, "api"), Scopes: entries.Draw(t, "scopes"), Users: users, MaxDuration: most}}
	default:
		who := v1alpha1.PolicyPrincipal{Kind: kinds.Draw(t, "kind")}
		if rapid.Bool().Draw(t, "one") {
			who.ObjectID = v1alpha1.GUID(principal.Draw(t, "principal"))
		}
		return v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
			Principals: []v1alpha1.PolicyPrincipal{who}, API: ruleAPIs.Draw(t, "api"), Roles: entries.Draw(t, "roles"), MaxDuration: most,
		}}
	}
}

var drawnRules = rapid.SliceOfN(rapid.Custom(drawRule), 0, 4)

func drawPolicy(t *rapid.T) v1alpha1.RegistrationPolicy {
	labelled := func(operator metav1.LabelSelectorOperator, value string) v1alpha1.NamespaceSelection {
		return v1alpha1.NamespaceSelection{Selector: &metav1.LabelSelector{
			MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "team", Operator: operator, Values: []string{value}}},
		}}
	}
	drawn := everywhere("", drawnRules.Draw(t, "allow"), nil)
	if rapid.IntRange(0, 3).Draw(t, "denying") == 0 {
		drawn.Spec.Deny = drawnRules.Draw(t, "deny")
	}
	drawn.Spec.Namespaces = rapid.SampledFrom([]v1alpha1.NamespaceSelection{
		{All: true}, {All: true}, {Names: []string{"shop"}}, {Names: []string{"bank"}}, {},
		labelled(metav1.LabelSelectorOpIn, "shop"), labelled(metav1.LabelSelectorOpIn, "bank"), labelled("Like", "shop"), {Selector: &metav1.LabelSelector{}},
	}).Draw(t, "namespaces")
	drawn.Spec.Tenants = rapid.SampledFrom([][]string{nil, nil, {"corp"}, {"lab"}}).Draw(t, "tenants")
	drawn.Spec.Enforcement = rapid.SampledFrom([]v1alpha1.Enforcement{"", v1alpha1.EnforcementEnforce, v1alpha1.EnforcementAudit}).Draw(t, "enforcement")
	drawn.Spec.Baseline = rapid.SampledFrom([]v1alpha1.BaselineUse{"", v1alpha1.BaselineKeep, v1alpha1.BaselineNone}).Draw(t, "baseline")
	drawn.Spec.OnTightening = rapid.SampledFrom([]v1alpha1.Tightening{"", v1alpha1.TighteningReport, v1alpha1.TighteningRevoke}).Draw(t, "tightening")
	return drawn
}

func kindOf(request policy.Request) string {
	switch request.(type) {
	case policy.Assignment:
		return "AppRoleAssignment"
	case policy.Consent:
		return "DelegatedPermissionGrant"
	default:
		return "AppRegistration"
	}
}

// Whatever is drawn is evaluated as something new and as something held.
func TestGate_AgreesWithTheNaiveGate(t *testing.T) {
	t.Parallel()
	for range 50 { // a hundred draws each
		rapid.Check(t, agrees)
	}
}

func agrees(t *rapid.T) {
	var gate fixture
	hasBaseline := rapid.Bool().Draw(t, "hasBaseline")
	if hasBaseline {
		gate = baseline()
	}
	gate.policies = rapid.SliceOfN(rapid.Custom(drawPolicy), 0, 5).Draw(t, "policies")
	for i := range gate.policies {
		gate.policies[i].Name = fmt.Sprint("p", i)
	}
	request := drawRequest(t)
	fresh := gate.review(kindOf(request), request)
	fresh.Operator, fresh.Justification = []string{operator}, "why"
	held := fresh
	held.Held, held.Requests = fresh.Requests, nil
	second := naiveGate{hasBaseline: hasBaseline, review: fresh}

	why := second.denial(request)
	got := gate.Evaluate(fresh)
	if (len(got.Denied) > 0) != (why != "") {
		t.Fatalf("%s: %v, want %q", request, got.Denied, why)
	}
	var wouldDeny []string
	for _, denial := range got.WouldDeny {
		wouldDeny = append(wouldDeny, denial.By...)
	}
	wanted := second.wouldDeny(request)
	slices.Sort(wouldDeny)
	slices.Sort(wanted)
	if !slices.Equal(wouldDeny, wanted) {
		t.Fatalf("%s: %v would deny it, want %v", request, wouldDeny, wanted)
	}
	kept := gate.Evaluate(held)
	if len(kept.Denied) > 0 || len(kept.Excess) != len(got.Denied) {
		t.Fatalf("%s, held: denied %v, in excess %v", request, kept.Denied, kept.Excess)
	}
	if len(kept.Excess) > 0 && kept.Excess[0].Revoke != second.revokes(request) {
		t.Fatalf("%s, held: revoke %t, want %t", request, kept.Excess[0].Revoke, second.revokes(request))
	}
}

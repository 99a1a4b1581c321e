package policy_test

import (
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

const (
	issuer = "https://oidc.example.com/cluster"
	cloud  = "api://AzureADTokenExchange"
	github = "https://token.actions.githubusercontent.com"
)

// newFederation is what a FederatedCredential in namespace shop asks for.
func newFederation(issuerOf, subject, audience string) policy.Federation {
	return policy.Federation{
		Path: "spec.oidc", Issuer: issuerOf, Subject: subject, Audience: audience,
		ClusterIssuer: issuer, Namespace: "shop", CloudAudience: cloud,
	}
}

func TestBaseline_TrustsOwnServiceAccountsOnly(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		request policy.Federation
		want    bool
	}{
		"a ServiceAccount of the own namespace":          {newFederation(issuer, "system:serviceaccount:shop:worker", cloud), true},
		"of another namespace":                           {newFederation(issuer, "system:serviceaccount:bank:worker", cloud), false},
		"of a namespace that begins alike":               {newFederation(issuer, "system:serviceaccount:shop-x:worker", cloud), false},
		"another issuer":                                 {newFederation(github, "system:serviceaccount:shop:worker", cloud), false},
		"an issuer that differs by a slash":              {newFederation(issuer+"/", "system:serviceaccount:shop:worker", cloud), false},
		"another audience":                               {newFederation(issuer, "system:serviceaccount:shop:worker", "api://other"), false},
		"an issuer's subject that is no ServiceAccount":  {newFederation(issuer, "system:node:shop:worker", cloud), false},
		"a subject with too many parts":                  {newFederation(issuer, "system:serviceaccount:shop:worker:x", cloud), false},
		"a subject without a name":                       {newFederation(issuer, "system:serviceaccount:shop:", cloud), false},
		"a subject that ends in a line break":            {newFederation(issuer, "system:serviceaccount:shop:worker\n", cloud), false},
		"a cluster without an issuer":                    {policy.Federation{Subject: "system:serviceaccount:shop:worker", Audience: cloud, Namespace: "shop", CloudAudience: cloud}, false},
		"an asking object without a namespace":           {policy.Federation{Issuer: issuer, ClusterIssuer: issuer, Subject: "system:serviceaccount::x", Audience: cloud, CloudAudience: cloud}, false},
		"no audience where the cloud's is not known yet": {policy.Federation{Issuer: issuer, ClusterIssuer: issuer, Subject: "system:serviceaccount:shop:worker", Namespace: "shop"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(baseline(), "FederatedCredential", row.request); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
}

func TestFederation_AllowRules(t *testing.T) {
	t.Parallel()
	teams := v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{ServiceAccounts: &v1alpha1.ServiceAccountsRule{Namespaces: []string{"team-*"}}}}
	actions := v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{
		Issuer: github, Subjects: []string{"repo:example/payments-*:environment:prod"},
	}}}
	other := v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{
		Issuer: issuer, Subjects: []string{policy.Any}, Audiences: []string{"api://other"},
	}}}
	for name, row := range map[string]struct {
		rule    v1alpha1.PolicyRule
		request policy.Federation
		want    bool
	}{
		"a namespace by pattern":                   {teams, newFederation(issuer, "system:serviceaccount:team-a:worker", cloud), true},
		"one that the pattern does not give":       {teams, newFederation(issuer, "system:serviceaccount:bank:worker", cloud), false},
		"named namespaces leave out the own":       {teams, newFederation(issuer, "system:serviceaccount:shop:worker", cloud), false},
		"a repository by pattern":                  {actions, newFederation(github, "repo:example/payments-web:environment:prod", cloud), true},
		"a pattern that would swallow a separator": {actions, newFederation(github, "repo:example/payments-x:ref:a/b:environment:prod", cloud), false},
		"another environment":                      {actions, newFederation(github, "repo:example/payments-web:environment:dev", cloud), false},
		"another audience than the cloud's":        {actions, newFederation(github, "repo:example/payments-web:environment:prod", "api://other"), false},
		"a listed audience":                        {other, newFederation(issuer, "system:serviceaccount:bank:x", "api://other"), true},
		"the cloud's where others are listed":      {other, newFederation(issuer, "system:serviceaccount:bank:x", cloud), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(allowing(row.rule), "FederatedCredential", row.request); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
}

func TestFederation_DenyCoversEveryAudience(t *testing.T) {
	t.Parallel()
	everything := v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{
		Issuer: github, Subjects: []string{policy.Any}, Audiences: []string{cloud, "api://other"},
	}}}
	gate := allowing(everything)
	gate.policies[0].Spec.Deny = []v1alpha1.PolicyRule{{Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{Issuer: github, Subjects: []string{"repo:evil/*"}}}}}
	if passes(gate, "FederatedCredential", newFederation(github, "repo:evil/x", "api://other")) {
		t.Error("a deny without audiences let one pass")
	}
	if !passes(gate, "FederatedCredential", newFederation(github, "repo:good/x", "api://other")) {
		t.Error("a deny of one subject denied another")
	}
}

func FuzzBaseline_TrustsOwnServiceAccountsOnly(f *testing.F) {
	f.Add(issuer, "system:serviceaccount:shop:worker", cloud)
	f.Add(issuer, "system:serviceaccount:bank:worker", cloud)
	f.Add(issuer+"/", "system:serviceaccount:shop:shop:worker", "")
	f.Fuzz(func(t *testing.T, issuerOf, subject, audience string) {
		if !passes(baseline(), "FederatedCredential", newFederation(issuerOf, subject, audience)) {
			return
		}
		name, own := strings.CutPrefix(subject, "system:serviceaccount:shop:")
		if issuerOf != issuer || audience != cloud || !own || name == "" || strings.Contains(name, ":") {
			t.Errorf("allowed subject %q of %q for %q", subject, issuerOf, audience)
		}
	})
}

// Of an issuer that a rule names, a subject is allowed exactly where naiveMatch says so.
func FuzzFederation_SubjectMatchesThePattern(f *testing.F) {
	f.Add("repo:example/payments-*:environment:prod", "repo:example/payments-web:environment:prod")
	f.Add("system:serviceaccount:team-*:*", "system:serviceaccount:team-a:x:y")
	f.Add("*", "anything at:all/")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, pattern, subject string) {
		if !isASCII(pattern + subject) {
			return // the naive match counts characters, the gate bytes
		}
		rule := v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{Issuer: issuer, Subjects: []string{pattern}}}}
		want := subject != "" && naiveMatch(pattern, subject, ":/")
		if got := passes(allowing(rule), "FederatedCredential", newFederation(issuer, subject, cloud)); got != want {
			t.Errorf("%q for %q: allowed %t, want %t", pattern, subject, got, want)
		}
		if passes(allowing(rule), "FederatedCredential", newFederation(github, subject, cloud)) {
			t.Errorf("%q allowed %q of another issuer", pattern, subject)
		}
	})
}

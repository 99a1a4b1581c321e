package policy_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

func onGitHub(change func(*v1alpha1.GitHubRule)) v1alpha1.PolicyRule {
	rule := v1alpha1.GitHubRule{Organization: "example", Repositories: []string{"payments-*"}}
	change(&rule)
	return v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{GitHub: &rule}}
}

func TestGitHub_AllowRules(t *testing.T) {
	t.Parallel()
	prod := onGitHub(func(r *v1alpha1.GitHubRule) { r.Environments = []string{"prod", "eu-*"} })
	refs := onGitHub(func(r *v1alpha1.GitHubRule) { r.Branches, r.Tags = []string{"main", "release/*"}, []string{policy.Any} })
	pulls := onGitHub(func(r *v1alpha1.GitHubRule) { r.PullRequests = true })
	for name, row := range map[string]struct {
		rule    v1alpha1.PolicyRule
		subject string
		want    bool
	}{
		"an environment":                           {prod, "repo:example/payments-web:environment:prod", true},
		"in the numbered form":                     {prod, "repo:example@12/payments-web@34:environment:prod", true},
		"an environment by pattern":                {prod, "repo:example/payments-web:environment:eu-west", true},
		"another environment":                      {prod, "repo:example/payments-web:environment:dev", false},
		"a branch named like the environment":      {prod, "repo:example/payments-web:ref:refs/heads/prod", false},
		"another repository":                       {prod, "repo:example/web:environment:prod", false},
		"another organization":                     {prod, "repo:other/payments-web:environment:prod", false},
		"an organization in other letters":         {prod, "repo:Example/payments-web:environment:prod", false},
		"an organization that begins alike":        {prod, "repo:example-evil/payments-web:environment:prod", false},
		"half of the numbered form":                {prod, "repo:example@12/payments-web:environment:prod", false},
		"numbers that are none":                    {prod, "repo:example@x/payments-web@y:environment:prod", false},
		"a repository with a path":                 {prod, "repo:example/payments-web/x:environment:prod", false},
		"a claim added at the end":                 {prod, "repo:example/payments-web:environment:prod:ref:refs/heads/x", false},
		"a claim added before":                     {prod, "repo:example/payments-web:actor:x:environment:prod", false},
		"an environment without a name":            {prod, "repo:example/payments-web:environment:", false},
		"a branch":                                 {refs, "repo:example/payments-web:ref:refs/heads/main", true},
		"a branch by pattern":                      {refs, "repo:example/payments-web:ref:refs/heads/release/1", true},
		"a branch that is deeper than the pattern": {refs, "repo:example/payments-web:ref:refs/heads/release/1/2", false},
		"any tag":                              {refs, "repo:example/payments-web:ref:refs/tags/v1/x", true},
		"another kind of ref":                  {refs, "repo:example/payments-web:ref:refs/pull/1/merge", false},
		"a pull request":                       {pulls, "repo:example/payments-web:pull_request", true},
		"a pull request where none is allowed": {refs, "repo:example/payments-web:pull_request", false},
		"a subject that only begins like it":   {pulls, "repo:example/payments-web:pull_request_target", false},
		"a subject with a line break":          {pulls, "repo:example/payments-web:pull_request\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(allowing(row.rule), "FederatedCredential", newFederation(github, row.subject, cloud)); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
			for _, other := range []policy.Federation{
				newFederation(issuer, row.subject, cloud), newFederation(github+"/", row.subject, cloud), newFederation(github, row.subject, "api://other"),
			} {
				if passes(allowing(row.rule), "FederatedCredential", other) {
					t.Errorf("allowed %s", other)
				}
			}
		})
	}
}

func TestManagedIdentity_IsNamedExactly(t *testing.T) {
	t.Parallel()
	const tenant = "https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/v2.0"
	rule := v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{ManagedIdentity: &v1alpha1.ManagedIdentityRule{ObjectIDs: []v1alpha1.GUID{worker, policy.Any}}}}
	asked := func(issuerOf, subject string) policy.Federation {
		review := newFederation(issuerOf, subject, cloud)
		review.TenantIssuer = tenant
		return review
	}
	for name, row := range map[string]struct {
		request policy.Federation
		want    bool
	}{
		"the one that is named":             {asked(tenant, worker), true},
		"another: there is no wildcard":     {asked(tenant, orders), false},
		"another tenant's":                  {asked(strings.Replace(tenant, "1111", "2222", 1), worker), false},
		"one where the tenant's is unknown": {newFederation(tenant, worker, cloud), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(allowing(rule), "FederatedCredential", row.request); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
}

// What a rule allows is spelled out, piece by piece, in the subject.
func FuzzGitHub_RuleAllowsItsOwnWorkflows(f *testing.F) {
	f.Add("example", "payments-*", "prod", "repo:example/payments-web:environment:prod")
	f.Add("example", "*", "*", "repo:example@1/x@2:ref:refs/heads/a/b")
	f.Add("example", "x", "", "repo:example/x:pull_request")
	f.Add("a", "b", "*", "repo:a/b:environment:x:ref:refs/heads/y")
	f.Fuzz(func(t *testing.T, organization, repository, name, subject string) {
		if !isASCII(organization + repository + name + subject) {
			return // the naive match counts characters, the gate bytes
		}
		rule := onGitHub(func(r *v1alpha1.GitHubRule) {
			r.Organization, r.Repositories, r.PullRequests = organization, []string{repository}, true
			r.Environments, r.Branches, r.Tags = []string{name}, []string{name}, []string{name}
		})
		shut := fixture{}.with(everywhere("open", rules(v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{
			Issuer: github, Subjects: []string{policy.Any},
		}}}), rules(rule)))
		review := newFederation(github, subject, cloud)
		if !passes(allowing(rule), "FederatedCredential", review) {
			return
		}
		if passes(shut, "FederatedCredential", review) {
			t.Errorf("%s allows %q and does not deny it", policy.RuleText(rule), subject)
		}
		star := func(pattern string) string {
			if pattern == policy.Any {
				return `.+`
			}
			return strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `[^:/]+`)
		}
		owner, repo := regexp.QuoteMeta(organization), star(repository)
		want := `(?s)\Arepo:` + owner + `(?:/` + repo + `|@[0-9]+/` + repo + `@[0-9]+)` +
			`:(?:(?:environment:|ref:refs/(?:heads|tags)/)` + star(name) + `|pull_request)\z`
		if strings.Count(subject, ":") > 3 || !regexp.MustCompile(want).MatchString(subject) {
			t.Errorf("%q of %q, %q and %q", subject, organization, repository, name)
		}
	})
}

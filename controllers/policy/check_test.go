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

func TestCheck_FindsWhatCannotWork(t *testing.T) {
	t.Parallel()
	federate := func(rule v1alpha1.FederateRule) v1alpha1.PolicyRule { return v1alpha1.PolicyRule{Federate: &rule} }
	graphAPI := v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}
	for name, row := range map[string]struct {
		rule            v1alpha1.PolicyRule
		faults, remarks []string // the beginning of each
	}{
		"a field that is judged by itself": {rule: v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.signInAudience"}}},
		"a field of another rule": {rule: v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.web.redirectURIs"}},
			faults: []string{`spec.allow[0].field.path: "spec.web.redirectURIs" is judged by redirect rules, not by field`}},
		"a field that no kind has": {rule: v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.unknown"}},
			faults: []string{`spec.allow[0].field.path: no kind has the field "spec.unknown"`}},
		"a host with a port": {rule: v1alpha1.PolicyRule{Redirect: &v1alpha1.RedirectRule{Hosts: []string{"a.example.com", "localhost:3000"}}},
			faults: []string{`spec.allow[0].redirect.hosts: "localhost:3000" can never match`}},
		"a repository with its organization": {rule: federate(v1alpha1.FederateRule{GitHub: &v1alpha1.GitHubRule{Organization: "a", Repositories: []string{"a/b"}}}),
			faults: []string{`spec.allow[0].federate.github.repositories: "a/b" can never match`}},
		"an organization by pattern": {rule: federate(v1alpha1.FederateRule{GitHub: &v1alpha1.GitHubRule{Organization: "a-*", Repositories: []string{"b"}}}),
			faults: []string{`spec.allow[0].federate.github.organization: "a-*" can never match`}},
		"an issuer by pattern": {rule: federate(v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{Issuer: "https://*"}}),
			faults: []string{`spec.allow[0].federate.oidc.issuer: "https://*" can never match`}},
		"a namespace that is none": {rule: federate(v1alpha1.FederateRule{ServiceAccounts: &v1alpha1.ServiceAccountsRule{Namespaces: []string{"a:b", "team-*"}}}),
			faults: []string{`spec.allow[0].federate.serviceAccounts.namespaces: "a:b" can never match`}},
		"a duration of nothing": {rule: v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{MaxDuration: &metav1.Duration{}}},
			faults: []string{"spec.allow[0].consent.maxDuration: it must be more than nothing"}},
		"a negative duration": {rule: v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{MaxDuration: &metav1.Duration{Duration: -time.Hour}}},
			faults: []string{"spec.allow[0].assign.maxDuration: it must be more than nothing"}},
		"every role of Microsoft Graph": {rule: roles(graphAPI, "*", "User.Read.All"),
			remarks: []string{`spec.allow[0].assign.roles: "*" leaves out permissions as good as Global Administrator`}},
		"a pattern for one that must be named": {rule: roles(v1alpha1.PolicyAPI{AppID: v1alpha1.GUID(msGraph.AppID)}, "Application.*.All"),
			remarks: []string{`spec.allow[0].assign.roles: "Application.*.All" leaves out`}},
		"a pattern for others":        {rule: roles(graphAPI, "Mail.*")},
		"every role of one's own API": {rule: roles(v1alpha1.PolicyAPI{OwnNamespace: true}, "*")},
		"anything of the legacy Graph": {rule: v1alpha1.PolicyRule{Declare: &v1alpha1.DeclareRule{API: v1alpha1.PolicyAPI{AppID: v1alpha1.GUID(legacy.AppID)}, Application: []string{"*"}}},
			remarks: []string{`spec.allow[0].declare.application: "*" leaves out`}},
		"every scope, for all users": {rule: v1alpha1.PolicyRule{Consent: &v1alpha1.ConsentRule{API: graphAPI, Scopes: []string{"*"}, Users: v1alpha1.ConsentAll}},
			remarks: []string{`spec.allow[0].consent.scopes: "*" leaves out`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := everywhere("it", rules(row.rule), nil).Spec
			faults, remarks := policy.Check(spec)
			for _, side := range []struct{ want, got []string }{{row.faults, faults}, {row.remarks, remarks}} {
				if len(side.want) != len(side.got) {
					t.Fatalf("faults %v, remarks %v", faults, remarks)
				}
				for i := range side.want {
					if !strings.HasPrefix(side.got[i], side.want[i]) {
						t.Errorf("got %q, want %q", side.got[i], side.want[i])
					}
				}
			}
		})
	}
}

func TestCheck_ReadsDeniesToo(t *testing.T) {
	t.Parallel()
	unknown := v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.unknown"}}
	faults, remarks := policy.Check(everywhere("it", nil, rules(roles(v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, "*"), unknown)).Spec)
	want := []string{`spec.deny[1].field.path: no kind has the field "spec.unknown"`}
	if diff := cmp.Diff(want, faults); diff != "" || len(remarks) > 0 {
		t.Errorf("%v %s", remarks, diff)
	}
}

func TestCheck_InvalidSelectorIsAFault(t *testing.T) {
	t.Parallel()
	spec := v1alpha1.RegistrationPolicySpec{Namespaces: v1alpha1.NamespaceSelection{Selector: &metav1.LabelSelector{
		MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "team", Operator: "Like"}},
	}}}
	faults, _ := policy.Check(spec)
	if len(faults) != 1 || !strings.HasPrefix(faults[0], "spec.namespaces.selector: ") {
		t.Errorf("got %v", faults)
	}
}

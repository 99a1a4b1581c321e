package policy_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

const (
	worker   = "aaaaaaaa-0000-4000-8000-000000000001"
	orders   = "aaaaaaaa-0000-4000-8000-000000000002"
	operator = "aaaaaaaa-0000-4000-8000-00000000000f"
	readAll  = "aaaaaaaa-0000-4000-8000-000000000003"
)

func gives(principal string, own bool) policy.Assignment {
	return policy.Assignment{
		Path: "spec.roles[0]", PrincipalKind: policy.AppRegistration, PrincipalID: principal, APIID: orders, APIAppID: appID,
		OwnAPI: own, RoleID: readAll, Role: "Orders.Read.All",
	}
}

func TestAssignmentsAndDeletions(t *testing.T) {
	t.Parallel()
	oneRole := policy.Rule{Assign: &policy.AssignRule{
		Principals: []policy.PrincipalMatch{{Kind: policy.AppRegistration, ObjectID: worker}},
		API:        policy.APIMatch{AppID: appID}, Roles: []string{readAll},
	}}
	for name, row := range map[string]struct {
		gate  policy.Gate
		kind  string
		tuple policy.Tuple
		want  bool
	}{
		"an application of the own namespace gets a role of one": {baseline(), "AppRoleAssignment", gives(worker, true), true},
		"not of an API elsewhere":                                {baseline(), "AppRoleAssignment", gives(worker, false), false},
		"a rule allows just that":                                {allowing(oneRole), "AppRoleAssignment", gives(worker, false), true},
		"and no other principal":                                 {allowing(oneRole), "AppRoleAssignment", gives(orders, false), false},
		"deletion is free":                                       {baseline(), "AppRegistration", policy.Deletion{Policy: "Delete"}, true},
		"leaving it alive is free":                               {baseline(), "AppRegistration", policy.Deletion{Policy: "Orphan"}, true},
		"a purge needs a rule":                                   {baseline(), "AppRegistration", policy.Deletion{Policy: "Purge"}, false},
		"and so does deleting what was there before":             {baseline(), "AppRegistration", policy.Deletion{Policy: "Delete", Adopted: true}, false},
		"a rule for our own is none for what was there before":   {allowing(policy.Rule{Delete: &policy.DeleteRule{Policies: []string{"Purge"}}}), "AppRegistration", policy.Deletion{Policy: "Purge", Adopted: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(row.gate, row.kind, row.tuple); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
}

func TestNoTwoRulesAddUp(t *testing.T) {
	t.Parallel()
	spa := policy.Rule{Redirect: &policy.RedirectRule{Platforms: []policy.Platform{policy.SPA}, Hosts: []string{policy.Any}}}
	host := policy.Rule{Redirect: &policy.RedirectRule{Platforms: []policy.Platform{policy.Web}, Hosts: []string{"a.example.com"}}}
	gate := policy.Gate{Policies: []policy.Policy{{Name: "a", Allow: []policy.Rule{spa}}, {Name: "b", Allow: []policy.Rule{host}}}}
	if passes(gate, "AppRegistration", policy.Redirect{Platform: policy.Web, URI: "https://b.example.com/"}) {
		t.Error("the platform of one rule and the host of another made an opening")
	}
}

func TestADenyWins(t *testing.T) {
	t.Parallel()
	gate := baseline()
	gate.Policies = []policy.Policy{
		{Name: "open", Allow: []policy.Rule{{Redirect: &policy.RedirectRule{Hosts: []string{policy.Any}, URIs: []string{"myapp://auth"}}}}},
		{Name: "shut", Deny: []policy.Rule{{Redirect: &policy.RedirectRule{Hosts: []string{policy.Any}}}}},
	}
	for _, uri := range []string{"https://a.example.com/", "myapp://auth", "https://a.github.io"} {
		got := gate.Review(policy.Ask{Kind: "AppRegistration", Tuples: []policy.Tuple{policy.Redirect{Path: "spec.web.redirectURIs[0]", Platform: policy.Web, URI: uri}}})
		if len(got) != 1 || got[0].Because != "policy shut denies it" {
			t.Errorf("%s: %v", uri, got)
		}
	}
}

func TestTheOperatorsOwnIdentityIsNeverInIt(t *testing.T) {
	t.Parallel()
	everything := policy.Rule{Assign: &policy.AssignRule{
		Principals: []policy.PrincipalMatch{{Kind: policy.AppRegistration}}, API: policy.APIMatch{OwnNamespace: true}, Roles: []string{policy.Any},
	}}
	asPrincipal, asAPI := gives(operator, true), gives(worker, true)
	asAPI.APIAppID = operator
	for name, ask := range map[string]policy.Ask{
		"as a principal": {Tuples: []policy.Tuple{asPrincipal}},
		"as an API":      {Tuples: []policy.Tuple{asAPI}},
		"as a target":    {Targets: []string{worker, operator}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ask.Kind, ask.Operator = "AppRoleAssignment", []string{strings.ToUpper(operator)}
			if len(allowing(everything).Review(ask)) != 1 || len(baseline().Review(ask)) != 1 {
				t.Error("allowed")
			}
		})
	}
}

func TestADenialTellsEverything(t *testing.T) {
	t.Parallel()
	gate := baseline()
	gate.Policies = []policy.Policy{{Name: "team"}}
	got := gate.Review(policy.Ask{Kind: "AppRegistration", Tuples: []policy.Tuple{
		policy.Field{Path: "spec.displayName", Value: "Orders"},
		policy.Field{Path: "spec.signInAudience", Value: "AzureADMultipleOrgs"},
		policy.Redirect{Path: "spec.web.redirectURIs[1]", Platform: policy.Web, URI: "https://orders.github.io/cb"},
		policy.Field{Path: "spec.api.scopes[0].type", Value: "User"},
	}})
	want := `spec.signInAudience: "AzureADMultipleOrgs": no rule allows it; this rule would: ` +
		`field {path: spec.signInAudience, values: [AzureADMultipleOrgs]}; ` +
		`spec.web.redirectURIs[1]: redirect URI "https://orders.github.io/cb" for web: no rule allows it; this rule would: ` +
		`redirect {platforms: [web], hosts: [orders.github.io]}; ` +
		`spec.api.scopes[0].type: "User": no rule allows it; this rule would: field {path: spec.api.scopes.type, values: [User]}` +
		` (looked at: baseline Default, policy team)`
	if diff := cmp.Diff(want, policy.Message(got)); diff != "" {
		t.Error(diff)
	}
}

func TestAMessageIsOneShortLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var tuples []policy.Tuple
		for i := range rapid.IntRange(1, 30).Draw(t, "tuples") {
			text := rapid.String().Draw(t, "text")
			if i%2 == 0 {
				text = strings.Repeat(text, 40)
			}
			tuples = append(tuples, policy.Field{Path: "spec.unheard", Value: text}, trust(text, text, text))
		}
		denials := policy.Gate{}.Review(policy.Ask{Kind: "AppRegistration", Tuples: tuples})
		message := policy.Message(denials)
		if len(denials) != len(tuples) || len(message) == 0 || len(message) > policy.MaxMessage {
			t.Fatalf("%d denials of %d in %d bytes", len(denials), len(tuples), len(message))
		}
		if strings.ContainsAny(message, "\n\r\x1b") || !utf8.ValidString(message) {
			t.Fatalf("not one line: %q", message)
		}
	})
}

// TestTheRemedyAllowsWhatWasDenied : what a denial proposes works, and opens no more than the tuple needs.
func TestTheRemedyAllowsWhatWasDenied(t *testing.T) {
	t.Parallel()
	host := rapid.StringMatching(`[a-z]{1,8}(\.[a-z]{1,8}){0,3}`)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z:/]{1,12}`)
		tuple := rapid.OneOf(
			rapid.Map(text, func(s string) policy.Tuple { return policy.Field{Path: "spec.a[3].b", Value: s} }),
			rapid.Map(host, func(s string) policy.Tuple { return policy.Redirect{Platform: policy.SPA, URI: "https://" + s + "/cb"} }),
			rapid.Map(text, func(s string) policy.Tuple { return policy.Redirect{Platform: policy.SPA, URI: s} }),
			rapid.Map(text, func(s string) policy.Tuple { return policy.IdentifierURI{URI: s} }),
			rapid.Map(text, func(s string) policy.Tuple { return trust(s, s, s) }),
			rapid.Map(host, func(s string) policy.Tuple { return trust(issuer, "system:serviceaccount:"+s[:1]+":"+s, cloud) }),
			rapid.Map(text, func(s string) policy.Tuple { return policy.Deletion{Policy: s, Adopted: len(s)%2 == 0} }),
			rapid.Map(text, func(s string) policy.Tuple { return gives(s, false) }),
		).Draw(t, "tuple")
		rule, possible := policy.Remedy(tuple)
		if !possible || !passes(allowing(rule), "AppRegistration", tuple) {
			t.Fatalf("%s is not allowed by %s", tuple, rule)
		}
		shut := allowing(rule)
		shut.Policies[0].Deny = []policy.Rule{rule}
		if passes(shut, "AppRegistration", tuple) {
			t.Fatalf("%s is not denied by %s", tuple, rule)
		}
	})
}

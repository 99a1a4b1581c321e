package policy_test

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

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
		ask := court{}.ask("AppRegistration", tuples...)
		ask.Held = tuples
		verdict := policy.Gate{}.Review(ask)
		if len(verdict.Denied) != len(tuples) || len(verdict.Excess) != len(tuples) {
			t.Fatalf("%d and %d of %d", len(verdict.Denied), len(verdict.Excess), len(tuples))
		}
		for _, message := range []string{policy.Message(verdict.Denied), verdict.Kept()} {
			if len(message) == 0 || len(message) > policy.MaxMessage {
				t.Fatalf("%d bytes", len(message))
			}
			if strings.ContainsAny(message, "\n\r\x1b") || !utf8.ValidString(message) {
				t.Fatalf("not one line: %q", message)
			}
		}
	})
}

// TestAPrintedRuleIsOneThatYAMLReads : what a denial proposes can be pasted into a policy.
func TestAPrintedRuleIsOneThatYAMLReads(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.tags", Values: []string{rapid.String().Draw(t, "value")}}}
		text := policy.Spell(want)
		if utf8.RuneCountInString(want.Field.Values[0]) < len(utf16.Encode([]rune(want.Field.Values[0]))) && text == "" {
			return // YAML cannot read how JSON writes it
		}
		for _, char := range text {
			if char < ' ' || char > '~' {
				t.Fatalf("%q is not plain ASCII", text)
			}
		}
		var got v1alpha1.PolicyRule
		if err := yaml.UnmarshalStrict([]byte(text), &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestTheRemedyAllowsWhatWasDenied : what a denial proposes works, and works as a deny too.
func TestTheRemedyAllowsWhatWasDenied(t *testing.T) {
	t.Parallel()
	host := rapid.StringMatching(`[a-z]{1,8}(\.[a-z]{1,8}){0,3}`)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z:/]{1,12}`)
		tuple := rapid.OneOf(
			rapid.Map(text, func(s string) policy.Tuple { return policy.Field{Path: "spec.a[3].b", Value: s} }),
			rapid.Map(host, func(s string) policy.Tuple {
				return policy.Redirect{Platform: v1alpha1.RedirectSPA, URI: "https://" + s + "/cb"}
			}),
			rapid.Map(text, func(s string) policy.Tuple { return policy.Redirect{Platform: v1alpha1.RedirectSPA, URI: s} }),
			rapid.Map(text, func(s string) policy.Tuple { return policy.IdentifierURI{URI: s} }),
			rapid.Map(text, func(s string) policy.Tuple { return trust(s, s, s) }),
			rapid.Map(host, func(s string) policy.Tuple { return trust(issuer, "system:serviceaccount:"+s[:1]+":"+s, cloud) }),
			rapid.Map(host, func(s string) policy.Tuple { return trust(github, "repo:example/"+s+":ref:refs/heads/"+s, cloud) }),
			rapid.Map(text, func(s string) policy.Tuple {
				return policy.Deletion{Policy: v1alpha1.DeletionPolicy(s), Adopted: len(s)%2 == 0}
			}),
			rapid.Map(text, func(s string) policy.Tuple { return gives(s, policy.API{AppID: appID}) }),
			rapid.Map(text, func(s string) policy.Tuple {
				return policy.Consent{ClientID: s, API: policy.API{AppID: appID, Namespace: "bank", Name: "api", AllowedConsumer: true}, ScopeID: s, Scope: s}
			}),
			rapid.Map(text, func(s string) policy.Tuple {
				return policy.Declaration{API: msGraph, ID: s, Value: "User.ReadWrite.All", Type: v1alpha1.PermissionApplication}
			}),
		).Draw(t, "tuple")
		rule, possible := policy.Remedy(tuple)
		if !possible || !passes(allowing(rule), "AppRegistration", tuple) {
			t.Fatalf("%s is not allowed by %s", tuple, policy.Spell(rule))
		}
		if passes(allowing(rule).with(everywhere("shut", nil, rules(rule))), "AppRegistration", tuple) {
			t.Fatalf("%s is not denied by %s", tuple, policy.Spell(rule))
		}
	})
}

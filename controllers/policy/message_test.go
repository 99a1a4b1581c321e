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

func TestMessage_IsOneShortLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var requests []policy.Request
		for i := range rapid.IntRange(1, 30).Draw(t, "requests") {
			text := rapid.String().Draw(t, "text")
			if i%2 == 0 {
				text = strings.Repeat(text, 40)
			}
			requests = append(requests, policy.Field{Path: "spec.unknown", Value: text}, newFederation(text, text, text))
		}
		review := fixture{}.review("AppRegistration", requests...)
		review.Held = requests
		verdict := policy.Gate{}.Evaluate(review)
		if len(verdict.Denied) != len(requests) || len(verdict.Excess) != len(requests) {
			t.Fatalf("%d and %d of %d", len(verdict.Denied), len(verdict.Excess), len(requests))
		}
		for _, message := range []string{policy.Message(verdict.Denied), verdict.KeptMessage()} {
			if len(message) == 0 || len(message) > policy.MaxMessage {
				t.Fatalf("%d bytes", len(message))
			}
			if strings.ContainsAny(message, "\n\r\x1b") || !utf8.ValidString(message) {
				t.Fatalf("not one line: %q", message)
			}
		}
	})
}

// The rule of a denial can be pasted into a policy.
func TestRuleText_IsReadByYAML(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: "spec.tags", Values: []string{rapid.String().Draw(t, "value")}}}
		text := policy.RuleText(want)
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

// The rule of a denial works as an allow, and as a deny too.
func TestNarrowestRule_AllowsWhatWasDenied(t *testing.T) {
	t.Parallel()
	host := rapid.StringMatching(`[a-z]{1,8}(\.[a-z]{1,8}){0,3}`)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z:/]{1,12}`)
		request := rapid.OneOf(
			rapid.Map(text, func(s string) policy.Request { return policy.Field{Path: "spec.a[3].b", Value: s} }),
			rapid.Map(host, func(s string) policy.Request {
				return policy.Redirect{Platform: v1alpha1.RedirectSPA, URI: "https://" + s + "/cb"}
			}),
			rapid.Map(text, func(s string) policy.Request { return policy.Redirect{Platform: v1alpha1.RedirectSPA, URI: s} }),
			rapid.Map(text, func(s string) policy.Request { return policy.IdentifierURI{URI: s} }),
			rapid.Map(text, func(s string) policy.Request { return newFederation(s, s, s) }),
			rapid.Map(host, func(s string) policy.Request {
				return newFederation(issuer, "system:serviceaccount:"+s[:1]+":"+s, cloud)
			}),
			rapid.Map(host, func(s string) policy.Request {
				return newFederation(github, "repo:example/"+s+":ref:refs/heads/"+s, cloud)
			}),
			rapid.Map(text, func(s string) policy.Request {
				return policy.Deletion{Policy: v1alpha1.DeletionPolicy(s)}
			}),
			rapid.Map(text, func(s string) policy.Request { return newAssignment(s, policy.API{AppID: appID}) }),
			rapid.Map(text, func(s string) policy.Request {
				return policy.Consent{ClientID: s, API: policy.API{AppID: appID, Namespace: "bank", Name: "api", AllowedConsumer: true}, ScopeID: s, Scope: s}
			}),
			rapid.Map(text, func(s string) policy.Request {
				return policy.Declaration{API: msGraph, ID: s, Value: "User.ReadWrite.All", Type: v1alpha1.PermissionApplication}
			}),
		).Draw(t, "request")
		rule, possible := policy.NarrowestRule(request)
		if !possible || !passes(allowing(rule), "AppRegistration", request) {
			t.Fatalf("%s is not allowed by %s", request, policy.RuleText(rule))
		}
		if passes(allowing(rule).with(everywhere("shut", nil, rules(rule))), "AppRegistration", request) {
			t.Fatalf("%s is not denied by %s", request, policy.RuleText(rule))
		}
	})
}

package policy_test

import (
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

const appID = "11111111-2222-4333-8444-555555555555"

func TestIdentifierURI_AllowRules(t *testing.T) {
	t.Parallel()
	rule := v1alpha1.PolicyRule{IdentifierURI: &v1alpha1.IdentifierURIRule{
		URIs: []string{"api://shop-legacy"}, Prefixes: []string{"https://example.com/orders", "api://{appID}/", "urn:"},
	}}
	for name, row := range map[string]struct {
		fixture fixture
		uri     string
		appID   string
		want    bool
	}{
		"the baseline allows the application's own name":      {baseline(), "api://" + appID, appID, true},
		"its placeholder before the ID is known":              {baseline(), "api://{appID}", "", true},
		"and afterwards":                                      {baseline(), "api://{appID}", appID, true},
		"not another application's":                           {baseline(), "api://66666666-2222-4333-8444-555555555555", appID, false},
		"not one that goes on":                                {baseline(), "api://" + appID + "/x", appID, false},
		"not a name in words":                                 {baseline(), "api://orders", appID, false},
		"not a domain":                                        {baseline(), "https://example.com", appID, false},
		"a rule allows a URI exactly":                         {allowing(rule), "api://shop-legacy", appID, true},
		"and not what goes on":                                {allowing(rule), "api://shop-legacy/x", appID, false},
		"a prefix itself":                                     {allowing(rule), "https://example.com/orders", appID, true},
		"a path under a prefix":                               {allowing(rule), "https://example.com/orders/v2", appID, true},
		"not a segment that begins alike":                     {allowing(rule), "https://example.com/orders-old", appID, false},
		"not a path that climbs out":                          {allowing(rule), "https://example.com/orders/../bank", appID, false},
		"not a path that climbs out by escapes":               {allowing(rule), "https://example.com/orders/%2e%2e/bank", appID, false},
		"a placeholder in a prefix":                           {allowing(rule), "api://" + appID + "/orders", appID, true},
		"a prefix with a placeholder is not about other apps": {allowing(rule), "api://other/orders", appID, false},
		"a prefix ends at slashes only":                       {allowing(rule), "urn:orders", appID, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := policy.IdentifierURI{Path: "spec.identifierURIs[0]", URI: row.uri, AppID: row.appID}
			if got := passes(row.fixture, "AppRegistration", request); got != row.want {
				t.Errorf("%s: allowed %t, want %t", row.uri, got, row.want)
			}
		})
	}
}

func TestIdentifierURI_DenyIgnoresCase(t *testing.T) {
	t.Parallel()
	gate := allowing(v1alpha1.PolicyRule{IdentifierURI: &v1alpha1.IdentifierURIRule{Prefixes: []string{"https://Example.com/"}}})
	gate.policies[0].Spec.Deny = []v1alpha1.PolicyRule{{IdentifierURI: &v1alpha1.IdentifierURIRule{Prefixes: []string{"https://example.com/Bank"}}}}
	for uri, want := range map[string]bool{
		"https://Example.com/bank": false, "https://Example.com/BANK/x": false, "https://Example.com/banking": true,
	} {
		if got := passes(gate, "AppRegistration", policy.IdentifierURI{URI: uri}); got != want {
			t.Errorf("%s: allowed %t, want %t", uri, got, want)
		}
	}
}

func FuzzIdentifierURI_PrefixAllowsOnlyWhatIsUnderIt(f *testing.F) {
	f.Add("https://example.com/orders", "https://example.com/orders/v2")
	f.Add("https://example.com/orders/", "https://example.com/orders/../x")
	f.Add("api://", "api://x")
	f.Add("", "anything")
	f.Fuzz(func(t *testing.T, prefix, uri string) {
		if strings.Contains(prefix+uri, "{appID}") {
			return
		}
		rule := v1alpha1.PolicyRule{IdentifierURI: &v1alpha1.IdentifierURIRule{Prefixes: []string{prefix}}}
		if !passes(allowing(rule), "AppRegistration", policy.IdentifierURI{URI: uri, AppID: appID}) || uri == prefix && prefix != "" {
			return
		}
		segments := strings.Split(strings.TrimPrefix(uri, strings.TrimSuffix(prefix, "/")+"/"), "/")
		if prefix == "" || !strings.HasPrefix(uri, strings.TrimSuffix(prefix, "/")+"/") {
			t.Errorf("%q is not under %q", uri, prefix)
		}
		for _, segment := range segments {
			if segment == ".." {
				t.Errorf("%q climbs out of %q", uri, prefix)
			}
		}
	})
}

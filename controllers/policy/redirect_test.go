package policy_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

func TestBaseline_AllowsSafeRedirectURIs(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		uri  string
		want bool
	}{
		"a host of one's own":              {"https://orders.example.com/callback", true},
		"a port of it":                     {"https://orders.example.com:8443/callback", true},
		"a query":                          {"https://orders.example.com/callback?tenant=1", true},
		"a host without a path":            {"https://orders.example.com", true},
		"a host inside the company":        {"https://intranet/callback", true},
		"localhost by http":                {"http://localhost/callback", true},
		"a port of localhost":              {"http://localhost:3000", true},
		"loopback by number":               {"http://127.0.0.1:8080/callback", true},
		"http elsewhere":                   {"http://orders.example.com/callback", false},
		"http to what begins as localhost": {"http://localhost.example.com/", false},
		"loopback by another number":       {"http://127.1/", false},
		"http with a user before the host": {"http://localhost@evil.example/", false},
		"a wildcard host":                  {"https://*.example.com/callback", false},
		"a wildcard path":                  {"https://orders.example.com/*", false},
		"a shared suffix":                  {"https://orders.azurewebsites.net/callback", false},
		"a shared suffix, deeper":          {"https://a.b.azurewebsites.net/callback", false},
		"a shared suffix in capitals":      {"https://orders.AzureWebsites.NET/callback", false},
		"a shared suffix with a root dot":  {"https://orders.azurewebsites.net./callback", false},
		"a shared suffix in wide letters":  {"https://orders.azurewebsites。net/callback", false},
		"a shared suffix with an escape":   {"https://orders%2eazurewebsites.net/callback", false},
		"a region's shared suffix":         {"https://vm.westeurope.cloudapp.azure.com/", false},
		"storage":                          {"https://orders.z6.web.core.windows.net/", false},
		"a suffix that only looks shared":  {"https://orders-azurewebsites.net/", true},
		"a user before the host":           {"https://orders.example.com@evil.example/", false},
		"a backslash for a slash":          {`https://evil.example\@orders.example.com/`, false},
		"a fragment":                       {"https://orders.example.com/#x", false},
		"a tab":                            {"https://orders.example.com/\tx", false},
		"a line break":                     {"https://orders.example.com/\n", false},
		"no host":                          {"https:///callback", false},
		"a bracketed address":              {"http://[::1]/callback", false},
		"a custom scheme":                  {"myapp://auth", false},
		"a script":                         {"javascript:alert(1)", false},
		"a long s in the scheme":           {"httpſ://orders.example.com/", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, platform := range []v1alpha1.RedirectPlatform{v1alpha1.RedirectWeb, v1alpha1.RedirectSPA, v1alpha1.RedirectPublicClient} {
				request := policy.Redirect{Path: "spec.web.redirectURIs[0]", Platform: platform, URI: row.uri}
				if got := passes(baseline(), "AppRegistration", request); got != row.want {
					t.Errorf("%s for %s: allowed %t, want %t", row.uri, platform, got, row.want)
				}
			}
		})
	}
}

func TestRedirect_SharedSuffixNeedsAnExactEntry(t *testing.T) {
	t.Parallel()
	for _, suffix := range []string{
		"azurewebsites.net", "github.io", "cloudapp.azure.com", "cloudapp.net", "trafficmanager.net", "blob.core.windows.net",
		"web.core.windows.net", "azurestaticapps.net", "azurecontainerapps.io", "azureedge.net", "azurefd.net", "azure-api.net",
		"vercel.app", "netlify.app", "pages.dev", "workers.dev", "herokuapp.com", "amazonaws.com", "web.app", "ngrok.io",
	} {
		t.Run(suffix, func(t *testing.T) {
			t.Parallel()
			request := policy.Redirect{Platform: v1alpha1.RedirectWeb, URI: "https://orders." + suffix + "/cb"}
			wild := v1alpha1.RedirectRule{Hosts: []string{policy.Any, "*." + suffix}}
			exact := v1alpha1.RedirectRule{Hosts: []string{"orders." + suffix}}
			if passes(baseline(), "AppRegistration", request) || passes(allowing(v1alpha1.PolicyRule{Redirect: &wild}), "AppRegistration", request) {
				t.Error("allowed without an exact entry")
			}
			if !passes(allowing(v1alpha1.PolicyRule{Redirect: &exact}), "AppRegistration", request) {
				t.Error("an exact entry did not allow it")
			}
		})
	}
}

func TestRedirect_AllowRules(t *testing.T) {
	t.Parallel()
	rule := v1alpha1.PolicyRule{Redirect: &v1alpha1.RedirectRule{
		Platforms: []v1alpha1.RedirectPlatform{v1alpha1.RedirectWeb}, Hosts: []string{"*.shop.example.com"}, URIs: []string{"myapp://auth", "https://*.x.example"},
	}}
	for name, row := range map[string]struct {
		platform v1alpha1.RedirectPlatform
		uri      string
		want     bool
	}{
		"a pattern stands for one label":      {v1alpha1.RedirectWeb, "https://a.shop.example.com/", true},
		"not for two labels":                  {v1alpha1.RedirectWeb, "https://a.b.shop.example.com/", false},
		"not for none":                        {v1alpha1.RedirectWeb, "https://shop.example.com/", false},
		"not for http":                        {v1alpha1.RedirectWeb, "http://a.shop.example.com/", false},
		"another platform is another request": {v1alpha1.RedirectSPA, "https://a.shop.example.com/", false},
		"a custom scheme, exactly":            {v1alpha1.RedirectWeb, "myapp://auth", true},
		"not another path of it":              {v1alpha1.RedirectWeb, "myapp://auth/x", false},
		"loopback needs an entry of its own":  {v1alpha1.RedirectWeb, "http://localhost/", false},
		"a wildcard is allowed by nothing":    {v1alpha1.RedirectWeb, "https://*.x.example", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(allowing(rule), "AppRegistration", policy.Redirect{Platform: row.platform, URI: row.uri}); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
}

func FuzzBaseline_AllowsSafeRedirectURIs(f *testing.F) {
	for _, seed := range []string{
		"https://a.example.com/", "http://localhost:1/", "http://127.0.0.1", "https://a@b/", "https://x.github.io", `https://a\b`,
		"https://*.example.com", "HTTPS://A.example.com", "https://a%00.example.com", "https://xn--a.example", "https://1.2.3.4:65536/", "https://0/%",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		if !passes(baseline(), "AppRegistration", policy.Redirect{Platform: v1alpha1.RedirectWeb, URI: uri}) {
			return
		}
		parsed, err := url.Parse(uri)
		if err != nil {
			t.Fatalf("allowed what does not parse: %v", err)
		}
		if fault := redirectFault(parsed, uri); fault != "" {
			t.Error("allowed " + fault)
		}
	})
}

// redirectFault is what net/url shows to be wrong with a redirect URI.
func redirectFault(parsed *url.URL, uri string) string {
	host := strings.ToLower(parsed.Hostname())
	local := slices.Contains([]string{"localhost", "127.0.0.1"}, host)
	switch {
	case parsed.Scheme != "https" && (parsed.Scheme != "http" || !local):
		return "no TLS"
	case parsed.User != nil || parsed.Fragment != "":
		return "a user or a fragment"
	case strings.Contains(uri, "*"):
		return "a wildcard"
	case host == "" || strings.HasSuffix(host, ".azurewebsites.net") || strings.HasSuffix(host, ".github.io"):
		return "a shared host"
	default:
		return ""
	}
}

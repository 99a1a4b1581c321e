package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Redirect asks for a redirect URI on a platform.
type Redirect struct {
	Path     string
	Platform v1alpha1.RedirectPlatform
	URI      string
}

// loopbackHosts are the device that the browser runs on; Entra accepts http for these alone.
var loopbackHosts = []string{"localhost", "127.0.0.1"}

// hostURI is a URI with a host, in the one spelling that every browser reads alike: no user, no escape in the host, no backslash,
// nothing but ASCII. No rule about hosts can allow what is spelled otherwise.
var hostURI = regexp.MustCompile(`^([hH][tT]{2}[pP][sS]?)://([a-zA-Z0-9_](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?)` +
	`(?::[0-9]{1,5})?(?:[/?](?:[!-$&-~]|%[0-9a-fA-F]{2})*)?$`)

// String is the URI and its platform.
func (r Redirect) String() string {
	return fmt.Sprintf("redirect URI %s for %s", quote(r.URI), r.Platform)
}

func (r Redirect) path() string         { return r.Path }
func (r Redirect) identities() []string { return nil }

// hasWildcard reports whether codes would be sent to more than one place.
func (r Redirect) hasWildcard() bool { return strings.ContainsRune(r.URI, '*') }

// schemeAndHost are in lower case; empty where the URI is no hostURI.
func (r Redirect) schemeAndHost() (scheme, host string) {
	parts := hostURI.FindStringSubmatch(r.URI)
	if parts == nil || strings.ContainsAny(r.URI, `\#`) || strings.Contains(parts[2], "..") {
		return "", ""
	}
	return strings.ToLower(parts[1]), strings.ToLower(parts[2])
}

// secureHost is the host where nobody on the way reads what is sent to it, which a rule about hosts may allow; empty where there is none.
func (r Redirect) secureHost() string {
	scheme, host := r.schemeAndHost()
	if scheme == "https" || slices.Contains(loopbackHosts, host) {
		return host
	}
	return ""
}

func (r Redirect) allowedBy(rule *v1alpha1.PolicyRule) bool {
	if rule.Redirect == nil || !r.onPlatform(rule.Redirect) || r.hasWildcard() {
		return false
	}
	if slices.Contains(rule.Redirect.URIs, r.URI) {
		return true
	}
	host := r.secureHost()
	if slices.Contains(loopbackHosts, host) || hasSharedSuffix(host) {
		return slices.ContainsFunc(rule.Redirect.Hosts, func(entry string) bool { return strings.EqualFold(entry, host) })
	}
	return host != "" && matchesHost(rule.Redirect.Hosts, host)
}

func (r Redirect) deniedBy(rule *v1alpha1.PolicyRule) bool {
	if rule.Redirect == nil || !r.onPlatform(rule.Redirect) {
		return false
	}
	_, host := r.schemeAndHost()
	return slices.Contains(rule.Redirect.URIs, r.URI) || matchesHost(rule.Redirect.Hosts, host)
}

func (r Redirect) narrowestRule() (v1alpha1.PolicyRule, bool) {
	rule := v1alpha1.RedirectRule{Platforms: []v1alpha1.RedirectPlatform{r.Platform}}
	if r.hasWildcard() {
		return v1alpha1.PolicyRule{}, false
	}
	if host := r.secureHost(); host != "" {
		rule.Hosts = []string{host}
	} else {
		rule.URIs = []string{r.URI}
	}
	return v1alpha1.PolicyRule{Redirect: &rule}, true
}

func (r Redirect) onPlatform(rule *v1alpha1.RedirectRule) bool {
	return len(rule.Platforms) == 0 || slices.Contains(rule.Platforms, r.Platform)
}

// matchesHost reports whether one of the entries is about the host. Where there is no host, only Any is.
func matchesHost(entries []string, host string) bool {
	return slices.ContainsFunc(entries, func(entry string) bool { return matchesPattern(strings.ToLower(entry), host, ".") })
}

// sharedSuffixes are suffixes under which hosts are given out, and which the Public Suffix List lacks.
var sharedSuffixes = []string{
	"azurecontainerapps.io", "azuredatabricks.net", "cloudapp.azure.com", "core.windows.net", "devtunnels.ms", "sharepoint.com",
	"amazonaws.com", "on.aws", "github.dev", "glitch.me", "loca.lt", "nip.io", "railway.app", "sslip.io", "surge.sh",
}

// hasSharedSuffix reports whether anybody can get a host under the same suffix, as the private section of the Public Suffix List and
// sharedSuffixes have them: a host that its owner gave up is somebody else's tomorrow, and with it every code and token that is sent there.
func hasSharedSuffix(host string) bool {
	if suffix, icann := publicsuffix.PublicSuffix(host); !icann && strings.Contains(suffix, ".") {
		return true
	}
	return slices.ContainsFunc(sharedSuffixes, func(suffix string) bool {
		return host == suffix || strings.HasSuffix(host, "."+suffix)
	})
}

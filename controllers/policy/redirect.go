package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Redirect is a redirect URI on a platform.
type Redirect struct {
	Path     string
	Platform v1alpha1.RedirectPlatform
	URI      string
}

// loopback hosts are the device that the browser runs on; Entra takes http for these alone.
var loopback = []string{"localhost", "127.0.0.1"}

// location is a URI with a host, in the one spelling that every browser reads alike: no user, no escape in the host, no
// backslash, nothing but ASCII. What is spelled otherwise is no location, so that no host rule can allow it.
var location = regexp.MustCompile(`^([hH][tT]{2}[pP][sS]?)://([a-zA-Z0-9_](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?)` +
	`(?::[0-9]{1,5})?(?:[/?](?:[!-$&-~]|%[0-9a-fA-F]{2})*)?$`)

// String is the URI and its platform.
func (r Redirect) String() string {
	return fmt.Sprintf("redirect URI %s for %s", quote(r.URI), r.Platform)
}

func (r Redirect) where() string   { return r.Path }
func (r Redirect) names() []string { return nil }

// wild URIs send codes to more than one place.
func (r Redirect) wild() bool { return strings.ContainsRune(r.URI, '*') }

// place is the scheme and the host in lower case; empty where the URI has none that can be judged.
func (r Redirect) place() (scheme, host string) {
	parts := location.FindStringSubmatch(r.URI)
	if parts == nil || strings.ContainsAny(r.URI, `\#`) || strings.Contains(parts[2], "..") {
		return "", ""
	}
	return strings.ToLower(parts[1]), strings.ToLower(parts[2])
}

// guarded is the host that a host rule may be about: nobody on the way there reads what is sent. Empty where there is none.
func (r Redirect) guarded() string {
	scheme, host := r.place()
	if scheme == "https" || slices.Contains(loopback, host) {
		return host
	}
	return ""
}

func (r Redirect) allowedBy(rule *v1alpha1.PolicyRule) bool {
	if rule.Redirect == nil || !r.onPlatform(rule.Redirect) || r.wild() {
		return false
	}
	if slices.Contains(rule.Redirect.URIs, r.URI) {
		return true
	}
	host := r.guarded()
	if slices.Contains(loopback, host) || shared(host) {
		return slices.ContainsFunc(rule.Redirect.Hosts, func(entry string) bool { return strings.EqualFold(entry, host) })
	}
	return host != "" && namesHost(rule.Redirect.Hosts, host)
}

func (r Redirect) deniedBy(rule *v1alpha1.PolicyRule) bool {
	if rule.Redirect == nil || !r.onPlatform(rule.Redirect) {
		return false
	}
	_, host := r.place()
	return slices.Contains(rule.Redirect.URIs, r.URI) || namesHost(rule.Redirect.Hosts, host)
}

func (r Redirect) remedy() (v1alpha1.PolicyRule, bool) {
	rule := v1alpha1.RedirectRule{Platforms: []v1alpha1.RedirectPlatform{r.Platform}}
	if r.wild() {
		return v1alpha1.PolicyRule{}, false
	}
	if host := r.guarded(); host != "" {
		rule.Hosts = []string{host}
	} else {
		rule.URIs = []string{r.URI}
	}
	return v1alpha1.PolicyRule{Redirect: &rule}, true
}

func (r Redirect) onPlatform(rule *v1alpha1.RedirectRule) bool {
	return len(rule.Platforms) == 0 || slices.Contains(rule.Platforms, r.Platform)
}

// namesHost reports whether one of the patterns is about the host; no pattern but Any is about none.
func namesHost(patterns []string, host string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return match(strings.ToLower(pattern), host, ".") })
}

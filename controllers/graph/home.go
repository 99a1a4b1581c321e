package graph

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// home is the one place that requests of a kind, and the credentials on them, may go to.
type home struct{ *url.URL }

// homeAt reads a base URL: https, a host, nothing else.
func homeAt(what, base string) (home, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return home{}, entra.Refused{
			Reason:  entra.RefusedInvalid,
			Message: fmt.Sprintf("the %s endpoint must be https://host or https://host:port", what),
		}
	}
	u.Path = ""
	return home{u}, nil
}

// hostPort is the host with its port, for comparison.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "443"
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// mustBeListed refuses a custom endpoint that no administrator of the cluster named.
func (h home) mustBeListed(what string, listed []string) error {
	host := hostPort(h.URL)
	if slices.ContainsFunc(listed, func(entry string) bool {
		return strings.EqualFold(entry, host) || strings.EqualFold(net.JoinHostPort(strings.Trim(entry, "[]"), "443"), host)
	}) {
		return nil
	}
	return entra.Refused{
		Reason: entra.RefusedInvalid,
		Message: fmt.Sprintf("the %s endpoint's host %s is not allowed: start the manager with --custom-endpoint-hosts=%s "+
			"if credentials of this tenant may be sent there", what, host, host),
	}
}

// holds tells whether a URL is at home.
func (h home) holds(u *url.URL) bool {
	return u.Scheme == h.Scheme && u.User == nil && hostPort(u) == hostPort(h.URL)
}

func (h home) mustHold(u *url.URL) error {
	if h.holds(u) {
		return nil
	}
	return fmt.Errorf("%w: not sent, because %q is not the configured host %q", entra.ErrUnreachable, u.Host, h.Host)
}

// stayHome sends requests to one host only, with the answers left as they are: for the token service.
type stayHome struct {
	home home
	next http.RoundTripper
}

// RoundTrip carries one request.
func (s stayHome) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := s.home.mustHold(request.URL); err != nil {
		return nil, err
	}
	return s.next.RoundTrip(request)
}

// neverFollow is for http.Client.CheckRedirect.
func neverFollow(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

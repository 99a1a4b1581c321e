package wire

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Endpoint is the one host that requests to Graph, or to the token service, may go to with their credentials.
type Endpoint struct{ *url.URL }

// ParseEndpoint reads a base URL: https, a host, nothing else.
func ParseEndpoint(what, base string) (Endpoint, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return Endpoint{}, entra.Refused{
			Reason:  entra.RefusedInvalid,
			Message: fmt.Sprintf("the %s endpoint must be https://host or https://host:port", what),
		}
	}
	u.Path = ""
	return Endpoint{u}, nil
}

// hostPort is the host with its port, for comparison.
func hostPort(u *url.URL) string {
	return net.JoinHostPort(strings.ToLower(u.Hostname()), cmp.Or(u.Port(), "443"))
}

// MustBeListed refuses a custom endpoint that no administrator of the cluster named.
func (e Endpoint) MustBeListed(what string, listed []string) error {
	host := hostPort(e.URL)
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

// Contains reports whether a URL is at this host.
func (e Endpoint) Contains(u *url.URL) bool {
	return u.Scheme == e.Scheme && u.User == nil && hostPort(u) == hostPort(e.URL)
}

// MustContain refuses a URL elsewhere.
func (e Endpoint) MustContain(u *url.URL) error {
	if e.Contains(u) {
		return nil
	}
	return fmt.Errorf("%w: not sent, because %q is not the configured host %q", entra.ErrUnreachable, u.Host, e.Host)
}

// SingleHost sends requests to one host only, with the answers left as they are: for the token service.
type SingleHost struct {
	Endpoint Endpoint
	Next     http.RoundTripper
}

// RoundTrip carries one request.
func (s SingleHost) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := s.Endpoint.MustContain(request.URL); err != nil {
		return nil, err
	}
	return s.Next.RoundTrip(request)
}

// NoRedirects is for http.Client.CheckRedirect.
func NoRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

package manifest

import (
	"net/url"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// maxRedirect is how many characters a redirect URI may have, maxURL the two pages of the web platform.
const (
	maxRedirect = 256
	maxURL      = 255
)

// redirects checks redirect URIs against their platform's rules, and all of them together against the audience's.
func (r rules) redirects(change Change) error {
	if err := checkPages(change.After); err != nil {
		return err
	}
	var all []string
	for _, platform := range []string{"web", "spa", "publicClient"} {
		path := platform + ".redirectUris"
		for _, uri := range odata.Texts(change.After, platform, "redirectUris") {
			if slices.Contains(all, uri) {
				return odata.BadRequest("The redirect URI '%s' appears more than once in the application.", uri).With("InvalidValue", path)
			}
			all = append(all, uri)
			if length(uri) > maxRedirect {
				return tooLong(path)
			}
			if !r.allowsRedirect(platform, uri) {
				return invalid(path)
			}
		}
	}
	if len(all) > r.limits.redirectURIs {
		return invalid("redirectUris")
	}
	return nil
}

func checkPages(app odata.Document) error {
	home, logout := odata.Text(app, "web", "homePageUrl"), odata.Text(app, "web", "logoutUrl")
	if home != "" && (!webURL(home) || length(home) > maxURL) {
		return invalid("web.homePageUrl")
	}
	if logout != "" && (!webURL(logout) || !strings.HasPrefix(logout, "https://") || length(logout) > maxURL) {
		return invalid("web.logoutUrl")
	}
	return nil
}

// allowsRedirect reports whether a platform accepts a URI.
func (r rules) allowsRedirect(platform, uri string) bool {
	if uri == "urn:ietf:wg:oauth:2.0:oob" {
		return platform != "spa"
	}
	if strings.ContainsAny(uri, "!$'(),; \t\r\n#") || r.limits.personal && strings.ContainsAny(uri, "*?") {
		return false
	}
	u, err := url.Parse(strings.Replace(uri, "://*.", "://wildcard.", 1))
	if err != nil || u.Scheme == "" || u.User != nil || strings.Contains(u.Host, "*") {
		return false
	}
	return schemeAllowed(platform, u)
}

// schemeAllowed reports whether a platform takes a scheme: https, http for the loopback host only, others by the platform.
func schemeAllowed(platform string, u *url.URL) bool {
	host, scheme := u.Hostname(), u.Scheme
	switch scheme {
	case "https":
		return host != "" && host != "::1"
	case "http":
		return host == "localhost" || host == "127.0.0.1"
	}
	switch platform {
	case "web":
		return scheme == "ms-appx-web" || scheme == "brk-multihub"
	case "spa":
		return scheme == "brk-multihub"
	default:
		return !slices.Contains([]string{"javascript", "data", "vbscript", "file", "blob"}, scheme)
	}
}

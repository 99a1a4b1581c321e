package authorizationcode

import (
	"net/url"
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
)

// platform is where a redirect URI is registered.
type platform string

const (
	web          platform = "web"
	spa          platform = "spa"
	publicClient platform = "publicClient"
)

// platformOf finds the platform of a redirect URI: exactly as registered, but any port at localhost.
func platformOf(of signin.Registration, uri string) (platform, bool) {
	for _, p := range []struct {
		platform platform
		uris     []string
	}{{spa, of.SPA}, {web, of.Web}, {publicClient, of.PublicClient}} {
		if slices.ContainsFunc(p.uris, func(registered string) bool { return sameURI(registered, uri) }) {
			return p.platform, true
		}
	}
	return "", false
}

func sameURI(registered, uri string) bool {
	if registered == uri {
		return true
	}
	a, errA := url.Parse(registered)
	b, errB := url.Parse(uri)
	if errA != nil || errB != nil || a.Scheme != "http" || b.Scheme != "http" || a.Hostname() != b.Hostname() {
		return false
	}
	if a.Hostname() != "localhost" && a.Hostname() != "127.0.0.1" {
		return false
	}
	a.Host, b.Host = a.Hostname(), b.Hostname()
	return a.String() == b.String()
}

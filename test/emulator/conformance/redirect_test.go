package conformance

import (
	"fmt"
	"net/http"
	"testing"
)

func TestRedirectURI_OfEveryPlatform(t *testing.T) {
	t.Parallel()
	host := "https://orders.example.com/"
	for name, on := range map[string]func(...any) object{"web": web, "spa": spa, "publicClient": publicClient} {
		rules := []rule{
			accepts("https", on(host+"callback")),
			accepts("a bare host, as given", on("https://orders.example.com")),
			accepts("http on localhost", on("http://localhost:8080/callback")),
			accepts("an empty list", on()),
			accepts("256 characters", on(host+textOf(256-len(host)))),
			refusesAs("257 characters", on(host+textOf(257-len(host))), about("redirectUris")),
			refusesAs("http on another host", on("http://orders.example.com/callback"), about("redirectUris")),
			refusesAs("http on the IPv6 loopback", on("http://[::1]:8080/callback"), about("redirectUris")),
			refusesAs("a relative URI", on("callback"), about("redirectUris")),
			refusesAs("an empty URI", on(""), about("redirectUris")),
		}
		for _, character := range []string{"!", "$", "'", "(", ")", ",", ";"} {
			rules = append(rules, refusesAs("the character "+character, on(host+"a"+character+"b"), about("redirectUris")))
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkRules(t, object{}, rules)
		})
	}
}

func TestRedirectURI_OfOnePlatform(t *testing.T) {
	t.Parallel()
	checkRules(t, object{}, []rule{
		accepts("web: http on 127.0.0.1", web("http://127.0.0.1:8080/callback")),
		accepts("web: a wildcard in a single tenant", web("https://*.orders.example.com/callback")),
		accepts("web: a query string in a single tenant", web("https://orders.example.com/callback?a=b")),
		accepts("web: the out-of-band urn", web("urn:ietf:wg:oauth:2.0:oob")),
		accepts("web: a Windows broker", web("ms-appx-web://Microsoft.AAD.BrokerPlugin/x")),
		refusesAs("web: a scheme of one's own", web("myapp://auth"), about("redirectUris")),
		refusesAs("spa: a scheme of one's own", spa("myapp://auth"), about("redirectUris")),
		refusesAs("spa: a urn", spa("urn:ietf:wg:oauth:2.0:oob"), about("redirectUris")),
		accepts("publicClient: a scheme of one's own", publicClient("myapp://auth")),
		accepts("publicClient: an iOS bundle", publicClient("msauth.com.example.orders://auth")),
		accepts("publicClient: a urn", publicClient("urn:ietf:wg:oauth:2.0:oob")),
		accepts("publicClient: the native client", publicClient("https://login.microsoftonline.com/common/oauth2/nativeclient")),
	})
}

func TestRedirectURI_IsCountedOverAllPlatforms(t *testing.T) {
	t.Parallel()
	split := func(onWeb, onSpa, onDesktop int) object {
		uris := func(platform string, n int) list {
			return repeated(n, func(i int) any { return fmt.Sprintf("https://orders.example.com/%s/%d", platform, i) })
		}
		out := object{}
		for platform, n := range map[string]int{"web": onWeb, "spa": onSpa, "publicClient": onDesktop} {
			out[platform] = object{"redirectUris": uris(platform, n)}
		}
		return out
	}
	checkRules(t, object{}, []rule{
		accepts("256 over three platforms", split(100, 100, 56)),
		refusesAs("257 over three platforms", split(100, 100, 57), about("redirectUris")),
		refusesAs("257 on one platform", split(257, 0, 0), about("redirectUris")),
		refuses("one URI on two platforms", object{
			"web": object{"redirectUris": list{"https://orders.example.com/both"}},
			"spa": object{"redirectUris": list{"https://orders.example.com/both"}},
		}),
	})
}

func TestRedirectURI_OfAnotherPlatformIsRefusedLater(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, web("https://orders.example.com/both"))
	examined.first.refused(t, badRequest, http.MethodPatch, applicationPath(made), spa("https://orders.example.com/both"))
}

func TestRedirectURI_SettingsMirrorURIs(t *testing.T) {
	t.Parallel()
	one, two := "https://orders.example.com/one", "https://orders.example.com/two"
	made := examined.first.newApplication(t, web(one))
	setting := func(uri string) any { return object{"uri": uri, "index": nil} }
	examined.first.waitShown(t, applicationPath(made), object{"web": object{"redirectUriSettings": list{setting(one)}}})
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applicationPath(made), web(two, one))
	examined.first.waitShown(t, applicationPath(made), object{"web": object{"redirectUriSettings": list{setting(one), setting(two)}}})
}

package browser

import (
	"html/template"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// page is a single-page application: it signs in with PKCE and redeems its code itself, which the browser lets it do only where the
// token endpoint answers its preflight request and its origin.
var page = template.Must(template.New("").Parse(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Page</title></head><body>
<button id="signin">Sign in</button><p id="said"></p>
<script>
const authority = {{.Authority}}, client_id = {{.Client}}, scope = {{.Scope}}, redirect_uri = location.origin + "/";
const encode = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const decode = token => JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
const say = text => document.getElementById("said").textContent = text;
document.getElementById("signin").onclick = async () => {
	const verifier = encode(crypto.getRandomValues(new Uint8Array(32)));
	sessionStorage.setItem("verifier", verifier);
	const code_challenge = encode(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
	location = authority + "/oauth2/v2.0/authorize?" + new URLSearchParams({
		client_id, scope, redirect_uri, response_type: "code", code_challenge, code_challenge_method: "S256",
	});
};
const redeem = async code => {
	const answer = await fetch(authority + "/oauth2/v2.0/token", {
		method: "POST", headers: {"X-Client-SKU": "page"},
		body: new URLSearchParams({client_id, redirect_uri, grant_type: "authorization_code", code, code_verifier: sessionStorage.getItem("verifier")}),
	});
	const body = await answer.json();
	say(body.access_token ? decode(body.access_token).scp : body.error_description);
};
const code = new URLSearchParams(location.search).get("code");
if (code) redeem(code).catch(fault => say(String(fault)));
</script></body></html>`))

// serve shows the page for a client, and gives its address.
func (e *tenant) serve(client, scope string) string {
	e.t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = page.Execute(w, map[string]string{"Authority": e.url + "/" + tenantID, "Client": client, "Scope": scope})
	}))
	e.t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

func TestSPA_RedeemsItsCodeItself(t *testing.T) {
	t.Parallel()
	entra := newTenant(t)
	api := entra.api()
	redirects := object{"redirectUris": []string{"http://localhost/"}}
	single, _ := entra.register(object{"displayName": "Page", "spa": redirects})
	site, _ := entra.register(object{"displayName": "Site", "web": redirects})
	for name, row := range map[string]struct{ client, says string }{
		"a page gets a token":                         {single, "Orders.Read"},
		"a page with a site's client ID gets nothing": {site, "AADSTS9002326"},
	} {
		t.Run(name, func(t *testing.T) {
			b := chromium(t, entra.pin)
			b.do(chromedp.Navigate(entra.serve(row.client, api+"/Orders.Read")), chromedp.Click(chromedp.CSS("#signin")))
			b.signIn()
			b.do(chromedp.Click(chromedp.CSS("#consent button[value=accept]")), chromedp.WaitVisible(chromedp.CSS("#said:not(:empty)")))
			if said := b.text("#said"); !strings.HasPrefix(said, row.says) {
				t.Errorf("it says %q, want %q", said, row.says)
			}
		})
	}
}

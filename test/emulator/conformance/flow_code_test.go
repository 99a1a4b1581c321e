package conformance

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAuthorizationCode_SignsUserIn(t *testing.T) {
	t.Parallel()
	f := newFlow(t, web(callback))
	if f == nil {
		return
	}
	code := f.code()
	got := f.tokens(f.redeeming(code))
	claims := f.claims(got)
	for name, want := range map[string]any{
		"scp": "Orders.Read", "aud": f.api.text("appId"), "azp": f.client.id, "azpacr": "1", "oid": examined.principals.userID, "roles": nil,
	} {
		if claims[name] != want {
			t.Errorf("%s: want %v, got %v", name, want, claims[name])
		}
	}
	if claims["sub"] == claims["oid"] {
		t.Errorf("sub is the object ID: %v", claims["sub"])
	}
	f.checkUser(got)
	examined.noToken(t, f.redeeming(code), http.StatusBadRequest, "invalid_grant", 54005)
	again := f.tokens(url.Values{
		"grant_type": {"refresh_token"}, "client_id": {f.client.id}, "client_secret": {f.client.secret}, "refresh_token": {got.text("refresh_token")},
	})
	if f.scopes(again) != "Orders.Read" || again.text("refresh_token") == "" {
		t.Errorf("refreshed: %s", again)
	}
}

// checkUser holds an ID token against who has signed in, and where.
func (f *flow) checkUser(got reply) {
	f.t.Helper()
	_, id, err := unpack(got.text("id_token"))
	if err != nil {
		f.t.Fatal(err)
	}
	want := object{"nonce": "n", "aud": f.client.id, "preferred_username": examined.principals.user, "oid": examined.principals.userID, "ver": "2.0"}
	for name, value := range want {
		if id[name] != value {
			f.t.Errorf("ID token's %s: want %v, got %v", name, value, id[name])
		}
	}
}

func TestAuthorizationCode_BindsClientRedirectAndVerifier(t *testing.T) {
	t.Parallel()
	f := newFlow(t, web(callback))
	if f == nil {
		return
	}
	for name, row := range map[string]struct {
		change []string
		code   float64
	}{
		"another address":  {[]string{"redirect_uri", callback + "/"}, 500112},
		"another verifier": {[]string{"code_verifier", strings.ToUpper(verifier)}, 501481},
		"no verifier":      {[]string{"code_verifier", ""}, 501481},
		"no secret":        {[]string{"client_secret", ""}, 7000218},
		"a wrong secret":   {[]string{"client_secret", "no"}, 7000215},
		"no such code":     {[]string{"code", "no"}, 70000},
	} {
		got := examined.noToken(t, f.redeeming(f.code(), row.change...), 0, "", row.code)
		if t.Failed() {
			t.Fatalf("%s: %s", name, got)
		}
	}
}

func TestAuthorize_UnregisteredRedirectURIGetsNothing(t *testing.T) {
	t.Parallel()
	f := newFlow(t, web(callback))
	if f == nil {
		return
	}
	if page := f.authorize("redirect_uri", callback+"/other"); page.Redirect != nil || !strings.Contains(page.Text, "AADSTS50011") {
		t.Errorf("left for %v, shows %s", page.Redirect, page.Text)
	}
}

func TestAuthorizationCode_SPARedeemsCrossOriginOnly(t *testing.T) {
	t.Parallel()
	f := newFlow(t, spa(callback))
	if f == nil {
		return
	}
	form := f.redeeming(f.code(), "client_secret", "")
	examined.noToken(t, form, 0, "", 9002327)
	got := examined.tokenCrossOrigin(t, form)
	if got.status != http.StatusOK || got.header.Get("Access-Control-Allow-Origin") == "" || f.scopes(got) != "Orders.Read" {
		t.Errorf("got %s", got)
	}
	if page := f.authorize("code_challenge", "", "code_challenge_method", ""); !strings.Contains(redirectParameter(page, "error_description"), "AADSTS9002325") {
		t.Errorf("without PKCE: %v %s", page.Redirect, page.Text)
	}
	other := newFlow(t, web(callback))
	if refused := examined.tokenCrossOrigin(t, other.redeeming(other.code())); tokenErrorMismatch(refused, 0, "", []float64{9002326}) != "" {
		t.Errorf("a site's code from a page: %s", refused)
	}
}

func TestAuthorizationCode_PublicClientHasNoCredential(t *testing.T) {
	t.Parallel()
	f := newFlow(t, publicClient("http://localhost"))
	if f == nil {
		return
	}
	address := "http://localhost:49152" // any port will do
	code := f.code("redirect_uri", address)
	examined.noToken(t, f.redeeming(code, "redirect_uri", address), 0, "", 700025)
	got := f.tokens(f.redeeming(code, "redirect_uri", address, "client_secret", ""))
	if claims := f.claims(got); claims["azpacr"] != "0" || claims["scp"] != "Orders.Read" {
		t.Errorf("claims %v", claims)
	}
}

func TestDeviceCode_IsForPublicClients(t *testing.T) {
	t.Parallel()
	f := newFlow(t, object{"isFallbackPublicClient": true})
	if f == nil {
		return
	}
	code, user := f.device()
	examined.noToken(t, f.polling(code), http.StatusBadRequest, "authorization_pending", 70016)
	page, err := f.browser.SignIn(t.Context(), examined.authority+"/common/oauth2/deviceauth?otc="+user)
	if err != nil || page.Status != http.StatusOK {
		t.Fatalf("%v %s", err, page.Text)
	}
	if got := f.tokens(f.polling(code)); f.scopes(got) != "Orders.Read" {
		t.Errorf("got %s", got)
	}
	other := newFlow(t, nil)
	code, _ = other.device()
	examined.noToken(t, other.polling(code), http.StatusUnauthorized, "invalid_client", 7000218)
}

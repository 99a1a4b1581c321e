package emulator_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	testingclock "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// parametersOf are the parameters at a redirect URI, in its query or in its fragment.
func parametersOf(left *url.URL) url.Values {
	if values, err := url.ParseQuery(left.Fragment); err == nil && len(values) > 0 {
		return values
	}
	return left.Query()
}

// implicit is a web application with the implicit grant.
func implicit(idTokens, accessTokens bool) odata.Document {
	return odata.Document{"web": odata.Document{
		"redirectUris":          odata.Strings(callback),
		"implicitGrantSettings": odata.Document{"enableIdTokenIssuance": idTokens, "enableAccessTokenIssuance": accessTokens},
	}}
}

func TestImplicit_GivesWhatIsEnabled(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	hybrid, all := s.register(implicit(true, false)), s.register(implicit(true, true))
	ctx := oidc.ClientContext(t.Context(), s.http)
	provider, err := oidc.NewProvider(ctx, s.issuer())
	if err != nil {
		t.Fatal(err)
	}
	got := parametersOf(newBrowser(t, s.Emulator).signIn(s.authorizeURL(all, "response_type", "id_token token")).Redirect)
	token, err := provider.Verifier(&oidc.Config{ClientID: all.id}).Verify(ctx, got.Get("id_token"))
	if err != nil || token.Nonce != "the nonce" || token.VerifyAccessToken(got.Get("access_token")) != nil || got.Has("code") {
		t.Errorf("id_token token: %v in %v", err, got)
	}
	if claims := s.claimsOf(got.Get("access_token")); claims["scp"] != "Read" || claims["azpacr"] != "0" {
		t.Errorf("access token %v", claims)
	}
	posted := newBrowser(t, s.Emulator).signIn(s.authorizeURL(hybrid, "response_type", "code id_token", "response_mode", "form_post"))
	sum := sha256.Sum256([]byte(posted.Fields.Get("code")))
	if want := base64.RawURLEncoding.EncodeToString(sum[:16]); s.claimsOf(posted.Fields.Get("id_token"))["c_hash"] != want {
		t.Errorf("code id_token: %v", posted.Fields)
	}
	if _, body := s.redeem(hybrid, posted.Fields.Get("code")); s.claimsOf(body["access_token"])["scp"] != "Read" {
		t.Errorf("the code gives %v", body)
	}
}

func TestImplicit_Refusals(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	hybrid := s.register(implicit(true, false))
	for name, row := range map[string]struct {
		change []string
		want   string
	}{
		"an access token that is not enabled": {[]string{"response_type", "token"}, "AADSTS700054"},
		"a kind that nobody knows":            {[]string{"response_type", "code none"}, "AADSTS700054"},
		"nothing":                             {[]string{"response_type", ""}, "AADSTS700054"},
		"an ID token in a query":              {[]string{"response_type", "id_token", "response_mode", "query"}, "AADSTS70007"},
		"an ID token without a nonce":         {[]string{"response_type", "id_token", "nonce", ""}, "AADSTS900144"},
	} {
		left := newBrowser(t, s.Emulator).open(s.authorizeURL(hybrid, row.change...)).Redirect
		if left == nil || !strings.HasPrefix(parametersOf(left).Get("error_description"), row.want) {
			t.Errorf("%s: %v", name, left)
		}
	}
}

func TestConsent_CountsAtOnceDespiteLag(t *testing.T) {
	t.Parallel()
	clock := testingclock.NewFakePassiveClock(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
	s := newSignInTenantWith(t, emulator.Options{Clock: clock})
	client := s.register(redirects("web", callback))
	clock.SetTime(clock.Now().Add(time.Minute))
	s.SetLag(directory.Lag{Tokens: &directory.Span{Min: 30 * time.Second, Max: 30 * time.Second}})
	_, body := s.redeem(client, s.code(client))
	if s.claimsOf(body["access_token"])["scp"] != "Read" {
		t.Errorf("got %v", body)
	}
	text, _ := body["refresh_token"].(string)
	refresh := url.Values{
		"grant_type": {"refresh_token"}, "client_id": {client.id}, "client_secret": {client.secret}, "refresh_token": {text},
	}
	if _, body := s.token(refresh, ""); number(body) != 65001 {
		t.Errorf("too early: %v", body)
	}
	clock.SetTime(clock.Now().Add(30 * time.Second))
	if _, body := s.token(refresh, ""); s.claimsOf(body["access_token"])["scp"] != "Read" {
		t.Errorf("later: %v", body)
	}
}

package emulator_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// tokenCrossOrigin posts to the token endpoint as a page of an origin does.
func (s *signInTenant) tokenCrossOrigin(form url.Values, origin string) (int, document) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL()+"/"+s.TenantID()+"/oauth2/v2.0/token",
		strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", origin)
	response, err := s.http.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil || response.Header.Get("Access-Control-Allow-Origin") == "" {
		s.t.Fatalf("no CORS: %v", err)
	}
	var body document
	if err := json.Unmarshal(raw, &body); err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, body
}

func TestCode_GivesTokensForConsentingUser(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(redirects("web", callback))
	browser := newBrowser(t, s.Emulator)
	left := browser.signIn(s.authorizeURL(client)).Redirect
	if left == nil || left.Query().Get("state") != "the state" || !strings.HasPrefix(left.String(), callback+"?") {
		t.Fatalf("left for %s", left)
	}
	_, body := s.redeem(client, left.Query().Get("code"))
	got := s.claimsOf(body["access_token"])
	expected := document{"scp": "Read", "roles": nil, "oid": s.adaID, "aud": s.api.id, "azpacr": "1"}
	for name, want := range expected {
		if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	s.verifyID(t, client, body["id_token"])
	if again := browser.open(s.authorizeURL(client)); again.Redirect == nil || again.Redirect.Query().Get("code") == "" {
		t.Errorf("signed in and consented, but: %s", again.Text)
	}
}

func TestAuthorize_UserSignsInAndConsentsOnPages(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(redirects("web", callback))
	browser := newBrowser(t, s.Emulator)
	shown := browser.open(s.authorizeURL(client))
	if shown.Form != "login" {
		t.Fatalf("no login page: %s", shown.Text)
	}
	if wrong := browser.send(shown, "login", ada, "passwd", "no"); wrong.Form != "login" || !strings.Contains(wrong.Text, "50126") {
		t.Errorf("a wrong password shows %s", wrong.Text)
	}
	shown = browser.send(shown, "login", ada, "passwd", adasPassword)
	if shown.Form != "consent" || !slices.Contains(shown.Buttons, "cancel") || !strings.Contains(shown.Text, ">Read<") {
		t.Fatalf("no consent page: %s", shown.Text)
	}
}

// verifyID lets go-oidc verify an ID token.
func (s *signInTenant) verifyID(t *testing.T, client registered, raw any) {
	t.Helper()
	ctx := oidc.ClientContext(context.Background(), s.http)
	provider, err := oidc.NewProvider(ctx, s.URL()+"/"+s.TenantID()+"/v2.0")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := raw.(string)
	token, err := provider.Verifier(&oidc.Config{ClientID: client.id}).Verify(ctx, text)
	if err != nil {
		t.Fatal(err)
	}
	var claims document
	if err := token.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	want := document{"nonce": "the nonce", "preferred_username": ada, "name": "Ada", "oid": s.adaID, "tid": s.TenantID(), "ver": "2.0"}
	for name, value := range want {
		if diff := cmp.Diff(value, claims[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if token.Subject == s.adaID || token.Subject == "" {
		t.Errorf("sub %q", token.Subject)
	}
}

func TestCode_Refusals(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client, other := s.register(redirects("web", callback)), s.register(redirects("web", callback))
	for name, row := range map[string]struct {
		change []string
		want   int
	}{
		"that does not exist":             {[]string{"code", "no"}, 70000},
		"of another client":               {[]string{"client_id", other.id, "client_secret", other.secret}, 70000},
		"at another redirect URI":         {[]string{"redirect_uri", callback + "/"}, 500112},
		"with another verifier":           {[]string{"code_verifier", "no"}, 501481},
		"without the verifier":            {[]string{"code_verifier", ""}, 501481},
		"without the credential":          {[]string{"client_secret", ""}, 7000218},
		"without the code":                {[]string{"code", ""}, 900144},
		"that was given, with nothing to": {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &signInTenant{testEmulator: &testEmulator{Emulator: s.Emulator, t: t, http: s.http}, api: s.api}
			code := s.code(client)
			_, body := s.redeem(client, code, row.change...)
			if diff := cmp.Diff(row.want, number(body)); diff != "" {
				t.Errorf("(-want +got):\n%s%v", diff, body)
			}
			if row.want == 0 {
				if _, body := s.redeem(client, code); number(body) != 54005 {
					t.Errorf("a second time: %v", body)
				}
			}
		})
	}
}

func TestCode_SPARedeemsCrossOriginOnly(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	page, site := s.register(redirects("spa", callback)), s.register(redirects("web", callback))
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {page.id}, "code": {s.code(page)}, "redirect_uri": {callback},
		"code_verifier": {verifier},
	}
	if _, body := s.token(form, ""); number(body) != 9002327 {
		t.Errorf("without an origin: %v", body)
	}
	status, body := s.token(form, "https://app.contoso.com")
	if status != http.StatusOK || s.claimsOf(body["access_token"])["azpacr"] != "0" {
		t.Errorf("with an origin: %d %v", status, body)
	}
	form.Set("client_id", site.id)
	form.Set("client_secret", site.secret)
	form.Set("code", s.code(site))
	if _, body := s.token(form, "https://app.contoso.com"); number(body) != 9002326 {
		t.Errorf("a web application's code: %v", body)
	}
}

func TestAuthorize_Refusals(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	page := s.register(redirects("spa", callback))
	browser := newBrowser(t, s.Emulator)
	for name, row := range map[string]struct {
		change []string
		page   string // on a page
		want   string // at the redirect URI
	}{
		"at another redirect URI":   {[]string{"redirect_uri", callback + "<b>"}, "AADSTS50011", ""},
		"for an unknown client":     {[]string{"client_id", "99999999-0000-4000-8000-000000000000"}, "AADSTS700016", ""},
		"of a page without PKCE":    {[]string{"code_challenge", ""}, "", "AADSTS9002325"},
		"for a token":               {[]string{"response_type", "token"}, "", "AADSTS700054"},
		"for an unknown scope":      {[]string{"scope", s.api.id + "/None"}, "", "AADSTS650053"},
		"silently without a user":   {[]string{"prompt", "none"}, "", "AADSTS50058"},
		"for scopes of two APIs":    {[]string{"scope", s.readOrders() + " User.Read"}, "", "AADSTS28000"},
		"with a plain challenge":    {[]string{"code_challenge_method", "plain"}, "", "AADSTS501491"},
		"for administrators' scope": {[]string{"scope", s.api.id + "/Manage"}, "AADSTS90094", ""},
	} {
		shown := browser.open(s.authorizeURL(page, row.change...))
		if shown.Form == "login" {
			shown = newBrowser(t, s.Emulator).signIn(s.authorizeURL(page, row.change...))
		}
		switch {
		case row.page != "" && (shown.Redirect != nil || !strings.Contains(shown.Text, row.page) || strings.Contains(shown.Text, "<b>'")):
			t.Errorf("%s: left for %v, shows %s", name, shown.Redirect, shown.Text)
		case row.want != "" && (shown.Redirect == nil || !strings.HasPrefix(parametersOf(shown.Redirect).Get("error_description"), row.want)):
			t.Errorf("%s: left for %v, shows %s", name, shown.Redirect, shown.Text)
		}
	}
}

func TestAuthorize_AnswersByResponseMode(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(redirects("web", callback))
	browser := newBrowser(t, s.Emulator)
	fragment := browser.signIn(s.authorizeURL(client, "response_mode", "fragment")).Redirect
	if fragment.RawQuery != "" || !strings.Contains(fragment.Fragment, "code=") {
		t.Errorf("fragment: %s", fragment)
	}
	posted := browser.open(s.authorizeURL(client, "response_mode", "form_post", "state", `"><script>`))
	if posted.Action != callback || posted.Fields.Get("code") == "" || posted.Fields.Get("state") != `"><script>` {
		t.Errorf("form_post: %s", posted.Text)
	}
	cancelled := browser.send(browser.open(s.authorizeURL(client, "prompt", "consent")), "decision", "cancel").Redirect
	if cancelled.Query().Get("error") != "access_denied" {
		t.Errorf("cancelled: %s", cancelled)
	}
}

func TestAuthorize_RequiredAssignmentLetsAssignedUsersIn(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(redirects("web", callback))
	s.Directory().Set(client.principal, map[string]any{"appRoleAssignmentRequired": true})
	browser := newBrowser(t, s.Emulator)
	if shown := browser.signIn(s.authorizeURL(client)); !strings.Contains(shown.Text, "AADSTS50105") {
		t.Errorf("not assigned, but: %s", shown.Text)
	}
	group := s.Directory().SeedGroup("Readers")
	s.Directory().AddMember(group, s.adaID)
	s.within(func(d *directory.Session) error {
		if _, err := d.Assign(odata.Document{"principalId": group, "resourceId": client.principal, "appRoleId": directory.DefaultAccess}); err != nil {
			return err
		}
		_, err := d.Assign(odata.Document{"principalId": group, "resourceId": s.api.principal, "appRoleId": userRole})
		return err
	})
	_, body := s.redeem(client, s.code(client))
	if diff := cmp.Diff([]any{"Orders.Use"}, s.claimsOf(body["access_token"])["roles"]); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
}

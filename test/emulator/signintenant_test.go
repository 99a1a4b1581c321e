package emulator_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const (
	ada          = "ada@contoso.onmicrosoft.com"
	adasPassword = "canary~of-ada"
	root         = "root@contoso.onmicrosoft.com"
	readScope    = "11111111-0000-4000-8000-000000000001"
	adminScope   = "11111111-0000-4000-8000-000000000002"
	userRole     = "11111111-0000-4000-8000-000000000003"
	appRole      = "11111111-0000-4000-8000-000000000004"
	callback     = "https://app.contoso.com/callback"
	verifier     = "a-verifier-that-is-long-enough-for-the-standard-0123456789"
	challenge    = "TklMeVooZjbHjWLoYsO_8TlVcFAO2QGJj-D0QCA1u2w"
)

// registered is an application with its service principal.
type registered struct{ id, object, principal, secret string }

// signInTenant is an emulator with people and an API.
type signInTenant struct {
	*testEmulator

	adaID, rootID string
	api           registered
}

func newSignInTenant(t *testing.T) *signInTenant {
	t.Helper()
	return newSignInTenantWith(t, emulator.Options{})
}

func newSignInTenantWith(t *testing.T, options emulator.Options) *signInTenant {
	t.Helper()
	s := &signInTenant{testEmulator: startEmulator(t, options)}
	s.adaID = s.Directory().SeedPerson(directory.SeedPerson{DisplayName: "Ada", UserPrincipalName: ada, Password: adasPassword})
	s.rootID = s.Directory().SeedPerson(directory.SeedPerson{
		DisplayName: "Root", UserPrincipalName: root, Password: adasPassword, Administrator: true,
	})
	scope := func(id, value, kind string) any {
		return odata.Document{
			"id": id, "value": value, "type": kind, "isEnabled": true, "adminConsentDisplayName": value, "adminConsentDescription": value,
			"userConsentDisplayName": value, "userConsentDescription": value,
		}
	}
	role := func(id, value, member string) any {
		return odata.Document{
			"id": id, "value": value, "displayName": value, "description": value, "isEnabled": true, "allowedMemberTypes": []any{member},
		}
	}
	s.api = s.register(odata.Document{
		"displayName": "Orders", "appRoles": []any{role(userRole, "Orders.Use", "User"), role(appRole, "Orders.Run", "Application")},
		"api": odata.Document{
			"requestedAccessTokenVersion": 2,
			"oauth2PermissionScopes":      []any{scope(readScope, "Read", "User"), scope(adminScope, "Manage", "Admin")},
		},
	})
	return s
}

// register makes an application out of a body, with a service principal and a secret.
func (s *signInTenant) register(body odata.Document) registered {
	s.t.Helper()
	document := odata.Document{"displayName": "Client", "signInAudience": "AzureADMyOrg"}
	maps.Copy(document, body)
	var made registered
	err := s.Directory().Within(directory.Caller{}, func(d *directory.Session) error {
		app, _, err := d.CreateApplication(document, nil)
		if err != nil {
			return err
		}
		made.id, made.object = odata.Text(app.Doc, "appId"), app.ID
		sp, err := d.CreateServicePrincipal(app, odata.Document{}, nil)
		if err != nil {
			return err
		}
		made.principal = sp.ID
		shown, err := d.AddPassword(app, odata.Document{"displayName": "x"})
		made.secret = odata.Text(shown, "secretText")
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

// within changes the directory as nobody's request.
func (s *signInTenant) within(change func(*directory.Session) error) {
	s.t.Helper()
	if err := s.Directory().Within(directory.Caller{}, change); err != nil {
		s.t.Fatal(err)
	}
}

func redirects(platform string, uris ...string) odata.Document {
	return odata.Document{platform: odata.Document{"redirectUris": odata.Strings(uris...)}}
}

// readOrders is the API's scope that users may consent to.
func (s *signInTenant) readOrders() string { return s.api.id + "/Read" }

// authorizeURL is an authorization request with PKCE, changed by name and value; an empty value takes a parameter away.
func (s *signInTenant) authorizeURL(client registered, change ...string) string {
	query := url.Values{
		"client_id": {client.id}, "response_type": {"code"}, "redirect_uri": {callback}, "state": {"the state"}, "nonce": {"the nonce"},
		"scope": {"openid profile offline_access " + s.readOrders()}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	set(query, change)
	return s.URL() + "/" + s.TenantID() + "/oauth2/v2.0/authorize?" + query.Encode()
}

func set(values url.Values, change []string) {
	for i := 0; i+1 < len(change); i += 2 {
		values.Set(change[i], change[i+1])
		if change[i+1] == "" {
			values.Del(change[i])
		}
	}
}

// redeem asks the token endpoint for what a code gives.
func (s *signInTenant) redeem(client registered, code string, change ...string) (int, document) {
	s.t.Helper()
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {client.id}, "client_secret": {client.secret}, "code": {code},
		"redirect_uri": {callback}, "code_verifier": {verifier},
	}
	set(form, change)
	return s.token(form, "")
}

// token asks the token endpoint; origin is the page's, if a page asks.
func (s *signInTenant) token(form url.Values, origin string) (int, document) {
	s.t.Helper()
	if origin == "" {
		return s.call(http.MethodPost, s.URL()+"/"+s.TenantID()+"/oauth2/v2.0/token", "", "application/x-www-form-urlencoded",
			strings.NewReader(form.Encode()))
	}
	return s.tokenCrossOrigin(form, origin)
}

// code signs Ada in and gives the code.
func (s *signInTenant) code(client registered, change ...string) string {
	s.t.Helper()
	left := newBrowser(s.t, s.Emulator).signIn(s.authorizeURL(client, change...)).Redirect
	if left == nil || left.Query().Get("code") == "" {
		s.t.Fatalf("no code: %v", left)
	}
	return left.Query().Get("code")
}

// claimsOf are a token's claims, unverified.
func (s *signInTenant) claimsOf(raw any) document {
	s.t.Helper()
	text, _ := raw.(string)
	token, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		s.t.Fatalf("%v: %v", raw, err)
	}
	var out document
	if err := token.UnsafeClaimsWithoutVerification(&out); err != nil {
		s.t.Fatal(err)
	}
	return out
}

// number is the AADSTS number of a refusal.
func number(body document) int {
	codes, _ := body["error_codes"].([]any)
	if len(codes) == 0 {
		return 0
	}
	first, _ := codes[0].(float64)
	return int(first)
}

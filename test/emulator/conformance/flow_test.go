package conformance

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/test/browserclient"
)

const (
	callback  = "https://orders.conformance.example.com/callback"
	verifier  = "a-verifier-that-is-long-enough-for-the-standard-0123456789"
	challenge = "TklMeVooZjbHjWLoYsO_8TlVcFAO2QGJj-D0QCA1u2w"
	onBehalf  = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	byDevice  = "urn:ietf:params:oauth:grant-type:device_code"
)

// flow is an API with two scopes and a role for users, a client, and a user at a browser of plain forms.
type flow struct {
	t       testing.TB
	api     reply // application
	apiSP   reply
	role    object
	client  *caller
	own     reply // the client's service principal
	browser *browserclient.Client
}

// newFlow makes the client out of a body; nil where this run cannot sign in as a user.
func newFlow(t testing.TB, client object) *flow {
	t.Helper()
	if examined.principals.password == "" {
		t.Log("nobody named a user's password: nothing to test")
		return nil
	}
	f := &flow{t: t, role: role("Orders.Use", object{"allowedMemberTypes": list{"User"}})}
	open := object{"type": "User", "userConsentDisplayName": "x", "userConsentDescription": "x"}
	body := withScopes(scope("Orders.Read", open), scope("Orders.Manage", nil))
	body["api"].(object)["requestedAccessTokenVersion"] = 2
	f.api, f.apiSP = examined.first.newPair(t, changed(body, withRoles(f.role)))
	application, own := examined.first.newPair(t, client)
	password := examined.first.addPassword(t, applicationPath(application), "sign in")
	f.client, f.own = examined.caller("a client", application.text("appId"), password.text("secretText")), own
	f.client.object = application.id()
	f.newBrowser()
	return f
}

// newBrowser gives the user a browser without cookies.
func (f *flow) newBrowser() {
	f.t.Helper()
	browser, err := browserclient.New(examined.authority, examined.ca, examined.principals.user, examined.principals.password)
	if err != nil {
		f.t.Fatal(err)
	}
	f.browser = browser
}

// read is the API's scope that users may consent to.
func (f *flow) read() string { return f.api.text("appId") + "/Orders.Read" }

// grant consents for everybody.
func (f *flow) grant(scopes string) reply {
	f.t.Helper()
	return examined.callerWith(f.t, grantAll).must(f.t, http.StatusCreated, http.MethodPost, grants, object{
		"clientId": f.own.id(), "consentType": "AllPrincipals", "resourceId": f.apiSP.id(), "scope": scopes,
	})
}

// revoke takes a grant away.
func (f *flow) revoke(granted reply) {
	f.t.Helper()
	examined.callerWith(f.t, grantAll).must(f.t, http.StatusNoContent, http.MethodDelete, grants+"/"+granted.id(), nil)
}

func withParameters(values url.Values, change []string) url.Values {
	for i := 0; i+1 < len(change); i += 2 {
		values.Set(change[i], change[i+1])
		if change[i+1] == "" {
			values.Del(change[i])
		}
	}
	return values
}

// authorize opens an authorization request, changed by name and value, and signs in and consents where it is asked to.
func (f *flow) authorize(change ...string) browserclient.Page {
	f.t.Helper()
	asked := withParameters(url.Values{
		"client_id": {f.client.id}, "response_type": {"code"}, "redirect_uri": {callback}, "state": {"s"}, "nonce": {"n"},
		"scope": {"openid offline_access " + f.read()}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}, change)
	return f.open("/oauth2/v2.0/authorize?" + asked.Encode())
}

func (f *flow) open(path string) browserclient.Page {
	f.t.Helper()
	page, err := f.browser.SignIn(f.t.Context(), examined.authority+"/"+examined.tenantID+path)
	if err != nil {
		f.t.Fatal(err)
	}
	return page
}

// redirectParameter is an answer's parameter at the redirect URI, or else what the page says.
func redirectParameter(page browserclient.Page, name string) string {
	if page.Redirect == nil {
		return page.Text
	}
	return page.Redirect.Query().Get(name)
}

// code signs the user in and gives the code.
func (f *flow) code(change ...string) string {
	f.t.Helper()
	page := f.authorize(change...)
	if page.Redirect == nil || page.Redirect.Query().Get("code") == "" {
		f.t.Fatalf("no code: %v %s", page.Redirect, page.Text)
	}
	return page.Redirect.Query().Get("code")
}

// redeeming is the form that redeems a code.
func (f *flow) redeeming(code string, change ...string) url.Values {
	return withParameters(url.Values{
		"grant_type": {"authorization_code"}, "client_id": {f.client.id}, "client_secret": {f.client.secret}, "code": {code},
		"redirect_uri": {callback}, "code_verifier": {verifier},
	}, change)
}

// tokens are what a form gets that has to get some.
func (f *flow) tokens(form url.Values) reply {
	f.t.Helper()
	got, err := examined.requestToken(f.t.Context(), form)
	if err != nil || got.status != http.StatusOK {
		f.t.Fatalf("no tokens: %v %s", err, got)
	}
	return got
}

// scopes are what an access token lets its client do.
func (f *flow) scopes(got reply) string {
	f.t.Helper()
	return text(f.claims(got), "scp")
}

func (f *flow) claims(got reply) object {
	f.t.Helper()
	_, claims, err := unpack(got.text("access_token"))
	if err != nil {
		f.t.Fatal(err)
	}
	return claims
}

// tokenCrossOrigin posts a form as a page of another origin does.
func (s *tenant) tokenCrossOrigin(t testing.TB, form url.Values) reply {
	t.Helper()
	path := "/" + s.tenantID + "/oauth2/v2.0/token"
	made, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.authority+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	made.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	made.Header.Set("Origin", "https://orders.conformance.example.com")
	got, err := s.exchange(made, path)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// device starts a device flow and gives the device's code and the user's.
func (f *flow) device() (code, user string) {
	f.t.Helper()
	form := url.Values{"client_id": {f.client.id}, "scope": {f.read()}}
	path := "/" + examined.tenantID + "/oauth2/v2.0/devicecode"
	made, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, examined.authority+path, strings.NewReader(form.Encode()))
	if err != nil {
		f.t.Fatal(err)
	}
	made.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := examined.exchange(made, path)
	if err != nil || got.status != http.StatusOK || got.text("verification_uri") == "" {
		f.t.Fatal(err, got)
	}
	return got.text("device_code"), got.text("user_code")
}

// polling is the form by which a device asks whether its user has come.
func (f *flow) polling(code string) url.Values {
	return url.Values{"grant_type": {byDevice}, "client_id": {f.client.id}, "device_code": {code}}
}

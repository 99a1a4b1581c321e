package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/browserclient"
)

const (
	callback  = "https://orders.example.com/callback"
	verifier  = "a-verifier-that-is-long-enough-for-the-standard-0123456789"
	challenge = "TklMeVooZjbHjWLoYsO_8TlVcFAO2QGJj-D0QCA1u2w" // its SHA-256
	password  = "canary~of-a-person"

	// adminNeeded is what a page of the token service says where nobody has consented to a scope that only an admin may consent to.
	adminNeeded = "AADSTS90094"
)

// person of the tenant, who signs in at a browser and consents to nothing, unless it accepts: what an application may do for them,
// somebody else has decided.
type person struct {
	s        *stage
	id, name string
	accepts  bool
}

func (s *stage) person(name string) person {
	principal := name + "@contoso.onmicrosoft.com"
	id := s.entra.Directory().SeedPerson(directory.SeedPerson{DisplayName: name, UserPrincipalName: principal, Password: password})
	return person{s: s, id: id, name: principal}
}

// at the browser: a new one each time, so that nobody is signed in.
func (p person) browser() *browserclient.Client {
	p.s.t.Helper()
	v, err := browserclient.New(p.s.entra.URL(), p.s.entra.CA(), p.name, password)
	if err != nil {
		p.s.t.Fatal(err)
	}
	v.DeclinesConsent = !p.accepts
	return v
}

// code is what a sign-in sends to the application's redirect URI, or the error that it sends or shows instead.
func (p person) code(client *v1alpha1.AppRegistration, redirect string, scopes ...string) (string, error) {
	p.s.t.Helper()
	query := url.Values{
		"client_id": {client.Status.AppID}, "response_type": {"code"}, "redirect_uri": {redirect}, "state": {"s"}, "nonce": {"n"},
		"scope": {strings.Join(append(scopes, "openid", "profile", "offline_access"), " ")}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	page, err := p.browser().SignIn(p.s.t.Context(), client.Status.Endpoints.Authorization+"?"+query.Encode())
	switch {
	case err != nil:
		p.s.t.Fatal(err)
		return "", err
	case page.AsksConsent():
		return "", fmt.Errorf("AADSTS65001: a page asks for consent")
	case page.Redirect == nil:
		return "", fmt.Errorf("a page of the token service: %s", page.Text)
	case page.Redirect.Query().Get("code") == "":
		return "", fmt.Errorf("sent to %s", page.Redirect)
	}
	return page.Redirect.Query().Get("code"), nil
}

// tokens that a sign-in gives.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	ID      string `json:"id_token"`
	Error   string `json:"error_description"`
}

// endpoint asks the token endpoint as an application does that needs no library; origin is that of a page, or empty.
func (s *stage) endpoint(client *v1alpha1.AppRegistration, origin string, form url.Values) (tokens, error) {
	s.t.Helper()
	form.Set("client_id", client.Status.AppID)
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, client.Status.Endpoints.Token, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if origin != "" {
		request.Header.Set("Origin", origin)
	}
	response, err := s.publicClient().Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer tokens
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		s.t.Fatal(err)
	}
	if answer.Error != "" {
		return answer, fmt.Errorf("%s", answer.Error)
	}
	return answer, nil
}

// redeemed is what a code, or a refresh token, gives to a client without a credential.
func (s *stage) redeemed(client *v1alpha1.AppRegistration, origin, redirect, code string) (tokens, error) {
	s.t.Helper()
	return s.endpoint(client, origin, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier},
	})
}

func (s *stage) refreshed(client *v1alpha1.AppRegistration, origin, refresh string, scopes ...string) (tokens, error) {
	s.t.Helper()
	return s.endpoint(client, origin, url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {refresh}, "scope": {strings.Join(scopes, " ")},
	})
}

// confidential is an application that signs in with the token of a ServiceAccount, through MSAL.
func (s *stage) confidential(client *v1alpha1.AppRegistration, account string) confidential.Client {
	s.t.Helper()
	token := s.accountToken(account)
	credential := confidential.NewCredFromAssertionCallback(func(context.Context, confidential.AssertionRequestOptions) (string, error) {
		return token, nil
	})
	made, err := confidential.New(s.entra.URL()+"/"+s.entra.TenantID(), client.Status.AppID, credential,
		confidential.WithHTTPClient(s.publicClient()), confidential.WithInstanceDiscovery(false))
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

// public is an application on somebody's device, through MSAL.
func (s *stage) public(client *v1alpha1.AppRegistration) public.Client {
	s.t.Helper()
	made, err := public.New(client.Status.AppID, public.WithAuthority(s.entra.URL()+"/"+s.entra.TenantID()),
		public.WithHTTPClient(s.publicClient()), public.WithInstanceDiscovery(false))
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

// claimsOf reads a token that is not for us to verify.
func (s *stage) claimsOf(token string) claims {
	s.t.Helper()
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		s.t.Fatal(err)
	}
	var c claims
	if err := parsed.UnsafeClaimsWithoutVerification(&c); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// consentsAsAdministrator is what an administrator does who is sent an address.
func (s *stage) consentsAsAdministrator(address string) {
	s.t.Helper()
	const root = "root@contoso.onmicrosoft.com"
	s.entra.Directory().SeedPerson(directory.SeedPerson{UserPrincipalName: root, Password: password, Administrator: true})
	v, err := browserclient.New(s.entra.URL(), s.entra.CA(), root, password)
	if err != nil {
		s.t.Fatal(err)
	}
	if page, err := v.SignIn(s.t.Context(), address); err != nil || page.AsksConsent() {
		s.t.Fatalf("consent as an administrator: %v %s", err, page.Text)
	}
}

package signin

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/browserclient"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

const (
	// Callback is a redirect URI of applications in tests.
	Callback = "https://orders.example.com/callback"
	// Verifier of the code challenge with which people sign in.
	Verifier  = "a-verifier-that-is-long-enough-for-the-standard-0123456789"
	challenge = "TklMeVooZjbHjWLoYsO_8TlVcFAO2QGJj-D0QCA1u2w" // its SHA-256
	// Password of everybody.
	Password = "canary~of-a-person"

	// AdminNeeded is what a page of the token service says where nobody has consented to a scope that only an admin may consent to.
	AdminNeeded = "AADSTS90094"
)

// Person of the tenant, who signs in at a browser and consents to nothing, unless Accepts is true: what an application may do for them,
// somebody else has decided.
type Person struct {
	ID, Name string
	Accepts  bool

	env *env.Env
}

// NewPerson in the tenant.
func NewPerson(e *env.Env, name string) Person {
	principal := name + "@contoso.onmicrosoft.com"
	id := e.Tenant.Directory().SeedPerson(directory.SeedPerson{DisplayName: name, UserPrincipalName: principal, Password: Password})
	return Person{env: e, ID: id, Name: principal}
}

// Browser is a new one each time, so that nobody is signed in.
func (p Person) Browser() *browserclient.Client {
	p.env.T.Helper()
	v, err := browserclient.New(p.env.Tenant.URL(), p.env.Tenant.CA(), p.Name, Password)
	if err != nil {
		p.env.T.Fatal(err)
	}
	v.DeclinesConsent = !p.Accepts
	return v
}

// Code is what a sign-in sends to the application's redirect URI, or the error that it sends or shows instead.
func (p Person) Code(client *v1alpha1.AppRegistration, redirect string, scopes ...string) (string, error) {
	p.env.T.Helper()
	query := url.Values{
		"client_id": {client.Status.AppID}, "response_type": {"code"}, "redirect_uri": {redirect}, "state": {"s"}, "nonce": {"n"},
		"scope": {strings.Join(append(scopes, "openid", "profile", "offline_access"), " ")}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	page, err := p.Browser().SignIn(p.env.T.Context(), client.Status.Endpoints.Authorization+"?"+query.Encode())
	switch {
	case err != nil:
		p.env.T.Fatal(err)
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

// ConsentAsAdministrator is what an administrator does who is sent an address.
func ConsentAsAdministrator(e *env.Env, address string) {
	e.T.Helper()
	const root = "root@contoso.onmicrosoft.com"
	e.Tenant.Directory().SeedPerson(directory.SeedPerson{UserPrincipalName: root, Password: Password, Administrator: true})
	v, err := browserclient.New(e.Tenant.URL(), e.Tenant.CA(), root, Password)
	if err != nil {
		e.T.Fatal(err)
	}
	if page, err := v.SignIn(e.T.Context(), address); err != nil || page.AsksConsent() {
		e.T.Fatalf("consent as an administrator: %v %s", err, page.Text)
	}
}

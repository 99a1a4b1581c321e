package signin

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

// Portal is a web application that acts for its users at an API.
type Portal struct {
	*env.Env
	API, Web *v1alpha1.AppRegistration
	// Grant is not created yet.
	Grant *v1alpha1.DelegatedPermissionGrant
	Ada   Person
}

// NewPortal creates an API with a scope, and an application that needs it and signs in with its ServiceAccount's token.
func NewPortal(e *env.Env, changes ...func(*v1alpha1.AppRegistrationSpec)) Portal {
	e.T.Helper()
	orders := v1alpha1.APIReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Name: "orders-api"}}
	p := Portal{
		Env: e, API: e.AppRegistration("orders-api"), Web: e.AppRegistration("portal", changes...),
		Grant: e.Grant("portal-reads", "portal", orders, "Orders.Read"), Ada: NewPerson(e, "ada"),
	}
	p.API.Spec.API = &v1alpha1.API{Scopes: []v1alpha1.Scope{{Value: "Orders.Read"}}}
	p.Web.Spec.Permissions = append(p.Web.Spec.Permissions, v1alpha1.Permissions{API: orders, Delegated: []string{"Orders.Read"}})
	credential := e.FederatedCredential("portal", "portal", "portal")
	e.Cluster.Create(e.ServiceAccount("portal"), p.API, p.Web, credential)
	e.Status.WaitReady(p.API, p.Web, credential)
	return p
}

// Scope of the API that the portal asks for.
func (p Portal) Scope() string { return p.API.Status.IdentifierURIs[0] + "/Orders.Read" }

// Code is what a sign-in of Ada's sends to a redirect URI of the portal, or the error that it sends or shows instead.
func (p Portal) Code(redirect string) (string, error) {
	p.T.Helper()
	return p.Ada.Code(p.Web, redirect, p.Scope())
}

// CheckAdasClaims fails where a token is not one with which the portal reads orders for Ada.
func (p Portal) CheckAdasClaims(token string) {
	p.T.Helper()
	CheckClaims(p.Env, p.API, token, Claims{Azp: p.Web.Status.AppID, OID: p.Ada.ID, Ver: "2.0", Scp: "Orders.Read"})
}

// CheckAdasIDToken verifies an ID token as the portal does.
func (p Portal) CheckAdasIDToken(raw string) {
	p.T.Helper()
	ctx := APIContext(p.Env)
	provider, err := oidc.NewProvider(ctx, p.Web.Status.Endpoints.Issuer)
	if err != nil {
		p.T.Fatal(err)
	}
	verified, err := provider.Verifier(&oidc.Config{ClientID: p.Web.Status.AppID, Now: p.Clock.Now}).Verify(ctx, raw)
	if err != nil {
		p.T.Fatalf("the ID token: %v", err)
	}
	var c struct {
		OID      string `json:"oid"`
		Username string `json:"preferred_username"`
		Nonce    string `json:"nonce"`
	}
	if err := verified.Claims(&c); err != nil {
		p.T.Fatal(err)
	}
	env.CheckEqual(p.T, "the ID token", []string{p.Ada.ID, p.Ada.Name, "n"}, []string{c.OID, c.Username, c.Nonce})
}

// OnDevice signs Ada in with a code that a device shows, and gives the device's token.
func (p Portal) OnDevice() (string, error) {
	p.T.Helper()
	begun, err := Public(p.Env, p.Web).AcquireTokenByDeviceCode(p.T.Context(), []string{p.Scope()})
	if err != nil {
		return "", err
	}
	browser := p.Ada.Browser()
	page, err := browser.Open(p.T.Context(), begun.Result.VerificationURL)
	for _, form := range []url.Values{
		{"otc": {begun.Result.UserCode}}, {"login": {p.Ada.Name}, "passwd": {Password}}, {"decision": {"accept"}},
	} {
		if err == nil && !strings.Contains(page.Text, "AADSTS") {
			page, err = browser.Send(p.T.Context(), page, form)
		}
	}
	if err != nil || !strings.Contains(page.Text, "You have signed in") {
		return "", fmt.Errorf("the device's page: %w %s", err, page.Text)
	}
	result, err := begun.AuthenticationResult(p.T.Context())
	return result.AccessToken, err
}

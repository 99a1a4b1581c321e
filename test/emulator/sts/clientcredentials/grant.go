// Package clientcredentials is the grant type client_credentials.
package clientcredentials

import (
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/clientauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// Grant is the app-only grant: the application signs in as itself and asks for everything that it was granted at one resource.
type Grant struct {
	Clients clientauth.Authenticator
	Scopes  scope.Resolver
	Tokens  *token.Issuer
}

// Token implements oauth.Grant.
func (g Grant) Token(req oauth.Request) (oauth.TokenResponse, *oauth.Error) {
	if req.Authority.TenantID == "" { // for an application, common means no tenant
		return oauth.TokenResponse{}, tenantMissing()
	}
	client, method, refused := g.Clients.Authenticate(req)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	name, refused := scope.ParseDefault(req.PostForm)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	resource, refused := g.Scopes.Resource(req.Host, name)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	return g.Tokens.AppOnly(token.AppOnly{
		Authority: req.Authority, Client: client, Method: method, Resource: resource, ResourceName: name, Lifetime: token.Lifetime,
	})
}

func tenantMissing() *oauth.Error {
	return oauth.BadRequest(50059, "No tenant-identifying information found in either the request or implied by any provided credentials.")
}

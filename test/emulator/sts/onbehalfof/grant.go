// Package onbehalfof is the grant type jwt-bearer: an API that has a user's token for itself gets one for the next API.
package onbehalfof

import (
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/clientauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// GrantType is the grant's grant_type.
const GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// Grant is the on-behalf-of grant.
type Grant struct {
	Directory signin.Directory
	Clock     clock.PassiveClock
	Clients   clientauth.Authenticator
	Scopes    scope.Resolver
	Tokens    *token.Issuer
}

// Token implements oauth.Grant.
func (g Grant) Token(req oauth.Request) (oauth.TokenResponse, *oauth.Error) {
	if use := req.PostForm.Get("requested_token_use"); use != "on_behalf_of" {
		return oauth.TokenResponse{}, oauth.ParameterMissing("requested_token_use")
	}
	client, method, refused := g.Clients.Authenticate(req)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	presented, refused := g.userAssertion(req.PostForm.Get("assertion"), client)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	person, ok := g.Directory.Person(presented.ObjectID)
	if !ok {
		return oauth.TokenResponse{}, oauth.BadGrant(50013, "Assertion failed signature validation. [Reason - The user is not found.]")
	}
	requested, refused := g.Scopes.Parse(req.Host, req.PostForm.Get("scope"))
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	return g.Tokens.Delegated(token.Delegated{
		Authority: req.Authority, Client: client, Method: method, User: person, Requested: requested,
		ClientInfo: req.PostForm.Get("client_info") == "1",
	})
}

// userAssertion verifies that the assertion is our access token, of a user, for the client that presents it.
func (g Grant) userAssertion(raw string, client signin.Client) (token.Claims, *oauth.Error) {
	if raw == "" {
		return token.Claims{}, oauth.ParameterMissing("assertion")
	}
	var c token.Claims
	signed, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err == nil {
		c, err = g.Tokens.Claims(signed)
	}
	if err != nil {
		return c, oauth.BadGrant(50013, "Assertion failed signature validation. [Reason - Key was not found.]")
	}
	own, _ := g.Directory.Resource(client.AppID)
	now := g.Clock.Now().Unix()
	switch {
	case now < c.NotBefore || now >= c.Expires:
		return c, oauth.BadGrant(500133, "Assertion is not within its valid time range.")
	case c.Audience != client.AppID && !slices.Contains(own.Names, c.Audience):
		return c, oauth.BadGrant(500131, fmt.Sprintf("Assertion audience does not match the Client app presenting the assertion. The "+
			"audience in the assertion was '%s' and the expected audience is '%s'.", c.Audience, client.AppID))
	case c.Scope == "":
		return c, oauth.BadRequest(7000114, fmt.Sprintf("Application '%s' is not allowed to make application on-behalf-of calls.", client.AppID))
	}
	return c, nil
}

package sts

import (
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// onBehalfOf is the grant by which an API, holding a user's token for itself, gets one for the next API.
func (s *Service) onBehalfOf(req request) (tokenResponse, *failure) {
	if use := req.form.Get("requested_token_use"); use != "on_behalf_of" {
		return tokenResponse{}, parameterMissing("requested_token_use")
	}
	client, method, refused := s.authenticate(req)
	if refused != nil {
		return tokenResponse{}, refused
	}
	presented, refused := s.userAssertion(req.form.Get("assertion"), client)
	if refused != nil {
		return tokenResponse{}, refused
	}
	person, ok := s.directory.Person(presented.ObjectID)
	if !ok {
		return tokenResponse{}, badGrant(50013, "Assertion failed signature validation. [Reason - The user is not found.]")
	}
	asked, refused := s.wanted(req.Request, req.form.Get("scope"))
	if refused != nil {
		return tokenResponse{}, refused
	}
	return s.issueDelegated(delegated{
		at: req.at, client: client, method: method, person: person, wanted: asked, info: req.form.Get("client_info") == "1",
	})
}

// userAssertion verifies that the assertion is our access token, of a user, for the client that presents it.
func (s *Service) userAssertion(raw string, client directory.Client) (claims, *failure) {
	var c claims
	if raw == "" {
		return c, parameterMissing("assertion")
	}
	token, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || token.Claims(s.key.private.Public(), &c) != nil {
		return c, badGrant(50013, "Assertion failed signature validation. [Reason - Key was not found.]")
	}
	own, _ := s.directory.Resource(client.AppID)
	now := s.clock.Now().Unix()
	switch {
	case now < c.NotBefore || now >= c.Expires:
		return c, badGrant(500133, "Assertion is not within its valid time range.")
	case c.Audience != client.AppID && !slices.Contains(own.Names, c.Audience):
		return c, badGrant(500131, fmt.Sprintf("Assertion audience does not match the Client app presenting the assertion. The audience in "+
			"the assertion was '%s' and the expected audience is '%s'.", c.Audience, client.AppID))
	case c.Scope == "":
		return c, badRequest(7000114, fmt.Sprintf("Application '%s' is not allowed to make application on-behalf-of calls.", client.AppID))
	}
	return c, nil
}

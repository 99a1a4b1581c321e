package authorizationcode

import (
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// How long refresh tokens live.
const (
	refreshLifetime    = 90 * 24 * time.Hour
	refreshLifetimeSPA = 24 * time.Hour
)

// Refresh implements oauth.Grant for a refresh token. Consent is looked at anew.
func (f Flow) Refresh(req oauth.Request) (oauth.TokenResponse, *oauth.Error) {
	text := req.PostForm.Get("refresh_token")
	if text == "" {
		return oauth.TokenResponse{}, oauth.ParameterMissing("refresh_token")
	}
	found, ok := f.Tokens.RefreshTokens.Get(text)
	if !ok {
		return oauth.TokenResponse{}, oauth.ParameterInvalid("refresh_token")
	}
	if refused := checkOrigin(req, found.SPA); refused != nil {
		return oauth.TokenResponse{}, refused
	}
	client, method, refused := f.Clients.AuthenticateForUser(req, !found.Public)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	if client.AppID != found.ClientID {
		return oauth.TokenResponse{}, oauth.ParameterInvalid("refresh_token")
	}
	if refused := f.checkRefresh(found); refused != nil {
		return oauth.TokenResponse{}, refused
	}
	person, ok := f.Directory.Person(found.UserID)
	if !ok {
		return oauth.TokenResponse{}, oauth.ParameterInvalid("refresh_token")
	}
	requested := found.Requested
	if scope := req.PostForm.Get("scope"); scope != "" {
		if requested, refused = f.Scopes.Parse(req.Host, scope); refused != nil {
			return oauth.TokenResponse{}, refused
		}
	}
	requested.Refresh = true
	return f.Tokens.Delegated(token.Delegated{
		Authority: req.Authority, Client: client, Method: method, User: person, Requested: requested, SPA: found.SPA,
		ClientInfo: req.PostForm.Get("client_info") == "1",
	})
}

func (f Flow) checkRefresh(t token.RefreshToken) *oauth.Error {
	lifetime := refreshLifetime
	if t.SPA {
		lifetime = refreshLifetimeSPA
	}
	if !f.Clock.Now().Before(t.Issued.Add(lifetime)) {
		return refreshExpired(t.SPA, t.Issued, lifetime)
	}
	return nil
}

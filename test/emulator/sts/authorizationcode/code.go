package authorizationcode

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

const codeLifetime = 10 * time.Minute

// code is what an authorization code stands for.
type code struct {
	clientID, userID, redirectURI string
	platform                      platform
	challenge                     string // S256; empty without PKCE
	nonce                         string
	requested                     scope.Requested
	consented                     []string
	expires                       time.Time
	used                          bool
}

// RedeemCode implements oauth.Grant for a code from /authorize: once, soon, by the same client at the same redirect URI.
func (f Flow) RedeemCode(req oauth.Request) (oauth.TokenResponse, *oauth.Error) {
	text := req.PostForm.Get("code")
	if text == "" {
		return oauth.TokenResponse{}, oauth.ParameterMissing("code")
	}
	found, ok := f.codes.Get(text)
	if !ok {
		return oauth.TokenResponse{}, oauth.ParameterInvalid("code")
	}
	if refused := checkOrigin(req, found.platform == spa); refused != nil { // before the credential, which such an application cannot have
		return oauth.TokenResponse{}, refused
	}
	client, method, refused := f.Clients.AuthenticateForUser(req, found.platform == web)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	if refused := f.checkCode(req, client.AppID, found); refused != nil {
		return oauth.TokenResponse{}, refused
	}
	before, _ := f.codes.Update(text, func(c code) code { c.used = true; return c })
	if before.used {
		return oauth.TokenResponse{}, oauth.CodeRedeemed()
	}
	person, ok := f.Directory.Person(found.userID)
	if !ok {
		return oauth.TokenResponse{}, oauth.ParameterInvalid("code")
	}
	return f.Tokens.Delegated(token.Delegated{
		Authority: req.Authority, Client: client, Method: method, User: person, Requested: found.requested, Consented: found.consented,
		Nonce: found.nonce, SPA: found.platform == spa, ClientInfo: req.PostForm.Get("client_info") == "1",
	})
}

func (f Flow) checkCode(req oauth.Request, clientID string, c code) *oauth.Error {
	switch {
	case clientID != c.clientID:
		return oauth.ParameterInvalid("code")
	case c.used:
		return oauth.CodeRedeemed()
	case !f.Clock.Now().Before(c.expires):
		return codeExpired()
	case req.PostForm.Get("redirect_uri") != c.redirectURI:
		return redirectChanged(req.PostForm.Get("redirect_uri"), c.redirectURI)
	case !verifies(req.PostForm.Get("code_verifier"), c.challenge):
		return verifierWrong()
	}
	return nil
}

// verifies reports whether a code verifier belongs to a challenge; without a challenge there must be none.
func verifies(verifier, challenge string) bool {
	if challenge == "" {
		return verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// checkOrigin lets a browser's cross-origin request redeem what was given to a single-page application, and nothing else.
func checkOrigin(req oauth.Request, spa bool) *oauth.Error {
	origin := req.Header.Get("Origin")
	switch {
	case spa && origin == "":
		return oauth.BadRequest(9002327, "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin "+
			"requests.")
	case !spa && origin != "":
		return oauth.BadRequest(9002326, fmt.Sprintf("Cross-origin token redemption is permitted only for the 'Single-Page Application' "+
			"client-type. Request origin: '%s'.", origin))
	}
	return nil
}

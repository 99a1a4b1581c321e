package devicecode

import (
	"net/http"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// GrantType is the grant's grant_type.
const GrantType = "urn:ietf:params:oauth:grant-type:device_code"

// authorization is what a device code stands for.
type authorization struct {
	clientID, userCode string
	requested          scope.Requested
	expires            time.Time
	userID             string // once the user has signed in
	consented          []string
	declined, used     bool
}

// Token implements oauth.Grant, for a device that waits for its user.
func (f Flow) Token(req oauth.Request) (oauth.TokenResponse, *oauth.Error) {
	code := req.PostForm.Get("device_code")
	if code == "" {
		return oauth.TokenResponse{}, oauth.ParameterMissing("device_code")
	}
	client, method, refused := f.Clients.AuthenticateForUser(req, true)
	if refused != nil {
		return oauth.TokenResponse{}, refused
	}
	a, ok := f.authorizations.Get(code)
	if !ok || a.clientID != client.AppID {
		return oauth.TokenResponse{}, oauth.ParameterInvalid("device_code")
	}
	if refused := f.check(a); refused != nil {
		return oauth.TokenResponse{}, refused
	}
	before, _ := f.authorizations.Update(code, func(a authorization) authorization { a.used = true; return a })
	person, ok := f.Directory.Person(a.userID)
	if !ok || before.used {
		return oauth.TokenResponse{}, oauth.CodeRedeemed()
	}
	return f.Tokens.Delegated(token.Delegated{
		Authority: req.Authority, Client: client, Method: method, User: person, Requested: a.requested, Consented: a.consented,
		ClientInfo: req.PostForm.Get("client_info") == "1",
	})
}

func (f Flow) check(a authorization) *oauth.Error {
	switch {
	case a.used:
		return oauth.CodeRedeemed()
	case !f.Clock.Now().Before(a.expires):
		return &oauth.Error{Status: http.StatusBadRequest, Name: "expired_token", AADSTS: 70019, Message: "Verification code expired."}
	case a.declined:
		return &oauth.Error{Status: http.StatusBadRequest, Name: "authorization_declined", AADSTS: 70018,
			Message: "The user declined the authorization request."}
	case a.userID == "":
		return &oauth.Error{Status: http.StatusBadRequest, Name: "authorization_pending", AADSTS: 70016,
			Message: "OAuth 2.0 device flow error. Authorization is pending. Continue polling."}
	}
	return nil
}

// Package clientauth authenticates the clients of the token endpoint: by secret, by certificate, or by a federated credential.
package clientauth

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// Authenticator finds clients in the directory and checks their credentials.
type Authenticator struct {
	Directory signin.Directory
	Clock     clock.PassiveClock
	// Issuers fetches the discovery documents and keys of outside issuers.
	Issuers *http.Client
	// Tokens are the token service's own, which managed identities present as assertions.
	Tokens *token.Issuer
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// Authenticate finds the client and checks its credential: a secret, in the form or by HTTP Basic, or an assertion.
func (a Authenticator) Authenticate(req oauth.Request) (signin.Client, token.Method, *oauth.Error) {
	id, secret := credentials(req)
	client, refused := a.Client(id)
	if refused != nil {
		return client, "", refused
	}
	method, refused := token.BySecret, (*oauth.Error)(nil)
	switch {
	case secret != "":
		refused = a.checkSecret(client, secret)
	case req.PostForm.Get("client_assertion") != "" && req.PostForm.Get("client_assertion_type") == assertionType:
		method, refused = token.ByAssertion, a.checkAssertion(req, client)
	default:
		refused = credentialMissing()
	}
	return client, method, refused
}

// credentials are the client's ID and secret, from the form or, form-encoded as RFC 6749 has it, from HTTP Basic.
func credentials(req oauth.Request) (id, secret string) {
	id, secret = req.PostForm.Get("client_id"), req.PostForm.Get("client_secret")
	user, password, ok := req.BasicAuth()
	if !ok {
		return id, secret
	}
	if id == "" {
		id = unescape(user)
	}
	if secret == "" {
		secret = unescape(password)
	}
	return id, secret
}

func unescape(text string) string {
	if unescaped, err := url.QueryUnescape(text); err == nil {
		return unescaped
	}
	return text
}

// Client is the application that may sign in here: registered, enabled, with a service principal.
func (a Authenticator) Client(id string) (signin.Client, *oauth.Error) {
	switch id {
	case "":
		return signin.Client{}, oauth.ParameterMissing("client_id")
	case uuid.Nil.String():
		return signin.Client{}, clientIDInvalid(id)
	}
	client, ok := a.Directory.Client(id)
	switch {
	case !ok:
		return client, clientNotFound(id, a.Directory.VerifiedDomain())
	case client.Disabled:
		return client, ClientDisabled(client.AppID, client.DisplayName)
	case client.ServicePrincipalID == "":
		return client, principalMissing(client.AppID, a.Directory.TenantID())
	}
	return client, nil
}

// checkSecret accepts any of the client's secrets that is valid now.
func (a Authenticator) checkSecret(client signin.Client, text string) *oauth.Error {
	now := a.Clock.Now()
	for _, secret := range client.Secrets {
		switch {
		case !secret.Matches(text):
		case now.Before(secret.Start):
			return secretWrong(client.AppID)
		case !now.Before(secret.End):
			return secretExpired(client.AppID)
		default:
			return nil
		}
	}
	return secretWrong(client.AppID)
}

package sts

import (
	"net/url"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// method is how a client proved itself, as azpacr and appidacr tell it.
type method string

const (
	bySecret    method = "1"
	byAssertion method = "2"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// authenticate finds the client and checks its credential: a secret, in the form or by HTTP Basic, or an assertion.
func (s *Service) authenticate(req request) (directory.Client, method, *failure) {
	id, secret := credentials(req)
	client, refused := s.client(id)
	if refused != nil {
		return client, "", refused
	}
	how, refused := bySecret, (*failure)(nil)
	switch {
	case secret != "":
		refused = s.checkSecret(client, secret)
	case req.form.Get("client_assertion") != "" && req.form.Get("client_assertion_type") == assertionType:
		how, refused = byAssertion, s.checkAssertion(req, client)
	default:
		refused = credentialMissing()
	}
	return client, how, refused
}

// credentials are the client's ID and secret, from the form or, form-encoded as RFC 6749 wants, from HTTP Basic.
func credentials(req request) (id, secret string) {
	id, secret = req.form.Get("client_id"), req.form.Get("client_secret")
	user, password, ok := req.BasicAuth()
	if !ok {
		return id, secret
	}
	if id == "" {
		id = unescaped(user)
	}
	if secret == "" {
		secret = unescaped(password)
	}
	return id, secret
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// client is the application that may sign in here: registered, enabled, with a service principal.
func (s *Service) client(id string) (directory.Client, *failure) {
	switch id {
	case "":
		return directory.Client{}, parameterMissing("client_id")
	case uuid.Nil.String():
		return directory.Client{}, clientIDInvalid(id)
	}
	client, ok := s.directory.Client(id)
	switch {
	case !ok:
		return client, clientNotFound(id, s.directory.VerifiedDomain())
	case client.Disabled:
		return client, clientDisabled(client.AppID, client.DisplayName)
	case client.ServicePrincipalID == "":
		return client, principalMissing(client.AppID, s.directory.TenantID())
	}
	return client, nil
}

// checkSecret accepts any of the client's secrets that is valid now.
func (s *Service) checkSecret(client directory.Client, text string) *failure {
	now := s.clock.Now()
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

package sts

import (
	"fmt"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// authenticateAs finds the client of a user's grant: with its credential where it has to have one, without any where it
// is public: a page in a browser, or an application for devices and desktops.
func (s *Service) authenticateAs(req request, credential bool) (directory.Client, method, *failure) {
	id, secret := credentials(req)
	client, refused := s.client(id)
	if refused != nil {
		return client, "", refused
	}
	offered := secret != "" || req.form.Get("client_assertion") != ""
	registration, _ := s.directory.Registration(client.AppID)
	switch {
	case !credential && offered:
		return client, "", credentialUnwanted()
	case !credential, registration.FallbackPublicClient && !offered:
		return client, byNothing, nil
	default:
		return s.authenticate(req)
	}
}

// checkOrigin: a browser's cross-origin request redeems what was given to a page, and nothing else does.
func checkOrigin(req request, spa bool) *failure {
	origin := req.Header.Get("Origin")
	switch {
	case spa && origin == "":
		return &failure{status: 400, oauth: invalidRequest, code: 9002327, message: "Tokens issued for the " +
			"'Single-Page Application' client-type may only be redeemed via cross-origin requests."}
	case !spa && origin != "":
		return &failure{status: 400, oauth: invalidRequest, code: 9002326, message: fmt.Sprintf("Cross-origin token redemption is "+
			"permitted only for the 'Single-Page Application' client-type. Request origin: '%s'.", origin)}
	}
	return nil
}

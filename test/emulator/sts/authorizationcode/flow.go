// Package authorizationcode is what begins at /authorize and /adminconsent: the authorization code grant with PKCE, the implicit and the
// hybrid flow, the refresh token grant, and administrators' consent.
package authorizationcode

import (
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/clientauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/consent"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/page"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/store"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// Options are what a Flow needs. All are required.
type Options struct {
	Directory signin.Directory
	Clock     clock.PassiveClock
	NewID     func() string
	Clients   clientauth.Authenticator
	Scopes    scope.Resolver
	Consents  consent.Consents
	Pages     *page.Pages
	Tokens    *token.Issuer
}

// Flow is the flow from the authorization request to the token.
type Flow struct {
	Options

	codes *store.Store[code]
}

// New makes a flow in which no code has been given yet.
func New(options Options) Flow {
	return Flow{Options: options, codes: store.New[code]("1.A")}
}

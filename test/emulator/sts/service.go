package sts

import (
	"fmt"
	"net/http"
	"strings"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/authorizationcode"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/clientauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/clientcredentials"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/consent"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/devicecode"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/discovery"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/managedidentity"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/oauth"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/onbehalfof"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/page"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/scope"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts/token"
)

// Options make a Service.
type Options struct {
	Directory signin.Directory
	Clock     clock.PassiveClock
	// Issuers fetches the discovery documents and keys of outside issuers for federated assertions.
	Issuers *http.Client
	// BaseURL is where tokens of managed identities say that they come from when the caller's host does not say it.
	BaseURL string
	// NewID gives trace, correlation and token ids; it must be safe for concurrent use.
	NewID func() string
}

// Service is the token service of one tenant. It is safe for concurrent use.
type Service struct {
	directory  signin.Directory
	clock      clock.PassiveClock
	tokens     *token.Issuer
	errors     oauth.ErrorWriter
	grants     map[string]oauth.Grant
	identities managedidentity.Service
	mux        *http.ServeMux
}

// New makes a token service with a fresh signing key.
func New(options Options) (*Service, error) {
	tokens, err := token.NewIssuer(options.Directory, options.Clock, options.NewID)
	if err != nil {
		return nil, err
	}
	pages, err := page.New(options.Directory)
	if err != nil {
		return nil, fmt.Errorf("parse the pages: %w", err)
	}
	s := &Service{
		directory: options.Directory, clock: options.Clock, tokens: tokens, mux: http.NewServeMux(),
		errors: oauth.ErrorWriter{Clock: options.Clock, NewID: options.NewID},
		identities: managedidentity.Service{
			Directory: options.Directory, Clock: options.Clock, Scopes: scope.Resolver{Directory: options.Directory}, Tokens: tokens,
			BaseURL: options.BaseURL,
		},
	}
	s.serveDiscovery()
	s.serveGrants(options, pages)
	s.mux.Handle("GET /metadata/identity/oauth2/token", s.identities)
	s.mux.HandleFunc("GET /{tenant}/oauth2/v2.0/logout", s.withTenant(pages.Logout))
	return s, nil
}

func (s *Service) serveDiscovery() {
	documents := discovery.Service{Tokens: s.tokens}
	s.mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", s.withTenant(documents.V2))
	s.mux.HandleFunc("GET /{tenant}/.well-known/openid-configuration", s.withTenant(documents.V1))
	s.mux.HandleFunc("GET /{tenant}/discovery/v2.0/keys", s.withTenant(documents.KeysV2))
	s.mux.HandleFunc("GET /{tenant}/discovery/keys", s.withTenant(documents.KeysV1))
	s.mux.HandleFunc("GET /common/discovery/instance", documents.Instance)
}

func (s *Service) serveGrants(options Options, pages *page.Pages) {
	scopes := scope.Resolver{Directory: s.directory}
	consents := consent.Consents{Directory: s.directory, Scopes: scopes}
	clients := clientauth.Authenticator{Directory: s.directory, Clock: s.clock, Issuers: options.Issuers, Tokens: s.tokens}
	codes := authorizationcode.New(authorizationcode.Options{
		Directory: s.directory, Clock: s.clock, NewID: options.NewID, Clients: clients, Scopes: scopes, Consents: consents, Pages: pages,
		Tokens: s.tokens,
	})
	devices := devicecode.New(devicecode.Options{
		Directory: s.directory, Clock: s.clock, Clients: clients, Scopes: scopes, Consents: consents, Pages: pages, Tokens: s.tokens,
		Errors: s.errors,
	})
	s.grants = map[string]oauth.Grant{
		"client_credentials": clientcredentials.Grant{Clients: clients, Scopes: scopes, Tokens: s.tokens}.Token,
		"authorization_code": codes.RedeemCode,
		"refresh_token":      codes.Refresh,
		devicecode.GrantType: devices.Token,
		"device_code":        devices.Token, // MSAL's name for it
		onbehalfof.GrantType: onbehalfof.Grant{Directory: s.directory, Clock: s.clock, Clients: clients, Scopes: scopes, Tokens: s.tokens}.Token,
	}
	s.mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", allowOrigin(s.withTenant(s.token)))
	s.mux.HandleFunc("OPTIONS /{tenant}/oauth2/v2.0/token", preflight)
	s.mux.HandleFunc("POST /{tenant}/oauth2/v2.0/devicecode", s.withTenant(devices.Authorize))
	for _, method := range []string{"GET", "POST"} {
		s.mux.HandleFunc(method+" /{tenant}/oauth2/v2.0/authorize", s.withTenant(codes.Authorize))
		s.mux.HandleFunc(method+" /{tenant}/oauth2/deviceauth", s.withTenant(devices.Verify))
		s.mux.HandleFunc(method+" /{tenant}/adminconsent", s.withTenant(codes.AdminConsent))
		s.mux.HandleFunc(method+" /{tenant}/v2.0/adminconsent", s.withTenant(codes.AdminConsent))
	}
}

func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// IdentityToken is a token of a managed identity, by client ID or object ID, for a resource by one of its names.
func (s *Service) IdentityToken(id, resource string) (string, error) {
	return s.identities.Token(id, resource)
}

// withTenant finds the tenant of the path: by its ID, by its verified domain, or by one of the names for every tenant.
func (s *Service) withTenant(next oauth.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		at := oauth.Authority{Base: "https://" + r.Host, Named: r.PathValue("tenant")}
		switch {
		case strings.EqualFold(at.Named, s.directory.TenantID()), strings.EqualFold(at.Named, s.directory.VerifiedDomain()):
			at.TenantID = s.directory.TenantID()
		case at.Named == "common", at.Named == "organizations":
		default:
			s.errors.Write(w, r, tenantNotFound(at.Named))
			return
		}
		next(w, r, at)
	}
}

func tenantNotFound(name string) *oauth.Error {
	return oauth.BadRequest(90002, fmt.Sprintf(
		"Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with "+
			"your subscription administrator, this may happen if there are no active subscriptions for the tenant.", name))
}

package sts

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

// Options make a Service.
type Options struct {
	Directory *directory.Directory
	Clock     clock.PassiveClock
	// Issuers fetches the discovery documents and keys of outside issuers for federated assertions.
	Issuers *http.Client
	// BaseURL is where tokens of managed identities say they come from when nobody's host tells it.
	BaseURL string
	// NewID gives trace, correlation and token ids; it must be safe for concurrent use.
	NewID func() string
}

// Service is the token service of one tenant. It is safe for concurrent use.
type Service struct {
	directory *directory.Directory
	clock     clock.PassiveClock
	issuers   *http.Client
	baseURL   string
	newID     func() string
	key       *signingKey
	grants    map[string]grant
	mux       *http.ServeMux
	pages     *template.Template

	codes         *vault[authorizationCode]
	refreshTokens *vault[refreshToken]
	devices       *vault[deviceRequest]
	userCodes     *vault[string] // user code to device code
	sessions      *vault[string] // to the user's object ID
}

// New makes a token service with a fresh signing key.
func New(options Options) (*Service, error) {
	key, err := newSigningKey(options.Clock.Now())
	if err != nil {
		return nil, fmt.Errorf("make the signing key: %w", err)
	}
	pages, err := newPages()
	if err != nil {
		return nil, fmt.Errorf("read the pages: %w", err)
	}
	s := &Service{
		directory: options.Directory, clock: options.Clock, issuers: options.Issuers, baseURL: options.BaseURL, newID: options.NewID,
		key: key, mux: http.NewServeMux(), pages: pages,
		codes: newVault[authorizationCode]("1.A"), refreshTokens: newVault[refreshToken]("1.R"), devices: newVault[deviceRequest]("D"),
		userCodes: newVault[string](""), sessions: newVault[string]("S"),
	}
	s.grants = map[string]grant{
		"client_credentials": s.clientCredentials, "authorization_code": s.authorizationCode, "refresh_token": s.refresh,
		deviceGrant: s.deviceCode, "device_code": s.deviceCode, // MSAL's name for it
		"urn:ietf:params:oauth:grant-type:jwt-bearer": s.onBehalfOf,
	}
	s.mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", s.withTenant(s.discoveryV2))
	s.mux.HandleFunc("GET /{tenant}/.well-known/openid-configuration", s.withTenant(s.discoveryV1))
	s.mux.HandleFunc("GET /{tenant}/discovery/v2.0/keys", s.withTenant(s.keysV2))
	s.mux.HandleFunc("GET /{tenant}/discovery/keys", s.withTenant(s.keysV1))
	s.mux.HandleFunc("GET /common/discovery/instance", s.instanceDiscovery)
	s.mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", s.cors(s.withTenant(s.token)))
	s.mux.HandleFunc("OPTIONS /{tenant}/oauth2/v2.0/token", s.preflight)
	for _, method := range []string{"GET", "POST"} {
		s.mux.HandleFunc(method+" /{tenant}/oauth2/v2.0/authorize", s.withTenant(s.authorize))
		s.mux.HandleFunc(method+" /{tenant}/oauth2/deviceauth", s.withTenant(s.deviceAuth))
		s.mux.HandleFunc(method+" /{tenant}/adminconsent", s.withTenant(s.adminConsent))
		s.mux.HandleFunc(method+" /{tenant}/v2.0/adminconsent", s.withTenant(s.adminConsent))
	}
	s.mux.HandleFunc("GET /metadata/identity/oauth2/token", s.identityToken)
	s.mux.HandleFunc("POST /{tenant}/oauth2/v2.0/devicecode", s.withTenant(s.deviceAuthorization))
	s.mux.HandleFunc("GET /{tenant}/oauth2/v2.0/logout", s.withTenant(s.logout))
	return s, nil
}

func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// authority is where the caller found us, with the tenant it named.
type authority struct {
	base   string // https://host:port
	named  string // the tenant as the caller wrote it
	tenant string // the tenant's ID; empty for common and organizations
}

func (a authority) host() string { return strings.TrimPrefix(a.base, "https://") }

// path joins the authority's tenant, as an ID where there is one, and rest.
func (a authority) path(rest string) string {
	tenant := a.tenant
	if tenant == "" {
		tenant = a.named
	}
	return a.base + "/" + tenant + rest
}

// issuerV2 is the issuer of v2 tokens; for common it is a template, literally, as in Entra.
func (a authority) issuerV2() string { return a.base + "/" + a.orTemplate() + "/v2.0" }

// issuerV1 is the issuer of v1 tokens, in the shape of https://sts.windows.net/{tenant}/.
func (a authority) issuerV1() string { return a.base + "/" + a.orTemplate() + "/" }

func (a authority) orTemplate() string {
	if a.tenant == "" {
		return "{tenantid}"
	}
	return a.tenant
}

// withTenant resolves the path's tenant: its ID, its verified domain, or one of the names for every tenant.
func (s *Service) withTenant(next func(http.ResponseWriter, *http.Request, authority)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		at := authority{base: "https://" + r.Host, named: r.PathValue("tenant")}
		switch {
		case strings.EqualFold(at.named, s.directory.TenantID()), strings.EqualFold(at.named, s.directory.VerifiedDomain()):
			at.tenant = s.directory.TenantID()
		case at.named == "common", at.named == "organizations":
		default:
			s.refuse(w, r, tenantNotFound(at.named))
			return
		}
		next(w, r, at)
	}
}

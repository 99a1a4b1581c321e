package conformance

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/conformance/issuer"
)

// suiteTag is the tag, and the start of the display name, of everything that any run of this suite makes.
const suiteTag = "conformance"

// tenant is the directory under test, with the first caller's access to it.
type tenant struct {
	graph     string // without version
	authority string
	tenantID  string
	run       string
	http      *http.Client
	clock     clock.Clock
	retry     retry
	// newProperties is true where additional properties are allowed: a real tenant gets new ones every few months.
	newProperties bool
	// issuer signs tokens of a foreign issuer that the token service can reach; nil where it cannot reach this process.
	issuer *issuer.Issuer
	// principals are who the directory has beside applications.
	principals knownPrincipals
	ca         []byte // PEM that signs both endpoints; empty: the system's roots
	first      *caller
	answers    *findings

	mu      sync.Mutex
	callers map[string]func() (*caller, error)
}

// openTenant takes the tenant from the environment, or starts an emulator in this process.
func openTenant() (*tenant, func(), error) {
	if os.Getenv("CONFORMANCE_GRAPH") == "" {
		return startEmulator()
	}
	found, err := tenantFromEnvironment()
	return found, func() {}, err
}

func tenantFromEnvironment() (*tenant, error) {
	var missing []string
	get := func(name string) string {
		value := os.Getenv(name)
		if value == "" {
			missing = append(missing, name)
		}
		return strings.TrimSuffix(value, "/")
	}
	found := newTenant(get("CONFORMANCE_GRAPH"), get("CONFORMANCE_AUTHORITY"), get("CONFORMANCE_TENANT_ID"))
	found.first = found.caller("the first caller", get("CONFORMANCE_CLIENT_ID"), get("CONFORMANCE_CLIENT_SECRET"))
	if len(missing) > 0 {
		return nil, fmt.Errorf("read the environment: %s missing", strings.Join(missing, ", "))
	}
	found.newProperties = true
	found.principals = knownPrincipals{
		userID: os.Getenv("CONFORMANCE_USER_ID"), user: os.Getenv("CONFORMANCE_USER"), password: os.Getenv("CONFORMANCE_USER_PASSWORD"),
		groupID: os.Getenv("CONFORMANCE_GROUP_ID"), identityID: os.Getenv("CONFORMANCE_IDENTITY_ID"),
	}
	found.retry = retry{clock: found.clock, interval: 2 * time.Second, attempts: 90, confirmations: 3}
	if file := os.Getenv("CONFORMANCE_CA"); file != "" {
		authorities, err := os.ReadFile(file) // #nosec G304 G703 -- the operator of the suite names it
		if err != nil {
			return nil, fmt.Errorf("read CONFORMANCE_CA: %w", err)
		}
		if err := found.trust(authorities); err != nil {
			return nil, fmt.Errorf("read CONFORMANCE_CA %s: %w", file, err)
		}
	}
	return found, nil
}

func newTenant(graph, authority, tenantID string) *tenant {
	now := clock.RealClock{}
	return &tenant{
		graph:     strings.TrimSuffix(graph, "/v1.0"),
		authority: authority,
		tenantID:  tenantID,
		run:       random(4),
		http:      &http.Client{Timeout: 100 * time.Second, CheckRedirect: noRedirects},
		clock:     now,
		retry:     retry{clock: now, attempts: 1, confirmations: 1},
		answers:   &findings{},
		callers:   map[string]func() (*caller, error){},
	}
}

// trust accepts only certificates signed by the authorities in the PEM text.
func (s *tenant) trust(authorities []byte) error {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authorities) {
		return fmt.Errorf("no certificate in %d bytes of PEM", len(authorities))
	}
	s.ca = authorities
	s.http.Transport = &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		MaxIdleConnsPerHost: 16,
	}
	return nil
}

// prefix starts the display name and the unique name of everything this run makes.
func (s *tenant) prefix() string { return suiteTag + "-" + s.run + "-" }

// name is a fresh name that starts with the run's prefix.
func (s *tenant) name() string { return s.prefix() + random(5) }

func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// random gives 2n hex digits.
func random(n int) string {
	bytes := make([]byte, n)
	_, _ = rand.Read(bytes) // never fails since Go 1.24
	return hex.EncodeToString(bytes)
}

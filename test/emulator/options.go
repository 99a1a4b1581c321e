package emulator

import (
	"crypto/tls"
	"errors"
	"io"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// ErrOptions is in every error of Start that other options would avoid.
var ErrOptions = errors.New("bad options")

// DefaultTenantID is the tenant's ID where none is given.
const DefaultTenantID = "c0a1e5ce-0000-4000-8000-e01a702e0001"

const (
	tenantName     = "Contoso"
	verifiedDomain = "contoso.onmicrosoft.com"
)

// Options of an emulator. The zero Options are an empty tenant without lag, quota and faults.
type Options struct {
	// Clock is the time of everything that the emulator shows or decides; nil is the real one. Network timeouts are real.
	Clock clock.PassiveClock
	// Listen is host:port, by default 127.0.0.1:0.
	Listen string
	// Certificate is the server's; nil makes a CA and a certificate for localhost, *.localhost, the loopback addresses, Listen's host and
	// Names.
	Certificate *tls.Certificate
	Names       []string
	// TenantID is a GUID, by default DefaultTenantID.
	TenantID string
	// Client is the first caller; none if it has no ID.
	Client Client
	// Population are the users with their passwords, the groups and the managed identities of the tenant.
	Population directory.Population
	// IssuerCA is PEM: what to trust, beside the system's authorities and the own one, at the issuers of federated credentials.
	IssuerCA []byte
	// IssuerAddresses are the addresses of issuers' hosts, host:port each, as a name server would give them: a test can serve an issuer.
	IssuerAddresses map[string]string
	Lag             directory.Lag
	Quota           faults.Quota
	Faults          faults.Random
	// Seed makes everything random repeatable: faults, lag and generated IDs.
	Seed int64
	// Record gets one JSON line an exchange; nil for none.
	Record io.Writer
}

// Client is an application with a secret and with application permissions on Microsoft Graph, by value.
type Client struct {
	ID, Secret string
	Roles      []string
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = clock.RealClock{}
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.TenantID == "" {
		o.TenantID = DefaultTenantID
	}
	return o
}

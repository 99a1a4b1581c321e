// Package graph is the directory over Microsoft Graph: it implements entra.Tenants, entra.Reader and entra.Writer. It and its
// sub-packages are all that knows Microsoft's SDKs: properties says where Graph has what, wire carries the requests, and memory corrects
// what Entra shows late by this process' own writes.
package graph

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	nethttp "github.com/microsoft/kiota-http-go"
	serialization "github.com/microsoft/kiota-serialization-json-go"
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/memory"
	"github.com/entra-registrar/entra-registrar/controllers/graph/wire"
)

// client is a connection to one tenant. It implements entra.Directory.
type client struct {
	*tenant
	clock      clock.PassiveClock
	connection entra.Connection
	graph      wire.Endpoint
	authority  wire.Endpoint
	signer     *wire.Signer
	adapter    abstractions.RequestAdapter
	// tokens is for the token service: no redirects, one host.
	tokens    *http.Client
	transport *http.Transport

	// discovery is guarded by the lock of that name.
	discovery struct {
		known entra.Endpoints
		at    time.Time
	}
}

// tenant is what outlives a connection: what we know of it, and what is left of its quota.
type tenant struct {
	memory *memory.Memory
	locks  *keyedMutex
	budget *wire.Budget
	apis   *apiCache
}

var _ entra.Directory = (*client)(nil)

func newClient(
	options Options, metrics *wire.Metrics, connection entra.Connection, authority, graph wire.Endpoint, other *client,
) (*client, error) {
	transport, err := wire.NewHTTPTransport(connection.CABundle)
	if err != nil {
		return nil, err
	}
	var next http.RoundTripper = transport
	if options.Wrap != nil {
		next = options.Wrap(next)
	}
	connection.Authority, connection.Graph = authority.String(), graph.String()
	c := &client{
		tenant: tenantOf(options, connection, other), clock: options.Clock, connection: connection,
		graph: graph, authority: authority, transport: transport,
		tokens: &http.Client{Transport: wire.SingleHost{Endpoint: authority, Next: next}, CheckRedirect: wire.NoRedirects, Timeout: wire.Timeout},
	}
	c.signer, err = wire.NewSigner(options.Clock, graph.String()+"/.default", connection.Auth.Secret, func() (azcore.TokenCredential, error) {
		return wire.NewCredential(connection, c.tokens)
	})
	if err != nil {
		return nil, entra.Refused{Reason: entra.RefusedInvalid, Message: wire.Sanitize(err.Error()), Property: "auth"}
	}
	c.adapter, err = adapterOn(&wire.Transport{
		Endpoint: graph, Next: next, Clock: options.Clock, Signer: c.signer, Budget: c.budget, Metrics: metrics, UserAgent: options.UserAgent,
	}, graph)
	return c, err
}

// tenantOf keeps what another connection to the same tenant knows, whichever of its two identities that is; and what is left of the
// quota, where it is the same identity's.
func tenantOf(options Options, connection entra.Connection, other *client) *tenant {
	if other == nil || other.connection.TenantID != connection.TenantID || other.connection.Graph != connection.Graph {
		return &tenant{
			memory: memory.New(options.Clock), locks: &keyedMutex{},
			budget: wire.NewBudget(options.Clock, connection.Size), apis: newAPICache(options.Clock),
		}
	}
	known := *other.tenant
	if other.connection.Size != connection.Size || other.connection.Auth.ClientID != connection.Auth.ClientID {
		known.budget = wire.NewBudget(options.Clock, connection.Size)
	}
	return &known
}

// adapterOn is the SDK on our transport. Of its middleware only the one that writes $select plainly is used: the default list
// retries, follows redirects and compresses, in random order. Signing is the transport's, which knows where a request really goes.
func adapterOn(t http.RoundTripper, graph wire.Endpoint) (abstractions.RequestAdapter, error) {
	adapter, err := nethttp.NewNetHttpRequestAdapterWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authentication.AnonymousAuthenticationProvider{},
		serialization.NewJsonParseNodeFactory(), serialization.NewJsonSerializationWriterFactory(),
		&http.Client{
			Transport:     nethttp.NewCustomTransportWithParentTransport(t, nethttp.NewParametersNameDecodingHandler()),
			CheckRedirect: wire.NoRedirects,
		})
	if err != nil {
		return nil, err
	}
	adapter.SetBaseUrl(graph.String() + "/v1.0")
	return adapter, nil
}

// close lets go of idle connections; requests under way finish.
func (c *client) close() { c.transport.CloseIdleConnections() }

// idPattern is what an ID looks like: anything else could change the meaning of a path.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// mustBeIDs refuses what is no ID before it gets into a URL.
func mustBeIDs(ids ...string) error {
	for _, id := range ids {
		if !idPattern.MatchString(id) {
			return entra.Refused{Reason: entra.RefusedInvalid, Message: fmt.Sprintf("%q is no ID", wire.Sanitize(id))}
		}
	}
	return nil
}

// escapeQuotes escapes a string for an OData key: the SDK does the rest of the URL's escaping.
func escapeQuotes(value string) *string {
	value = strings.ReplaceAll(value, "'", "''")
	return &value
}

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
)

// client is a connection to one tenant. It implements entra.Directory.
type client struct {
	*tenant
	clock      clock.PassiveClock
	connection entra.Connection
	home       home
	authority  home
	signer     *signer
	adapter    abstractions.RequestAdapter
	// tokens is for the token service: no redirects, one host.
	tokens *http.Client
	wire   *http.Transport

	// discovery is guarded by the lock of that name.
	discovery struct {
		known entra.Endpoints
		at    time.Time
	}
}

// tenant is what outlives a connection: what we know and owe there.
type tenant struct {
	memory *memory
	locks  *locks
	budget *budget
	apis   *shared
}

var _ entra.Directory = (*client)(nil)

func newClient(options Options, meters *meters, connection entra.Connection, authority, graph home, other *client) (*client, error) {
	wire, err := wireOf(connection.CABundle)
	if err != nil {
		return nil, err
	}
	var way http.RoundTripper = wire
	if options.Wrap != nil {
		way = options.Wrap(way)
	}
	connection.Authority, connection.Graph = authority.String(), graph.String()
	c := &client{
		tenant: tenantOf(options, connection, other), clock: options.Clock, connection: connection,
		home: graph, authority: authority, wire: wire,
		tokens: &http.Client{Transport: stayHome{authority, way}, CheckRedirect: neverFollow, Timeout: timeout},
	}
	c.signer, err = newSigner(options.Clock, graph.String()+"/.default", connection.Auth.Secret, func() (azcore.TokenCredential, error) {
		return credentialOf(connection, c.tokens)
	})
	if err != nil {
		return nil, entra.Refused{Reason: entra.RefusedInvalid, Message: plain(err.Error()), Property: "auth"}
	}
	c.adapter, err = adapterOn(&transport{
		home: graph, next: way, clock: options.Clock, signer: c.signer, budget: c.budget, meters: meters, userAgent: options.UserAgent,
	}, graph)
	return c, err
}

// tenantOf keeps what another connection to the same tenant knows, of this key or of its twin; and what is owed, where it is the
// same identity's.
func tenantOf(options Options, connection entra.Connection, other *client) *tenant {
	if other == nil || other.connection.TenantID != connection.TenantID || other.connection.Graph != connection.Graph {
		return &tenant{
			memory: newMemory(options.Clock), locks: newLocks(),
			budget: newBudget(options.Clock, connection.Size), apis: newShared(options.Clock),
		}
	}
	known := *other.tenant
	if other.connection.Size != connection.Size || other.connection.Auth.ClientID != connection.Auth.ClientID {
		known.budget = newBudget(options.Clock, connection.Size)
	}
	return &known
}

// adapterOn is the SDK on our transport. Of its middleware only the one that writes $select plainly is used: the default list
// retries, follows redirects and compresses, in random order. Signing is the transport's, which knows where a request really goes.
func adapterOn(t http.RoundTripper, graph home) (abstractions.RequestAdapter, error) {
	adapter, err := nethttp.NewNetHttpRequestAdapterWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authentication.AnonymousAuthenticationProvider{},
		serialization.NewJsonParseNodeFactory(), serialization.NewJsonSerializationWriterFactory(),
		&http.Client{
			Transport:     nethttp.NewCustomTransportWithParentTransport(t, nethttp.NewParametersNameDecodingHandler()),
			CheckRedirect: neverFollow,
		})
	if err != nil {
		return nil, err
	}
	adapter.SetBaseUrl(graph.String() + "/v1.0")
	return adapter, nil
}

// close lets go of idle connections; requests under way finish.
func (c *client) close() { c.wire.CloseIdleConnections() }

// route are the SDK's parameters of a request; fresh for each, because builders write into them.
func (c *client) route() map[string]string { return map[string]string{} }

// idPattern is what an ID looks like: anything else could change the meaning of a path.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// mustBeIDs refuses what is no ID before it gets into a URL.
func mustBeIDs(step string, ids ...string) error {
	for _, id := range ids {
		if !idPattern.MatchString(id) {
			return fmt.Errorf("%s: %w", step, entra.Refused{Reason: entra.RefusedInvalid, Message: fmt.Sprintf("%q is no ID", plain(id))})
		}
	}
	return nil
}

// inQuotes escapes a string for an OData key: the SDK does the rest of the URL's escaping.
func inQuotes(value string) *string {
	value = strings.ReplaceAll(value, "'", "''")
	return &value
}

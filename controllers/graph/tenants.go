package graph

import (
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/wire"
)

// Options of all connections.
type Options struct {
	// Clock of all that expires, but for the timeouts of requests, which are the machine's own; required.
	Clock clock.PassiveClock
	// CustomHosts are the hosts, as host:port (443 where no port is given), that Custom connections may name.
	CustomHosts []string
	// UserAgent of requests to Graph.
	UserAgent string
	// Metrics registers the counters, if set.
	Metrics prometheus.Registerer
	// Wrap wraps what carries requests to Graph and the token service, if set: for tests. Paths tell which is which.
	Wrap func(http.RoundTripper) http.RoundTripper
}

// Tenants are the open connections. It implements entra.Tenants.
type Tenants struct {
	options Options
	metrics *wire.Metrics

	mu   sync.Mutex
	open map[entra.TenantKey]connected
}

type connected struct {
	version string
	client  *client
}

var _ entra.Tenants = (*Tenants)(nil)

// NewTenants starts with no connection.
func NewTenants(options Options) *Tenants {
	return &Tenants{options: options, metrics: wire.NewMetrics(options.Metrics), open: map[entra.TenantKey]connected{}}
}

// Open gives the connection for a key, made anew when version changes. It makes no request.
func (t *Tenants) Open(key entra.TenantKey, version string, connection entra.Connection) (entra.Reader, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before, known := t.open[key]
	if known && before.version == version {
		return before.client, nil
	}
	delete(t.open, key) // a connection that is out of date is not used, even where the new one cannot be
	other := before.client
	if known {
		defer before.client.close()
	} else {
		other = t.open[entra.TenantKey{UID: key.UID, Privileged: !key.Privileged}].client
	}
	c, err := t.connect(connection, other)
	if err != nil {
		return nil, fmt.Errorf("open tenant %s: %w", wire.Sanitize(connection.TenantID), err)
	}
	t.open[key] = connected{version, c}
	return c, nil
}

// Directory gives the open connection to a Step.
func (t *Tenants) Directory(key entra.TenantKey) (entra.Directory, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if o, known := t.open[key]; known {
		return o.client, nil
	}
	return nil, fmt.Errorf("%w: the tenant is not connected", entra.ErrUnreachable)
}

// Close forgets a connection; who still uses it can finish.
func (t *Tenants) Close(key entra.TenantKey) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if o, known := t.open[key]; known {
		o.client.close()
		delete(t.open, key)
	}
}

// connect makes a connection. What is known of the tenant itself outlives a change of credentials, and both identities share it.
func (t *Tenants) connect(connection entra.Connection, other *client) (*client, error) {
	authority, err := wire.ParseEndpoint("authority", connection.Authority)
	if err != nil {
		return nil, err
	}
	graph, err := wire.ParseEndpoint("graph", connection.Graph)
	if err != nil {
		return nil, err
	}
	if connection.Custom {
		listed := t.options.CustomHosts
		if err := errors.Join(authority.MustBeListed("authority", listed), graph.MustBeListed("graph", listed)); err != nil {
			return nil, err
		}
	}
	return newClient(t.options, t.metrics, connection, authority, graph, other)
}

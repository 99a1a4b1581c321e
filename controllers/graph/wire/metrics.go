package wire

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Metrics counts what Graph is asked, for all tenants together.
type Metrics struct {
	requests  *prometheus.CounterVec
	units     prometheus.Counter
	writes    prometheus.Counter
	throttled *prometheus.CounterVec
}

// NewMetrics registers the counters, unless registry is nil.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	factory := promauto.With(registry)
	return &Metrics{
		requests: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "entra_registrar_graph_requests_total",
			Help: "Requests to Microsoft Graph by method, resource and status; status 0 is no answer.",
		}, []string{"method", "resource", "status"}),
		units: factory.NewCounter(prometheus.CounterOpts{
			Name: "entra_registrar_graph_resource_units_total", Help: "Resource units that Microsoft Graph charged.",
		}),
		writes: factory.NewCounter(prometheus.CounterOpts{
			Name: "entra_registrar_graph_writes_total", Help: "Writes sent to Microsoft Graph.",
		}),
		throttled: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "entra_registrar_graph_throttled_total",
			Help: "Requests that were refused for the quota: by Graph, or held back by the operator.",
		}, []string{"by"}),
	}
}

func (m *Metrics) answered(request *http.Request, status, units int) {
	m.requests.WithLabelValues(request.Method, resourceOf(request.URL.Path), strconv.Itoa(status)).Inc()
	m.units.Add(float64(units))
	if request.Method != http.MethodGet {
		m.writes.Inc()
	}
}

func (m *Metrics) throttledBy(whom string) { m.throttled.WithLabelValues(whom).Inc() }

// pathSegments are those that are no keys.
var pathSegments = []string{
	"applications", "servicePrincipals", "directory", "deletedItems", "organization", "federatedIdentityCredentials",
	"appRoleAssignedTo", "appRoleAssignments", "oauth2PermissionGrants", "users", "groups", "owners", "restore",
	"microsoft.graph.application", "microsoft.graph.servicePrincipal",
}

// resourceOf is the path without its keys, so that the metric's labels stay few.
func resourceOf(path string) string {
	var kept []string
	for segment := range strings.SplitSeq(path, "/") {
		segment, _, _ = strings.Cut(segment, "(")
		if slices.Contains(pathSegments, segment) {
			kept = append(kept, segment)
		}
	}
	return strings.Join(kept, "/")
}

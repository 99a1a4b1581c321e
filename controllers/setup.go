// Package controllers puts the kinds under a manager.
package controllers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/graph"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Settings are what the manager was started with.
type Settings struct {
	// OperatorNamespace holds the Secrets that EntraTenants name.
	OperatorNamespace string
	// ServiceAccountIssuer of this cluster, as its tokens carry it in iss.
	ServiceAccountIssuer string
	// CustomEndpointHosts are the host:port pairs that EntraTenants of cloud Custom may name.
	CustomEndpointHosts []string
	// Kinds of this process, as ParseKinds gives them; all where empty.
	Kinds []string
	// AppRoleAssignments switches the kind AppRoleAssignment on, DelegatedGrants the kind DelegatedPermissionGrant.
	AppRoleAssignments, DelegatedGrants bool
	// Gate judges what objects ask for.
	Gate policy.Gate
	// Metrics takes the counters of Graph requests; nil for none.
	Metrics prometheus.Registerer

	// Clock, NewQueue and Transport are a test's: its time, its queue, its wire. Zero in the product.
	Clock     clock.WithTicker
	NewQueue  func(string, workqueue.TypedRateLimiter[reconcile.Request]) workqueue.TypedRateLimitingInterface[reconcile.Request]
	Transport func(http.RoundTripper) http.RoundTripper
}

// NewScheme knows the kinds that the manager handles.
func NewScheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, fmt.Errorf("build the scheme: %w", err)
		}
	}
	return scheme, nil
}

// CacheOptions keep little: of Secrets only those with our label, and nothing that server-side apply remembers.
func CacheOptions() cache.Options {
	ours := labels.SelectorFromSet(labels.Set{v1alpha1.ManagedByLabel: v1alpha1.FieldManager})
	return cache.Options{
		DefaultTransform: cache.TransformStripManagedFields(),
		ByObject:         map[client.Object]cache.ByObject{&corev1.Secret{}: {Label: ours}},
	}
}

// ClientOptions make every read of a Secret go to the API server, by name: values of Secrets are never cached.
func ClientOptions() client.Options {
	return client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}}}}
}

// Setup adds the kinds.
func Setup(mgr manager.Manager, s Settings) error {
	if s.Clock == nil {
		s.Clock = clock.RealClock{}
	}
	tenants := graph.NewTenants(graph.Options{
		Clock: s.Clock, CustomHosts: s.CustomEndpointHosts, Metrics: s.Metrics, Wrap: s.Transport,
	})
	if len(s.Kinds) == 0 {
		s.Kinds = Kinds()
	}
	verdicts := policy.NewVerdictCache()
	w := wiring{
		Settings: s, manager: mgr, verdicts: verdicts,
		options: engine.Options{
			Clients: engine.Clients{Tenants: tenants, Kube: mgr.GetClient(), Live: mgr.GetAPIReader()},
			Clock:   s.Clock, Verdicts: verdicts, NewQueue: s.NewQueue,
		},
		binder: binding.Binder{
			Cache: mgr.GetCache(), Live: mgr.GetAPIReader(), Tenants: tenants, OperatorNamespace: s.OperatorNamespace,
		},
	}
	for _, r := range registry() {
		if !slices.Contains(s.Kinds, r.name) {
			continue
		}
		if err := r.add(w); err != nil {
			return err
		}
	}
	return nil
}

// DiscoverIssuer asks the API server for the issuer of its ServiceAccount tokens.
func DiscoverIssuer(ctx context.Context, config *rest.Config) (string, error) {
	httpClient, err := rest.HTTPClientFor(config)
	if err != nil {
		return "", fmt.Errorf("discover the ServiceAccount issuer: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, config.Host+"/.well-known/openid-configuration", nil)
	if err != nil {
		return "", fmt.Errorf("discover the ServiceAccount issuer: %w", err)
	}
	response, err := httpClient.Do(request)
	if err != nil {
		return "", fmt.Errorf("discover the ServiceAccount issuer: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var document struct {
		Issuer string `json:"issuer"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, response.Body, 1<<20)).Decode(&document); err != nil || document.Issuer == "" {
		return "", fmt.Errorf("discover the ServiceAccount issuer: the API server answered %s: set --service-account-issuer", response.Status)
	}
	return document.Issuer, nil
}

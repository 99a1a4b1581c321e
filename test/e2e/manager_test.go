package e2e

import (
	"context"
	"errors"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers"
)

// startManager starts the manager as its own ServiceAccount, with the rights of config/rbac and with eyes for this stage only.
func (s *stage) startManager() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s.stop, s.done = cancel, make(chan struct{})
	account, err := asServiceAccount(ctx, s.plane, operatorNamespace, "entra-registrar")
	if err != nil {
		s.t.Fatal(err)
	}
	scheme, err := controllers.NewScheme()
	if err != nil {
		s.t.Fatal(err)
	}
	skip := true
	mgr, err := ctrl.NewManager(account, ctrl.Options{
		Scheme: scheme, Cache: s.sight(), Client: controllers.ClientOptions(), NewClient: s.newClient,
		Metrics: metricsserver.Options{BindAddress: "0"}, HealthProbeBindAddress: "0",
		Controller: config.Controller{SkipNameValidation: &skip}, Logger: s.logger,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := controllers.Setup(mgr, s.settings); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		defer close(s.done)
		if err := mgr.Start(ctx); err != nil && !errors.Is(err, context.Canceled) {
			s.t.Errorf("the manager stopped: %v", err)
		}
	}()
	if !mgr.GetCache().WaitForCacheSync(ctx) {
		s.t.Fatal("the manager's cache did not fill")
	}
}

// sight narrows the manager's cache to this stage: other tests share the cluster.
func (s *stage) sight() cache.Options {
	options := controllers.CacheOptions()
	options.DefaultNamespaces = map[string]cache.Config{s.namespace: {}, s.neighbour: {}}
	for _, kind := range []client.Object{&v1alpha1.EntraTenant{}, &v1alpha1.RegistrationPolicy{}} {
		options.ByObject[kind] = cache.ByObject{Label: labels.SelectorFromSet(s.label())}
	}
	options.ByObject[&corev1.Namespace{}] = cache.ByObject{}
	return options
}

// newClient puts the stage's wire under the manager's writes to the API server.
func (s *stage) newClient(config *rest.Config, options client.Options) (client.Client, error) {
	made, err := client.NewWithWatch(config, options)
	if err != nil {
		return nil, err
	}
	return s.wire.intercept(made), nil
}

// stopManager stops it and waits until nothing of it runs.
func (s *stage) stopManager() {
	s.stop()
	<-s.done
	s.clock.forget()
}

// restartManager is a crash from which nothing in memory survives.
func (s *stage) restartManager() {
	s.stopManager()
	s.wire.mend()
	s.startManager()
}

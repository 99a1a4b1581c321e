package env

import (
	"context"
	"errors"

	"github.com/go-logr/logr"
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
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/fakeclock"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rbac"
)

// Manager is a process of the operator.
type Manager struct {
	Settings controllers.Settings
	Logger   logr.Logger // writes nowhere where a test does not set it

	env    *Env
	queues *fakeclock.Queues
	events *events
	stop   context.CancelFunc
	done   chan struct{}
}

// NewManager has not started yet. Its rights and flags are those of config/, with the privileged kinds switched on.
func (e *Env) NewManager() *Manager {
	baseline, err := policy.ParseBaseline("Default")
	if err != nil {
		e.T.Fatal(err)
	}
	return &Manager{env: e, Settings: controllers.Settings{
		OperatorNamespace: OperatorNamespace, AppRoleAssignments: true, DelegatedGrants: true,
		Gate:      policy.Gate{Baseline: baseline},
		Clock:     e.Clock.FakeClock,
		Transport: e.Wire.RoundTripper,
	}}
}

// Start runs it as its own ServiceAccount, with the rights of config/rbac, and returns when its cache has filled.
func (m *Manager) Start() {
	t := m.env.T
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	m.stop, m.done = cancel, make(chan struct{})
	account, err := rbac.ServiceAccountConfig(ctx, m.env.ControlPlane, OperatorNamespace, "entra-registrar")
	if err != nil {
		t.Fatal(err)
	}
	mgr, err := ctrl.NewManager(account, m.options())
	if err != nil {
		t.Fatal(err)
	}
	if err := controllers.Setup(mgr, m.Settings); err != nil {
		t.Fatal(err)
	}
	m.env.managers = append(m.env.managers, m)
	t.Cleanup(m.Stop)
	go func() {
		defer close(m.done)
		if err := mgr.Start(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("the manager stopped: %v", err)
		}
	}()
	if !mgr.GetCache().WaitForCacheSync(ctx) {
		t.Fatal("the manager's cache did not fill")
	}
}

// options let it see only this environment, and let the environment see what it does.
func (m *Manager) options() ctrl.Options {
	scheme, err := controllers.NewScheme()
	if err != nil {
		m.env.T.Fatal(err)
	}
	kinds := len(m.Settings.Kinds)
	if kinds == 0 {
		kinds = len(controllers.Kinds())
	}
	m.queues, m.events = m.env.Clock.NewQueues(kinds), newEvents(m.env)
	m.Settings.NewQueue = m.queues.New
	skip := true
	return ctrl.Options{
		Scheme: scheme, Cache: m.cacheOptions(), Client: controllers.ClientOptions(),
		NewCache: m.events.newCache,
		NewClient: func(config *rest.Config, options client.Options) (client.Client, error) {
			made, err := client.NewWithWatch(config, options)
			if err != nil {
				return nil, err
			}
			return m.env.Wire.Client(made), nil
		},
		Metrics: metricsserver.Options{BindAddress: "0"}, HealthProbeBindAddress: "0",
		Controller: config.Controller{SkipNameValidation: &skip}, Logger: m.Logger,
	}
}

func (m *Manager) cacheOptions() cache.Options {
	options := controllers.CacheOptions()
	options.DefaultNamespaces = map[string]cache.Config{m.env.Namespace: {}, m.env.OtherNamespace: {}}
	for _, kind := range []client.Object{&v1alpha1.EntraTenant{}, &v1alpha1.RegistrationPolicy{}} {
		options.ByObject[kind] = cache.ByObject{Label: labels.SelectorFromSet(m.env.Labels())}
	}
	options.ByObject[&corev1.Namespace{}] = cache.ByObject{}
	return options
}

// Stop returns when nothing of it runs any more. A manager that does not run is left alone.
func (m *Manager) Stop() {
	if m.done == nil {
		return
	}
	m.stop()
	<-m.done
	m.done = nil
	m.queues.Close()
	m.env.forget(m)
}

// Restart is a crash from which nothing in memory survives.
func (m *Manager) Restart() {
	m.env.T.Helper()
	m.Stop()
	m.env.Wire.Reset()
	m.Start()
}

// Command entra-registrar is the manager: it keeps Microsoft Entra ID app registrations as the cluster's custom resources say.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"os"
	"strings"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	"sigs.k8s.io/controller-runtime/pkg/metrics/filters"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/entra-registrar/entra-registrar/controllers"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// version is stamped by the build.
var version = "dev"

func main() {
	if err := run(ctrl.SetupSignalHandler(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "entra-registrar:", err)
		os.Exit(1)
	}
}

type options struct {
	controllers.Settings
	leaderElect            bool
	metricsAddr, probeAddr string
	log                    zap.Options
}

func parse(args []string) (options, error) {
	var o options
	var hosts, baseline, kinds string
	flags := flag.NewFlagSet("entra-registrar", flag.ContinueOnError)
	flags.StringVar(&o.OperatorNamespace, "operator-namespace", os.Getenv("POD_NAMESPACE"),
		"namespace of the Secrets that EntraTenants name (default: $POD_NAMESPACE)")
	flags.StringVar(&o.ServiceAccountIssuer, "service-account-issuer", "",
		"issuer of this cluster's ServiceAccount tokens (default: asked of the API server)")
	flags.StringVar(&hosts, "custom-endpoint-hosts", "", "comma-separated host:port list that EntraTenants of cloud Custom may name (default: none)")
	flags.StringVar(&baseline, "baseline", "Default", "what namespaces may ask for without a policy: Default or None")
	flags.BoolVar(&o.AppRoleAssignments, "enable-app-role-assignments", false,
		"reconcile AppRoleAssignments; needs the permission AppRoleAssignment.ReadWrite.All, which is as good as Global Administrator")
	flags.BoolVar(&o.DelegatedGrants, "enable-delegated-grants", false,
		"reconcile DelegatedPermissionGrants; needs the permission DelegatedPermissionGrant.ReadWrite.All, which is as good as Global Administrator")
	flags.StringVar(&kinds, "kinds", "", "comma-separated kinds of this process (default: all); the others are left to another one")
	flags.BoolVar(&o.leaderElect, "leader-elect", false, "let one of several replicas lead")
	flags.StringVar(&o.metricsAddr, "metrics-bind-address", ":8443", "address of the metrics endpoint, behind the API server's authentication; 0 for none")
	flags.StringVar(&o.probeAddr, "health-probe-bind-address", ":8081", "address of /healthz and /readyz; 0 for none")
	o.log.BindFlags(flags)
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.OperatorNamespace == "" {
		return o, fmt.Errorf("--operator-namespace: neither the flag nor POD_NAMESPACE is set")
	}
	if hosts != "" {
		o.CustomEndpointHosts = strings.Split(hosts, ",")
	}
	var err error
	if o.Kinds, err = controllers.ParseKinds(kinds); err != nil {
		return o, fmt.Errorf("--kinds: %w", err)
	}
	allowed, err := policy.ParseBaseline(baseline)
	if err != nil {
		return o, fmt.Errorf("--baseline: %w", err)
	}
	o.Gate, o.Metrics = policy.Gate{Baseline: allowed}, metrics.Registry
	return o, nil
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	ctrl.SetLogger(zap.New(zap.UseFlagOptions(&o.log)))
	config, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("find the API server: %w", err)
	}
	if o.ServiceAccountIssuer == "" {
		if o.ServiceAccountIssuer, err = controllers.DiscoverIssuer(ctx, config); err != nil {
			return err
		}
	}
	scheme, err := controllers.NewScheme()
	if err != nil {
		return err
	}
	mgr, err := ctrl.NewManager(config, ctrl.Options{
		Scheme: scheme, Cache: controllers.CacheOptions(), Client: controllers.ClientOptions(),
		LeaderElection: o.leaderElect, LeaderElectionID: controllers.LeaseName(o.Kinds), LeaderElectionNamespace: o.OperatorNamespace,
		LeaderElectionReleaseOnCancel: true,
		HealthProbeBindAddress:        o.probeAddr,
		Metrics: metricsserver.Options{
			BindAddress: o.metricsAddr, SecureServing: true, FilterProvider: filters.WithAuthenticationAndAuthorization,
			TLSOpts: []func(*tls.Config){func(c *tls.Config) { c.MinVersion = tls.VersionTLS13 }},
		},
	})
	if err != nil {
		return fmt.Errorf("make the manager: %w", err)
	}
	metrics.Registry.MustRegister(engine.Metrics()...)
	if err := controllers.Setup(mgr, o.Settings); err != nil {
		return err
	}
	ctrl.Log.Info("starting", "version", version, "issuer", o.ServiceAccountIssuer, "kinds", o.Kinds)
	return start(ctx, mgr)
}

func start(ctx context.Context, mgr manager.Manager) error {
	if err := mgr.AddHealthzCheck("ping", healthz.Ping); err != nil {
		return fmt.Errorf("add the health check: %w", err)
	}
	if err := mgr.AddReadyzCheck("ping", healthz.Ping); err != nil {
		return fmt.Errorf("add the readiness check: %w", err)
	}
	return mgr.Start(ctx)
}

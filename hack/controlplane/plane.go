package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// Options say what Start starts.
type Options struct {
	// Dir holds the programs: see Binaries.
	Dir string
	// CRDPaths are files and folders with CustomResourceDefinitions to install before the controllers start, which else take up
	// to half a minute to collect the dependents of a new kind. A path that does not exist is an error.
	CRDPaths []string
	// Log is told each step, a line a step. Nil: nobody is. What the programs themselves print is in files, and quoted when a
	// start fails.
	Log io.Writer
}

// ControlPlane is a running etcd, kube-apiserver and kube-controller-manager.
type ControlPlane struct {
	env             *envtest.Environment
	guard           *guard
	logs            []*os.File
	kubeconfig      string
	stopControllers func() // stops the controller manager
	stop            func() error
}

// Start starts a control plane on loopback ports and returns when it is ready: the kinds of CRDPaths are served, namespaces get
// their ServiceAccount, and anybody may read the issuer's discovery document and keys. It takes about four seconds.
//
// Admission and authorization are those of a cluster: the ServiceAccount plugin is on and roles count. There is no scheduler and
// no kubelet: a Pod stays pending. Of the controllers run those for namespaces, garbage, ServiceAccounts and their tokens, the
// root CA's ConfigMap and aggregated ClusterRoles.
//
// The context bounds the start alone: what runs goes on until Stop, or until this process ends.
func Start(ctx context.Context, o Options) (*ControlPlane, error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	started, err := newGuard()
	if err != nil {
		return nil, err
	}
	p := &ControlPlane{guard: started, kubeconfig: started.path("kubeconfig"), stopControllers: func() {}}
	p.stop = sync.OnceValue(p.shutDown)
	if err := p.start(ctx, o); err != nil {
		return nil, errors.Join(err, p.logTails(), p.Stop())
	}
	return p, nil
}

func (p *ControlPlane) start(ctx context.Context, o Options) error {
	begun := time.Now()
	report := func(format string, args ...any) {
		fmt.Fprintf(o.Log, format+" (%s)\n", append(args, time.Since(begun).Round(10*time.Millisecond))...)
	}
	if err := p.configure(o); err != nil {
		return fmt.Errorf("configure the control plane: %w", err)
	}
	if _, err := p.env.Start(); err != nil {
		return fmt.Errorf("start etcd and kube-apiserver: %w", err)
	}
	// envtest makes certificates for webhooks, which nobody serves here, in a folder that the guard does not remove.
	if err := p.env.WebhookInstallOptions.Cleanup(); err != nil {
		return fmt.Errorf("remove the certificates of webhooks: %w", err)
	}
	report("etcd and kube-apiserver run at %s", p.Issuer())
	if err := os.WriteFile(p.kubeconfig, p.env.KubeConfig, 0o600); err != nil {
		return fmt.Errorf("write the kubeconfig: %w", err)
	}
	if err := p.openDiscovery(ctx); err != nil {
		return fmt.Errorf("open the issuer's discovery to everybody: %w", err)
	}
	if err := p.startControllerManager(ctx, filepath.Join(o.Dir, controllerManager)); err != nil {
		return fmt.Errorf("start kube-controller-manager: %w", err)
	}
	report("kube-controller-manager runs")
	return nil
}

// Config returns a new configuration for a client that may do everything, without a limit worth the name on its requests.
func (p *ControlPlane) Config() *rest.Config { return rest.CopyConfig(p.env.Config) }

// Kubeconfig returns the path of a kubeconfig with the rights of Config. The file goes with Stop.
func (p *ControlPlane) Kubeconfig() string { return p.kubeconfig }

// KubectlPath returns the path of the kubectl of the same version.
func (p *ControlPlane) KubectlPath() string { return p.env.ControlPlane.KubectlPath }

// Issuer returns the `iss` of the ServiceAccount tokens: an https URL without a trailing slash, below which discovery and keys
// are readable without credentials.
func (p *ControlPlane) Issuer() string {
	return p.env.ControlPlane.APIServer.SecureServing.URL("https", "").String()
}

// CA returns the certificate, as PEM, that the API server's serving certificate is verified with, and so the issuer's.
func (p *ControlPlane) CA() []byte { return p.env.ControlPlane.APIServer.CA }

// Stop ends the processes, waits for their end, and removes every file of theirs. Further calls return what the first returned.
func (p *ControlPlane) Stop() error { return p.stop() }

func (p *ControlPlane) shutDown() error {
	var errs []error
	p.stopControllers()
	if p.env != nil {
		if err := p.env.Stop(); err != nil {
			errs = append(errs, fmt.Errorf("stop kube-apiserver and etcd: %w", err))
		}
	}
	for _, file := range p.logs {
		_ = file.Close()
	}
	if err := p.guard.end(); err != nil {
		errs = append(errs, fmt.Errorf("remove the control plane's folder: %w", err))
	}
	return errors.Join(errs...)
}

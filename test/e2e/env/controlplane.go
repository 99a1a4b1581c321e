package env

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/hack/controlplane"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rbac"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// shared is the control plane of all tests of a package, except for those that ask for one of their own.
var shared *controlplane.ControlPlane

// testsAtOnce is how many tests run side by side: they mostly wait for the API server, more than two cores do.
const testsAtOnce = "4"

// Run starts the control plane, runs the tests of a package two levels below the module's root, and gives the exit code.
func Run(m *testing.M) int {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func run(m *testing.M) (int, error) {
	if !flag.Parsed() {
		flag.Parse()
	}
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		if err := f.Value.Set(testsAtOnce); err != nil {
			return 0, err
		}
	}
	ctrl.SetLogger(logr.Discard())
	var err error
	if shared, err = startControlPlane(context.Background()); err != nil {
		return 0, err
	}
	defer func() { _ = shared.Stop() }()
	return m.Run(), nil
}

func startControlPlane(ctx context.Context) (*controlplane.ControlPlane, error) {
	dir, err := controlplane.Binaries(ctx, os.Stderr)
	if err != nil {
		return nil, err
	}
	plane, err := controlplane.Start(ctx, controlplane.Options{Dir: dir, CRDPaths: []string{"../../config/crd/bases"}})
	if err != nil {
		return nil, err
	}
	if err := rbac.Install(ctx, plane, "../../config/rbac/*.yaml"); err != nil {
		_ = plane.Stop()
		return nil, err
	}
	return plane, nil
}

// WithOwnControlPlane is for tests that do something to the whole cluster.
func WithOwnControlPlane(e *Env, _ *emulator.Options) {
	e.T.Helper()
	plane, err := startControlPlane(e.T.Context())
	if err != nil {
		e.T.Fatal(err)
	}
	e.ControlPlane = plane
	e.T.Cleanup(func() { _ = plane.Stop() })
}

// adminClient may do everything, and reads past every cache.
func adminClient(t testing.TB, plane *controlplane.ControlPlane) client.Client {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	config := plane.Config()
	config.QPS, config.Burst = -1, -1
	admin, err := client.New(config, client.Options{Scheme: scheme})
	if err != nil {
		t.Fatal(err)
	}
	return admin
}

package e2e

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/entra-registrar/entra-registrar/hack/controlplane"
)

// cluster is the control plane that all tests of this package share; each takes namespaces and a tenant of its own.
var cluster *controlplane.ControlPlane

func TestMain(m *testing.M) { os.Exit(run(m)) }

// stagesAtOnce is how many tests run side by side: they mostly wait for the API server, more than two cores do.
const stagesAtOnce = "4"

func run(m *testing.M) int {
	if !flag.Parsed() {
		flag.Parse()
	}
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		if err := f.Value.Set(stagesAtOnce); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	ctrl.SetLogger(logr.Discard())
	ctx := context.Background()
	dir, err := controlplane.Binaries(ctx, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	cluster, err = controlplane.Start(ctx, controlplane.Options{Dir: dir, CRDPaths: []string{"../../config/crd/bases"}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = cluster.Stop() }()
	if err := installRoles(ctx, cluster); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

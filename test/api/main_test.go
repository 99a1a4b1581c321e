package api

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/hack/controlplane"
)

// One control plane serves all tests of the package: it is set once, before the first. kube may do everything on it.
var (
	plane *controlplane.ControlPlane
	kube  client.Client
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	ctx := context.Background()
	dir, err := controlplane.Binaries(ctx, os.Stderr)
	if err != nil {
		return 0, err
	}
	plane, err = controlplane.Start(ctx, controlplane.Options{Dir: dir, CRDPaths: []string{"../../config/crd/bases"}})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, plane.Stop()) }()
	scheme := runtime.NewScheme()
	if err := errors.Join(corev1.AddToScheme(scheme), v1alpha1.AddToScheme(scheme)); err != nil {
		return 0, err
	}
	if kube, err = client.New(plane.Config(), client.Options{Scheme: scheme}); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

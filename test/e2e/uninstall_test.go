package e2e

import (
	"os"
	"testing"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/hack/controlplane"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// alone gives a stage a control plane of its own.
func alone(s *stage, _ *emulator.Options) {
	s.t.Helper()
	dir, err := controlplane.Binaries(s.t.Context(), os.Stderr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.plane, err = controlplane.Start(s.t.Context(), controlplane.Options{Dir: dir, CRDPaths: []string{"../../config/crd/bases"}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = s.plane.Stop() })
	if err := installRoles(s.t.Context(), s.plane); err != nil {
		s.t.Fatal(err)
	}
}

func TestAnUninstallLetsObjectsGoAndTouchesNothingInEntra(t *testing.T) {
	t.Parallel()
	s := newStage(t, alone)
	s.settled()
	scheme := runtime.NewScheme()
	if err := apiextensionsv1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	definitions, err := client.New(s.plane.Config(), client.Options{Scheme: scheme})
	if err != nil {
		t.Fatal(err)
	}
	s.forget()
	for _, plural := range kinds {
		definition := &apiextensionsv1.CustomResourceDefinition{ObjectMeta: metav1.ObjectMeta{Name: plural + ".entra-registrar.dev"}}
		if err := definitions.Delete(t.Context(), definition); err != nil {
			t.Fatal(err)
		}
	}
	// The API server empties them in real time.
	s.clock.until(t, "the end of the definitions", 24*time.Hour, func() bool {
		var left apiextensionsv1.CustomResourceDefinitionList
		if err := definitions.List(t.Context(), &left); err != nil {
			t.Fatal(err)
		}
		return len(left.Items) == 0
	})
	if writes := s.traffic().writes; len(writes) > 0 {
		t.Errorf("an uninstall wrote %q", writes)
	}
	s.holds(storyInEntra)
}

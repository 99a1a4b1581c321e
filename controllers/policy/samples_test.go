package policy_test

import (
	"os"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

func TestSamples_HaveNoFaults(t *testing.T) {
	t.Parallel()
	const samples = "../../config/samples/"
	paths, err := filepath.Glob(samples + "policies/*.yaml")
	if err != nil || len(paths) < 3 {
		t.Fatalf("found %v: %v", paths, err)
	}
	for _, path := range append(paths, samples+"kinds/registrationpolicy.yaml") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var sample v1alpha1.RegistrationPolicy
		if err := yaml.UnmarshalStrict(text, &sample); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if faults, remarks := policy.Check(sample.Spec); len(faults)+len(remarks) > 0 {
			t.Errorf("%s: %v %v", path, faults, remarks)
		}
	}
}

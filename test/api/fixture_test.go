package api

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"
)

// row is a spec as a user would write it, and what the API server says to it.
type row struct {
	// spec as YAML; in a change, what it was before.
	spec string
	// then is what the spec is changed to; empty for a creation.
	then string
	// says is part of the refusal; empty where it is accepted.
	says string
}

// checkRows checks rows of one kind. Objects that are only created are created in a dry run.
func checkRows(t *testing.T, kind string, rows map[string]row) {
	t.Helper()
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if row.then == "" {
				checkRefusal(t, kube.Create(t.Context(), object(t, kind, row.spec), client.DryRunAll, strict), row.says)
				return
			}
			obj := object(t, kind, row.spec)
			create(t, obj)
			obj.Object["spec"] = object(t, kind, row.then).Object["spec"]
			checkRefusal(t, kube.Update(t.Context(), obj, strict), row.says)
		})
	}
}

const strict = client.FieldValidation(metav1.FieldValidationStrict)

// object of a kind, with a name of its own, in the namespace default.
func object(t *testing.T, kind, spec string) *unstructured.Unstructured {
	t.Helper()
	obj := &unstructured.Unstructured{Object: map[string]any{}}
	obj.SetAPIVersion("entra-registrar.dev/v1alpha1")
	obj.SetKind(kind)
	obj.SetGenerateName("try-")
	if kind != "EntraTenant" && kind != "RegistrationPolicy" {
		obj.SetNamespace(metav1.NamespaceDefault)
	}
	var parsed map[string]any
	if err := yaml.UnmarshalStrict([]byte(spec), &parsed); err != nil {
		t.Fatalf("the test's own YAML: %v\n%s", err, spec)
	}
	obj.Object["spec"] = parsed
	return obj
}

// create an object for as long as the test runs.
func create(t *testing.T, obj client.Object) {
	t.Helper()
	if err := kube.Create(t.Context(), obj, strict); err != nil {
		t.Fatalf("create: %v", err)
	}
}

// namespace makes one for a test. Nothing in it outlives the control plane.
func namespace(t *testing.T) string {
	t.Helper()
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "try-"}}
	create(t, ns)
	return ns.Name
}

func checkRefusal(t *testing.T, err error, says string) {
	t.Helper()
	switch {
	case err == nil && says != "":
		t.Errorf("accepted, but should be refused: %s", says)
	case err != nil && says == "":
		t.Errorf("refused, but should be accepted: %v", err)
	case err != nil && !strings.Contains(err.Error(), says):
		t.Errorf("refused with %v\nand should say: %s", err, says)
	}
}

// yamlList writes a YAML list of entries, each made of its number.
func yamlList(count int, entry func(int) string) string {
	entries := make([]string, count)
	for i := range entries {
		entries[i] = entry(i)
	}
	return "[" + strings.Join(entries, ", ") + "]"
}

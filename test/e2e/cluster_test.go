package e2e

import (
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func secrets() client.ObjectList  { return &corev1.SecretList{} }
func accounts() client.ObjectList { return &corev1.ServiceAccountList{} }
func typeName(obj client.Object) string {
	return fmt.Sprintf("%T", obj)
}

func (s *stage) tenantObject() *v1alpha1.EntraTenant {
	return &v1alpha1.EntraTenant{ObjectMeta: metav1.ObjectMeta{Name: s.tenant}}
}

// list gives the objects of the stage's namespace.
func (s *stage) list(list client.ObjectList) []client.Object {
	s.t.Helper()
	if err := s.admin.List(s.t.Context(), list, client.InNamespace(s.namespace)); err != nil {
		s.t.Fatal(err)
	}
	var found []client.Object
	if err := meta.EachListItem(list, func(o runtime.Object) error {
		found = append(found, o.(client.Object))
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
	return found
}

// apply is server-side apply as a GitOps tool does it.
func (s *stage) apply(obj client.Object) {
	s.t.Helper()
	if err := s.tryApply(obj); err != nil {
		s.t.Fatalf("apply %s: %v", obj.GetName(), err)
	}
}

func (s *stage) tryApply(obj client.Object) error {
	kind, err := apiutil.GVKForObject(obj, s.admin.Scheme())
	if err != nil {
		return err
	}
	raw, err := json.Marshal(obj)
	if err != nil {
		return err
	}
	content := map[string]any{}
	if err := json.Unmarshal(raw, &content); err != nil {
		return err
	}
	delete(content, "status")
	applied := &unstructured.Unstructured{Object: content}
	applied.SetGroupVersionKind(kind)
	unstructured.RemoveNestedField(applied.Object, "metadata", "creationTimestamp")
	return s.admin.Apply(s.t.Context(), client.ApplyConfigurationFromUnstructured(applied), client.FieldOwner("gitops"), client.ForceOwnership)
}

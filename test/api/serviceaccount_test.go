package api

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const clientID = "azure.workload.identity/client-id"

// annotate applies annotations as the operator does: with the UID, under a manager of its own, never by force.
func annotate(t *testing.T, account types.NamespacedName, uid types.UID, annotations map[string]string) error {
	t.Helper()
	applied := &unstructured.Unstructured{}
	applied.SetAPIVersion("v1")
	applied.SetKind("ServiceAccount")
	applied.SetNamespace(account.Namespace)
	applied.SetName(account.Name)
	applied.SetUID(uid)
	applied.SetAnnotations(annotations)
	return kube.Apply(t.Context(), client.ApplyConfigurationFromUnstructured(applied), client.FieldOwner("entra-registrar/orders"))
}

// Applying annotations with a UID never creates a ServiceAccount.
func TestServiceAccount_ApplyWithUIDNeverCreates(t *testing.T) {
	t.Parallel()
	name := types.NamespacedName{Namespace: namespace(t), Name: "orders"}
	if err := annotate(t, name, "4e8d2b6f-0a9c-4713-b5e1-6f3d7c2a8e05", map[string]string{clientID: "ours"}); !apierrors.IsConflict(err) {
		t.Errorf("applied to nothing: %v; want a conflict", err)
	}
	if err := kube.Get(t.Context(), name, &corev1.ServiceAccount{}); !apierrors.IsNotFound(err) {
		t.Errorf("there is a ServiceAccount: %v", err)
	}
}

func TestServiceAccount_OnlyOurAnnotationsGo(t *testing.T) {
	t.Parallel()
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{
		Namespace: namespace(t), Name: "orders", Annotations: map[string]string{"team": "shop"},
	}}
	create(t, account)
	name := client.ObjectKeyFromObject(account)
	for _, stage := range []struct{ apply, want map[string]string }{
		{map[string]string{clientID: "ours"}, map[string]string{clientID: "ours", "team": "shop"}},
		{nil, map[string]string{"team": "shop"}},
	} {
		if err := annotate(t, name, account.UID, stage.apply); err != nil {
			t.Fatal(err)
		}
		if err := kube.Get(t.Context(), name, account); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(stage.want, account.Annotations); diff != "" {
			t.Error(diff)
		}
	}
}

// The API server names the owner of a value only where somebody applied to the object before.
func TestServiceAccount_ForeignAnnotationIsConflict(t *testing.T) {
	t.Parallel()
	for name, applied := range map[string]bool{"to an object that nobody applied to": false, "to one that somebody applied to": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespace(t), Name: "orders"}}
			create(t, account)
			key := client.ObjectKeyFromObject(account)
			if applied {
				if err := annotate(t, key, account.UID, map[string]string{clientID: "ours"}); err != nil {
					t.Fatal(err)
				}
			}
			patch := client.RawPatch(types.MergePatchType, []byte(`{"metadata": {"annotations": {"`+clientID+`": "theirs"}}}`))
			if err := kube.Patch(t.Context(), account, patch, client.FieldOwner("somebody")); err != nil {
				t.Fatal(err)
			}
			if err := annotate(t, key, account.UID, map[string]string{clientID: "ours"}); !apierrors.IsConflict(err) {
				t.Errorf("applied over a foreign value: %v; want a conflict", err)
			}
			metadata := &metav1.PartialObjectMetadata{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"}}
			if err := kube.Get(t.Context(), key, metadata); err != nil {
				t.Fatal(err)
			}
			named := slices.ContainsFunc(metadata.ManagedFields, func(e metav1.ManagedFieldsEntry) bool { return e.Manager == "somebody" })
			if named != applied {
				t.Errorf("the owner is named: %t, want %t", named, applied)
			}
		})
	}
}

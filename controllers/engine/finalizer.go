package engine

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// recordIntent makes sure that nothing is made that a deletion would not find: the finalizer first, then the intent in status, and only
// then the first write. Once a reconcile is enough.
func (r *run[T, W]) recordIntent(ctx context.Context) error {
	if r.recorded {
		return nil
	}
	if !r.deleting() && !controllerutil.ContainsFinalizer(r.obj, v1alpha1.Finalizer) {
		if err := r.patchFinalizers(ctx, func(obj T) { controllerutil.AddFinalizer(obj, v1alpha1.Finalizer) }); err != nil {
			return fmt.Errorf("add the finalizer: %w", err)
		}
	}
	if err := r.patchStatus(ctx); err != nil {
		return fmt.Errorf("record the intent: %w", err)
	}
	r.recorded = true
	return nil
}

// removeFinalizer lets the object go.
func (r *run[T, W]) removeFinalizer(ctx context.Context) (Outcome, bool) {
	err := r.patchFinalizers(ctx, func(obj T) { controllerutil.RemoveFinalizer(obj, v1alpha1.Finalizer) })
	if err != nil && !apierrors.IsNotFound(err) {
		return outcomeOfError(fmt.Errorf("remove the finalizer: %w", err)), false
	}
	return Outcome{}, true
}

// patchFinalizers leaves the status alone. Finalizers are one list for everybody, so a version that moved is an error.
func (r *run[T, W]) patchFinalizers(ctx context.Context, edit func(T)) error {
	next := r.stored.DeepCopyObject().(T)
	edit(next)
	base := client.MergeFromWithOptions(r.stored, client.MergeFromWithOptimisticLock{})
	if err := r.clients.Kube.Patch(ctx, next, base, client.FieldOwner(v1alpha1.FieldManager)); err != nil {
		return err
	}
	r.keepStored(next)
	r.obj.SetFinalizers(next.GetFinalizers())
	r.obj.SetResourceVersion(next.GetResourceVersion())
	r.obj.SetManagedFields(next.GetManagedFields())
	return nil
}

// patchStatus writes status, if it changed.
func (r *run[T, W]) patchStatus(ctx context.Context) error {
	if equality.Semantic.DeepEqual(r.stored, r.obj) {
		return nil
	}
	if err := r.clients.Kube.Status().Patch(ctx, r.obj, client.MergeFrom(r.stored), client.FieldOwner(v1alpha1.FieldManager)); err != nil {
		return err
	}
	r.keepStored(r.obj)
	return nil
}

func (r *run[T, W]) keepStored(written T) {
	r.stored = written.DeepCopyObject().(T)
	r.written.add(written)
}

// uninstalling reports whether our own CustomResourceDefinition is being deleted: then objects are let go, and nothing in Entra is
// touched, because an uninstall is no wish to delete applications.
func (r *run[T, W]) uninstalling(ctx context.Context) (bool, error) {
	kind, err := apiutil.GVKForObject(r.obj, r.clients.Kube.Scheme())
	if err != nil {
		return false, fmt.Errorf("find the kind: %w", err)
	}
	definition := &metav1.PartialObjectMetadata{
		TypeMeta: metav1.TypeMeta{APIVersion: "apiextensions.k8s.io/v1", Kind: "CustomResourceDefinition"},
	}
	name := strings.ToLower(kind.Kind) + "s." + kind.Group
	if err := r.clients.Live.Get(ctx, types.NamespacedName{Name: name}, definition); err != nil {
		return false, fmt.Errorf("get the definition of %s: %w", kind.Kind, err)
	}
	return !definition.DeletionTimestamp.IsZero(), nil
}

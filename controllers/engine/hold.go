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

// hold makes sure that nothing is made that a farewell would not find: the finalizer first, then the intent in status, and only
// then the first write.
func (v *visit[T, W]) hold(ctx context.Context) error {
	if v.obj.GetDeletionTimestamp().IsZero() && !controllerutil.ContainsFinalizer(v.obj, v1alpha1.Finalizer) {
		controllerutil.AddFinalizer(v.obj, v1alpha1.Finalizer)
		if err := v.patchMeta(ctx); err != nil {
			return fmt.Errorf("add the finalizer: %w", err)
		}
	}
	v.Kind.Record(v.obj, v.world)
	if err := v.patchStatus(ctx); err != nil {
		return fmt.Errorf("record the intent: %w", err)
	}
	return nil
}

// release lets the object go.
func (v *visit[T, W]) release(ctx context.Context) (Outcome, bool) {
	controllerutil.RemoveFinalizer(v.obj, v1alpha1.Finalizer)
	if err := v.patchMeta(ctx); err != nil && !apierrors.IsNotFound(err) {
		return outcomeOfError(fmt.Errorf("release the finalizer: %w", err)), false
	}
	return Outcome{}, true
}

// patchMeta writes metadata. Finalizers are one list for everybody, so a version that moved is an error.
func (v *visit[T, W]) patchMeta(ctx context.Context) error {
	base := client.MergeFromWithOptions(v.stored, client.MergeFromWithOptimisticLock{})
	if err := v.Hands.Kube.Patch(ctx, v.obj, base, client.FieldOwner(v1alpha1.FieldManager)); err != nil {
		return err
	}
	v.remember()
	return nil
}

// patchStatus writes status, if it changed.
func (v *visit[T, W]) patchStatus(ctx context.Context) error {
	if equality.Semantic.DeepEqual(v.stored, v.obj) {
		return nil
	}
	base := client.MergeFrom(v.stored)
	if err := v.Hands.Kube.Status().Patch(ctx, v.obj, base, client.FieldOwner(v1alpha1.FieldManager)); err != nil {
		return err
	}
	v.remember()
	return nil
}

func (v *visit[T, W]) remember() {
	v.stored = v.obj.DeepCopyObject().(T)
	v.writes.wrote(v.obj)
}

// definitionGoing tells whether our own CustomResourceDefinition is being deleted: then objects are released, and nothing in Entra
// is touched, because an uninstall is no wish to delete applications.
func (v *visit[T, W]) definitionGoing(ctx context.Context) (bool, error) {
	kind, err := apiutil.GVKForObject(v.obj, v.Hands.Kube.Scheme())
	if err != nil {
		return false, fmt.Errorf("find the kind: %w", err)
	}
	definition := &metav1.PartialObjectMetadata{}
	definition.SetGroupVersionKind(definitionKind)
	name := strings.ToLower(kind.Kind) + "s." + kind.Group
	if err := v.Live.Get(ctx, types.NamespacedName{Name: name}, definition); err != nil {
		return false, fmt.Errorf("get the definition of %s: %w", kind.Kind, err)
	}
	return !definition.DeletionTimestamp.IsZero(), nil
}

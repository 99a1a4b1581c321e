package engine

import (
	"context"
	"reflect"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// Watch wakes objects of a kind when another object changes.
type Watch struct {
	// Object is an example of what is watched; PartialObjectMetadata for its metadata only.
	Object client.Object
	// Wakes maps a changed object to those that must look again.
	Wakes handler.MapFunc
	// When lets a change through; every change where nil.
	When predicate.Predicate
}

// Changed lets an update through only where what facet gives of the object has changed, or where a deletion has begun. Creation
// and removal always pass. It keeps our own writes of status, and other objects' conditions, from waking anybody.
func Changed[T client.Object](facet func(T) any) predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		before, wasT := e.ObjectOld.(T)
		after, isT := e.ObjectNew.(T)
		if !wasT || !isT {
			return true
		}
		return before.GetDeletionTimestamp().IsZero() != after.GetDeletionTimestamp().IsZero() ||
			!reflect.DeepEqual(facet(before), facet(after))
	}}
}

// InNamespace maps a changed object to the objects of a kind that it concerns: in its own namespace, or, for one without, everywhere. List is
// an example of the kind's list.
func InNamespace[T client.Object](cache client.Reader, list client.ObjectList, concerned func(obj T, changed client.Object) bool) handler.MapFunc {
	return mapTo(cache, list, concerned, false)
}

// Everywhere is InNamespace for a change that concerns objects of every namespace.
func Everywhere[T client.Object](cache client.Reader, list client.ObjectList, concerned func(obj T, changed client.Object) bool) handler.MapFunc {
	return mapTo(cache, list, concerned, true)
}

func mapTo[T client.Object](
	cache client.Reader, list client.ObjectList, concerned func(obj T, changed client.Object) bool, everywhere bool,
) handler.MapFunc {
	return func(ctx context.Context, changed client.Object) []reconcile.Request {
		namespace := changed.GetNamespace()
		if _, is := changed.(*corev1.Namespace); is {
			namespace = changed.GetName()
		}
		if everywhere {
			namespace = metav1.NamespaceAll
		}
		all := list.DeepCopyObject().(client.ObjectList)
		var requests []reconcile.Request
		err := cache.List(ctx, all, client.InNamespace(namespace), client.UnsafeDisableDeepCopy) // they are only looked at
		if err == nil {
			err = meta.EachListItem(all, func(item runtime.Object) error {
				if obj, is := item.(T); is && concerned(obj, changed) {
					requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(obj)})
				}
				return nil
			})
		}
		if err != nil { // a cache that has synced does not fail; before that, every object is looked at anyway
			log.FromContext(ctx).Error(err, "list those that a change concerns")
		}
		return requests
	}
}

package engine

import (
	"reflect"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
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
// and removal always pass. It keeps our own echo, and other objects' conditions, from waking anybody.
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

package engine

import (
	"cmp"
	"fmt"
	"slices"

	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// +kubebuilder:rbac:groups=apiextensions.k8s.io,resources=customresourcedefinitions,verbs=get
// +kubebuilder:rbac:groups=events.k8s.io,resources=events,verbs=create;patch

// Options are what all kinds share.
type Options struct {
	Clients Clients
	Clock   clock.WithTicker
	// Verdicts remembers what the gate said; nil for nobody.
	Verdicts Verdicts
	// Concurrency is how many objects of a kind are looked at at the same time; 4 where zero.
	Concurrency int
	// NewQueue replaces controller-runtime's priority queue, so that a test's clock can drive it. Nil in the product.
	NewQueue func(name string, limiter workqueue.TypedRateLimiter[reconcile.Request]) workqueue.TypedRateLimitingInterface[reconcile.Request]
}

// Watcher is a kind that other objects wake. What it writes itself, as ownWrites tells, must not.
type Watcher interface {
	Watches(ownWrites *OwnWrites) []Watch
}

// Add puts a kind under the manager. Its objects are woken by a new generation, a deletion or a request to look, by the kind's own
// watches and by those given; never by our own writes of their status.
func Add[T Object, W World](mgr manager.Manager, o Options, name string, example T, kind Kind[T, W], watches ...Watch) error {
	reconciler := NewReconciler(o, name, kind, mgr.GetEventRecorder(v1alpha1.FieldManager))
	b := builder.ControllerManagedBy(mgr).Named(reconciler.metric()).
		For(example, builder.WithPredicates(edited())).
		WithOptions(controller.Options{MaxConcurrentReconciles: cmp.Or(o.Concurrency, 4), NewQueue: o.NewQueue})
	if watcher, is := kind.(Watcher); is {
		watches = slices.Concat(watcher.Watches(reconciler.clients.OwnWrites), watches)
	}
	for _, watch := range watches {
		when := cmp.Or[predicate.Predicate](watch.When, predicate.Funcs{})
		b = b.Watches(watch.Object, handler.EnqueueRequestsFromMapFunc(watch.Wakes), builder.WithPredicates(when))
	}
	if err := b.Complete(reconcile.AsReconciler[T](o.Clients.Kube, reconciler)); err != nil {
		return fmt.Errorf("add kind %s: %w", name, err)
	}
	return nil
}

// edited lets through what a user did to the object: a new generation (a deletion is one) or a request to look.
func edited() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		return e.ObjectOld.GetGeneration() != e.ObjectNew.GetGeneration() ||
			e.ObjectOld.GetAnnotations()[v1alpha1.ReconcileRequestedAt] != e.ObjectNew.GetAnnotations()[v1alpha1.ReconcileRequestedAt]
	}}
}

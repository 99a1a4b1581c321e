package engine

import (
	"fmt"
	"slices"

	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
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
	Hands Hands
	// Live reads past the cache.
	Live  client.Reader
	Clock clock.WithTicker
	// Concurrency is how many objects of a kind are looked at at the same time; 4 where zero.
	Concurrency int
	// NewQueue replaces controller-runtime's priority queue, so that a test's clock can drive it. Nil in the product.
	NewQueue func(name string, limiter workqueue.TypedRateLimiter[reconcile.Request]) workqueue.TypedRateLimitingInterface[reconcile.Request]
}

// Watcher is a kind that other objects wake.
type Watcher interface{ Watches() []Watch }

// Add puts a kind under the manager. T's own echo is filtered: only a new generation, a deletion or a request to look wake it, and the
// kind's own watches and those given.
func Add[T Object, W World](mgr manager.Manager, o Options, name string, example T, kind Kind[T, W], watches ...Watch) error {
	reconciler := &Reconciler[T, W]{
		Name: name, Kind: kind, Hands: o.Hands, Live: o.Live, Clock: o.Clock,
		Events: mgr.GetEventRecorder(v1alpha1.FieldManager),
		queue:  newPacer(),
	}
	if o.Concurrency == 0 {
		o.Concurrency = 4
	}
	b := builder.ControllerManagedBy(mgr).Named(name).
		For(example, builder.WithPredicates(asked())).
		WithOptions(controller.Options{MaxConcurrentReconciles: o.Concurrency, NewQueue: o.NewQueue})
	if watcher, is := kind.(Watcher); is {
		watches = slices.Concat(watcher.Watches(), watches)
	}
	for _, watch := range watches {
		b = b.Watches(watch.Object, handler.EnqueueRequestsFromMapFunc(watch.Wakes), builder.WithPredicates(watch.predicate()))
	}
	if err := b.Complete(reconcile.AsReconciler[T](o.Hands.Kube, reconciler)); err != nil {
		return fmt.Errorf("add kind %s: %w", name, err)
	}
	return nil
}

// asked lets through what a user did to the object: a new generation (a deletion is one) or a request to look.
func asked() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		return e.ObjectOld.GetGeneration() != e.ObjectNew.GetGeneration() ||
			e.ObjectOld.GetAnnotations()[v1alpha1.ReconcileRequestedAt] != e.ObjectNew.GetAnnotations()[v1alpha1.ReconcileRequestedAt]
	}}
}

func (w Watch) predicate() predicate.Predicate {
	if w.When == nil {
		return predicate.Funcs{}
	}
	return w.When
}

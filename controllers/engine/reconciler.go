package engine

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Verdicts remembers what the gate said about each object.
type Verdicts interface {
	// Note remembers the latest Decision.Verdict about an object.
	Note(kind string, object types.NamespacedName, verdict any)
	// Forget an object that is gone.
	Forget(kind string, object types.NamespacedName)
}

// Reconciler takes objects of one kind along the path: Read, Decide, write, status.
type Reconciler[T Object, W World] struct {
	// name of the kind, as its objects have it.
	name     string
	kind     Kind[T, W]
	clients  Clients
	clock    clock.PassiveClock
	events   events.EventRecorder
	verdicts Verdicts

	requeue  *requeue
	written  versions
	flapping flapping
}

// NewReconciler of a kind.
func NewReconciler[T Object, W World](o Options, name string, kind Kind[T, W], recorder events.EventRecorder) *Reconciler[T, W] {
	clients := o.Clients
	clients.Locks, clients.OwnWrites = NewKeyedMutex(), &OwnWrites{}
	return &Reconciler[T, W]{
		name: name, kind: kind, clients: clients, clock: o.Clock, events: recorder, verdicts: o.Verdicts, requeue: newRequeue(),
	}
}

// Reconcile looks at one object and returns when to look again. It never sleeps and never returns an error for what the object's
// conditions already tell.
func (r *Reconciler[T, W]) Reconcile(ctx context.Context, cached T) (reconcile.Result, error) {
	obj, err := r.current(ctx, cached)
	if err != nil {
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	run := &run[T, W]{Reconciler: r, obj: obj, stored: obj.DeepCopyObject().(T), history: r.flapping.historyOf(obj)}
	outcome, removed := run.reconcile(ctx)
	run.reportWrites()
	if removed {
		r.forget(obj)
		return reconcile.Result{}, nil
	}
	if err := run.conclude(ctx, outcome); err != nil {
		if apierrors.IsNotFound(err) {
			return reconcile.Result{}, nil
		}
		return reconcile.Result{}, fmt.Errorf("write status: %w", err)
	}
	return r.requeue.result(obj, outcome), nil
}

// current is the object as it is after our own last write, which the cache may not hold yet.
func (r *Reconciler[T, W]) current(ctx context.Context, cached T) (T, error) {
	obj := cached.DeepCopyObject().(T)
	if !r.written.newerThan(cached) {
		return obj, nil
	}
	return obj, r.clients.Live.Get(ctx, client.ObjectKeyFromObject(cached), obj)
}

// forget everything about an object that is gone.
func (r *Reconciler[T, W]) forget(obj T) {
	r.requeue.forget(obj)
	r.written.forget(obj)
	r.flapping.forget(obj)
	if r.verdicts != nil {
		r.verdicts.Forget(r.name, client.ObjectKeyFromObject(obj))
	}
}

// conclude writes the conditions, and patches the status where anything changed.
func (r *run[T, W]) conclude(ctx context.Context, outcome Outcome) error {
	if r.folded { // the last decision is older than the world
		r.decide()
	}
	status := r.obj.Common()
	if requested, is := r.obj.GetAnnotations()[v1alpha1.ReconcileRequestedAt]; is {
		status.LastHandledReconcileAt = requested
	}
	now := r.clock.Now().Truncate(time.Second)
	conditions{status: status, generation: r.obj.GetGeneration(), now: now}.conclude(outcome, r.deleting())
	r.reportOutcome(outcome)
	return r.patchStatus(ctx)
}

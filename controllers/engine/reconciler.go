package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Reconciler takes objects of one kind along the path: Read, Decide, Write, Record.
type Reconciler[T Object, W World] struct {
	// Name of the kind in metrics.
	Name  string
	Kind  Kind[T, W]
	Hands Hands
	// Live reads past the cache.
	Live  client.Reader
	Clock clock.PassiveClock
	// Events tells people about writes and about conditions that changed.
	Events events.EventRecorder

	queue    *pacer
	writes   latest
	contests contests
}

// maxRounds bounds how often a plan is made in one reconcile.
const maxRounds = 8

// Reconcile looks at one object and returns when to look again. It never sleeps and never returns an error for what the object's
// conditions already tell.
func (r *Reconciler[T, W]) Reconcile(ctx context.Context, cached T) (reconcile.Result, error) {
	obj, err := r.current(ctx, cached)
	if err != nil {
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	v := &visit[T, W]{Reconciler: r, obj: obj, stored: obj.DeepCopyObject().(T), contest: r.contests.of(obj)}
	outcome, released := v.run(ctx)
	v.account()
	if released {
		r.queue.forget(obj)
		r.writes.forget(obj)
		r.contests.forget(obj.GetUID())
		return reconcile.Result{}, nil
	}
	if err := v.conclude(ctx, outcome); err != nil {
		if apierrors.IsNotFound(err) {
			return reconcile.Result{}, nil
		}
		return reconcile.Result{}, fmt.Errorf("write status: %w", err)
	}
	return r.queue.result(obj, outcome), nil
}

// current is the object as it is after our own last write, which the cache may not hold yet.
func (r *Reconciler[T, W]) current(ctx context.Context, cached T) (T, error) {
	if !r.writes.newerThan(cached) {
		return cached.DeepCopyObject().(T), nil
	}
	fresh := cached.DeepCopyObject().(T)
	return fresh, r.Live.Get(ctx, client.ObjectKeyFromObject(cached), fresh)
}

// visit is one reconcile of one object.
type visit[T Object, W World] struct {
	*Reconciler[T, W]
	obj    T
	stored T // as the API server has it
	world  W
	seen   bool // world was read
	// contest is with whom undoes our steps.
	contest *contest
	// written are the steps that were taken, in order.
	written []string
	// justification of those of them that are privileged.
	justification string
}

// run goes round until a plan has no steps. It reports whether the object was released.
func (v *visit[T, W]) run(ctx context.Context) (Outcome, bool) {
	farewell := !v.obj.GetDeletionTimestamp().IsZero()
	if farewell {
		if !controllerutil.ContainsFinalizer(v.obj, v1alpha1.Finalizer) {
			return Outcome{}, true
		}
		if gone, err := v.definitionGoing(ctx); err != nil {
			return outcomeOfError(err), false
		} else if gone {
			return v.release(ctx)
		}
	} else if v.obj.Suspended() {
		return Outcome{Reason: v1alpha1.ReasonSuspended, Message: "spec.suspend is true: nothing is looked at"}, false
	}
	outcome, settled := v.look(ctx)
	if settled && farewell {
		return v.release(ctx)
	}
	outcome.Resync = v.world.basis().Tenant.Resync
	return outcome, false
}

// look reads and settles, and once more where what the decision rests on has moved meanwhile: who wakes objects for that may have
// judged this one by what it asked for before.
func (v *visit[T, W]) look(ctx context.Context) (Outcome, bool) {
	for again := false; ; again = true {
		world, err := v.Kind.Read(ctx, v.obj)
		if err != nil {
			return outcomeOfError(err), false
		}
		v.world, v.seen = world, true
		outcome, settled := v.settle(ctx)
		ended := again || outcome.Reason == v1alpha1.ReasonRetrying || !v.obj.GetDeletionTimestamp().IsZero()
		if ended || !errors.Is(v.world.basis().moved(ctx, v.Hands.Kube), errMoved) {
			return outcome, settled
		}
	}
}

// settle decides and writes until there is nothing more to write. It reports whether world and object agree.
func (v *visit[T, W]) settle(ctx context.Context) (Outcome, bool) {
	for round := range maxRounds {
		plan := v.Kind.Decide(v.obj, v.world, v.Clock.Now())
		if len(plan.Steps) == 0 {
			outcome := outcomeOf(plan)
			return outcome, outcome.Reason == v1alpha1.ReasonInSync
		}
		if round == 0 {
			if err := v.hold(ctx); err != nil {
				return outcomeOfError(err), false
			}
		}
		if outcome, ended := v.write(ctx, plan.Steps); ended {
			return outcome, false
		}
	}
	return Outcome{Reason: v1alpha1.ReasonContested, Message: "the plan does not come to an end"}, false
}

// conclude records what is known, writes the conditions and patches the status where anything changed.
func (v *visit[T, W]) conclude(ctx context.Context, outcome Outcome) error {
	if v.seen {
		v.Kind.Record(v.obj, v.world)
	}
	status := v.obj.Common()
	if requested, asked := v.obj.GetAnnotations()[v1alpha1.ReconcileRequestedAt]; asked {
		status.LastHandledReconcileAt = requested
	}
	now := v.Clock.Now().Truncate(time.Second)
	writer{status: status, generation: v.obj.GetGeneration(), now: now}.conclude(outcome, !v.obj.GetDeletionTimestamp().IsZero())
	v.tell(outcome)
	return v.patchStatus(ctx)
}

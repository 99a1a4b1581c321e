package engine

import (
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// maxRounds bounds how often a decision is made in one reconcile.
const maxRounds = 8

// errStale drops a round: what its decision rests on has changed since.
var errStale = errors.New("the spec, the namespace, the tenant or a policy changed while a change was being made: looking again")

// run is one reconcile of one object.
type run[T Object, W World] struct {
	*Reconciler[T, W]
	obj    T
	stored T // as the API server has it
	world  W
	// recorded is true once the finalizer and the intent are written.
	recorded bool
	// folded is true where answers were folded into the world after the last decision.
	folded bool
	// history of the steps that succeeded lately.
	history *history
	// done are the steps that were taken, in order.
	done []string
	// justification of those of them that are privileged.
	justification string
}

func (r *run[T, W]) deleting() bool { return !r.obj.GetDeletionTimestamp().IsZero() }

// reconcile goes round until a decision has nothing to do. It reports whether the object was let go.
func (r *run[T, W]) reconcile(ctx context.Context) (Outcome, bool) {
	if r.deleting() {
		if !controllerutil.ContainsFinalizer(r.obj, v1alpha1.Finalizer) {
			return Outcome{}, true
		}
		if uninstalling, err := r.uninstalling(ctx); err != nil {
			return outcomeOfError(err), false
		} else if uninstalling {
			return r.removeFinalizer(ctx)
		}
	} else if r.obj.Suspended() {
		return Outcome{Reason: v1alpha1.ReasonSuspended, Message: "spec.suspend is true: reconciliation is paused"}, false
	}
	outcome, settled := r.readAndSettle(ctx)
	if settled && r.deleting() {
		return r.removeFinalizer(ctx)
	}
	outcome.Resync = r.world.Tenancy().ResyncInterval
	return outcome, false
}

// readAndSettle once, and once more where what the decision rests on has changed meanwhile: whoever wakes objects for that may have
// judged this one by what it asked for before.
func (r *run[T, W]) readAndSettle(ctx context.Context) (Outcome, bool) {
	for again := false; ; again = true {
		world, err := r.kind.Read(ctx, r.obj)
		if err != nil {
			return outcomeOfError(err), false
		}
		r.world = world
		outcome, settled := r.settle(ctx)
		if again || outcome.Reason == v1alpha1.ReasonRetrying || r.deleting() {
			return outcome, settled
		}
		if stale, err := r.world.Stale(ctx, r.clients.Kube); err != nil || !stale {
			return outcome, settled
		}
	}
}

// settle decides and acts until there is nothing more to do. It reports whether world and object agree.
func (r *run[T, W]) settle(ctx context.Context) (Outcome, bool) {
	for range maxRounds {
		decision := r.decide()
		if !decision.acts(r.recorded) {
			outcome := outcomeOf(decision)
			outcome.Revisit = decision.Revisit
			return outcome, outcome.Reason == v1alpha1.ReasonInSync
		}
		if len(decision.Steps) > 0 || decision.Intent {
			if err := r.recordIntent(ctx); err != nil {
				return outcomeOfError(err), false
			}
		}
		if errs := r.act(ctx, decision); len(errs) > 0 {
			return join(errs), false
		}
	}
	return Outcome{Reason: v1alpha1.ReasonContested, Message: "the decision does not come to an end"}, false
}

// decide makes the decision of a round, takes over what it says in status, and notes what the gate said.
func (r *run[T, W]) decide() Decision[T, W] {
	decision := r.kind.Decide(r.obj, r.world, r.clock.Now())
	r.obj, r.folded = decision.Object, false
	if r.verdicts != nil && decision.Verdict != nil {
		r.verdicts.Note(r.name, client.ObjectKeyFromObject(r.obj), decision.Verdict)
	}
	return decision
}

// act makes the reads and then takes the steps of one round. They do not depend on each other: all run, but a throttled one, and one that
// finds the world stale, ends the round.
func (r *run[T, W]) act(ctx context.Context, decision Decision[T, W]) []error {
	clients := r.clients
	if key := r.world.Tenancy().Key; key != (entra.TenantKey{}) {
		directory, err := r.clients.Tenants.Directory(key)
		if err != nil {
			return []error{err}
		}
		clients.Directory = directory
	}
	r.folded = true
	var errs []error
	for _, read := range decision.Reads {
		if err := read.Do(ctx, clients, &r.world); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", read, err))
		}
	}
	for _, step := range decision.Steps {
		err := r.take(ctx, clients, step)
		if err == nil || errors.Is(err, ErrFound) {
			continue
		}
		errs = append(errs, fmt.Errorf("%s: %w", step, err))
		if _, throttled := errors.AsType[entra.Throttled](err); throttled || errors.Is(err, errStale) {
			break
		}
	}
	return errs
}

// take takes one step, unless somebody always undoes it or what the decision rests on has changed.
func (r *run[T, W]) take(ctx context.Context, clients Clients, step Step[W]) error {
	name := step.String()
	if r.history.flaps(name, r.clock.Now()) {
		return r.reportStep(ctx, name, errUndone)
	}
	if err := r.checkStale(ctx); err != nil {
		return r.reportStep(ctx, name, err)
	}
	err := r.do(ctx, clients, step)
	if errors.Is(err, ErrFound) {
		return err
	}
	if err == nil {
		r.history.add(name, r.clock.Now())
	}
	return r.reportStep(ctx, name, err)
}

// checkStale compares what the decision rests on with the cache. A deletion rests on the object alone.
func (r *run[T, W]) checkStale(ctx context.Context) error {
	cached := r.obj.DeepCopyObject().(T)
	err := r.clients.Kube.Get(ctx, client.ObjectKeyFromObject(r.obj), cached)
	switch {
	case apierrors.IsNotFound(err):
		return errStale
	case err != nil:
		return fmt.Errorf("look again before the step: %w", err)
	case cached.GetGeneration() > r.obj.GetGeneration() || cached.GetUID() != r.obj.GetUID():
		return errStale
	case r.deleting():
		return nil
	}
	stale, err := r.world.Stale(ctx, r.clients.Kube)
	if err == nil && stale {
		return errStale
	}
	return err
}

// do carries the step out, and tells the audit log where it is privileged.
func (r *run[T, W]) do(ctx context.Context, clients Clients, step Step[W]) error {
	privileged, is := step.(Privileged)
	if !is {
		return step.Do(ctx, clients, &r.world)
	}
	ctx, receipt := entra.WithReceipt(ctx)
	err := step.Do(ctx, clients, &r.world)
	r.audit(ctx, privileged.Change(), receipt.RequestID, err)
	return err
}

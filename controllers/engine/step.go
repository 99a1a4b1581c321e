package engine

import (
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// errStale drops a round: what its decision rests on has changed since.
var errStale = errors.New("the spec, the namespace, the tenant or a policy changed while a change was being made: looking again")

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

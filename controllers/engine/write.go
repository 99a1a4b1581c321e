package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

var definitionKind = schema.GroupVersionKind{Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition"}

// errMoved drops a round: what its plan rests on has changed since.
var errMoved = errors.New("the spec, the namespace, the tenant or a policy changed while a change was being made: looking again")

// write takes the steps of one round. They do not depend on each other: all run, but a throttled one ends the round. It reports
// whether the reconcile ends here, and how.
func (v *visit[T, W]) write(ctx context.Context, steps []Step[W]) (Outcome, bool) {
	var errs []error
	for _, step := range steps {
		name := step.String()
		err := v.take(ctx, step, name)
		if errors.Is(err, ErrFound) {
			continue
		}
		v.report(ctx, name, err)
		if err == nil {
			continue
		}
		errs = append(errs, fmt.Errorf("%s: %w", name, err))
		var throttled entra.Throttled
		if errors.As(err, &throttled) || errors.Is(err, errMoved) {
			break
		}
	}
	if len(errs) > 0 {
		return join(errs), true
	}
	return Outcome{}, false
}

// take takes one step, unless somebody always undoes it or what the plan rests on has moved.
func (v *visit[T, W]) take(ctx context.Context, step Step[W], name string) error {
	if v.contest.lost(name, v.Clock.Now()) {
		return errUndone
	}
	if err := v.moved(ctx); err != nil {
		return err
	}
	if err := v.do(ctx, step); err != nil {
		return err
	}
	v.contest.won(name, v.Clock.Now())
	return nil
}

// moved compares what the plan rests on with the cache. A farewell rests on the object alone.
func (v *visit[T, W]) moved(ctx context.Context) error {
	now := v.obj.DeepCopyObject().(T)
	if err := v.Hands.Kube.Get(ctx, client.ObjectKeyFromObject(v.obj), now); err != nil {
		return ignoreGone(err)
	}
	if now.GetGeneration() > v.obj.GetGeneration() || now.GetUID() != v.obj.GetUID() {
		return errMoved
	}
	if !v.obj.GetDeletionTimestamp().IsZero() {
		return nil
	}
	return v.world.basis().moved(ctx, v.Hands.Kube)
}

func ignoreGone(err error) error {
	if apierrors.IsNotFound(err) {
		return errMoved
	}
	return fmt.Errorf("look again before the step: %w", err)
}

// do carries the step out, and tells the audit log where it is privileged.
func (v *visit[T, W]) do(ctx context.Context, step Step[W]) error {
	privileged, is := step.(Privileged)
	if !is {
		return step.Do(ctx, v.Hands, &v.world)
	}
	noting, receipt := entra.WithReceipt(ctx)
	err := step.Do(noting, v.Hands, &v.world)
	v.audit(ctx, privileged.Change(), receipt.RequestID, err)
	return err
}

// report tells the log and the metrics about a step, and keeps it for the object's event.
func (v *visit[T, W]) report(ctx context.Context, step string, err error) {
	kind := v.Name
	if err != nil {
		steps.WithLabelValues(kind, string(outcomeOfError(err).Reason)).Inc()
		log.FromContext(ctx).V(1).Info("step failed", "step", step, "reason", err.Error())
		return
	}
	steps.WithLabelValues(kind, "Done").Inc()
	log.FromContext(ctx).Info("step done", "step", step)
	v.written = append(v.written, step)
}

// account makes one event of all that was written: the recorder keeps only the first of equal events about one version of an
// object, so that an event a step would lose all steps but the first.
func (v *visit[T, W]) account() {
	if v.justification != "" {
		v.written = append(v.written, fmt.Sprintf("justification: %q", v.justification))
	}
	if len(v.written) > 0 {
		v.Events.Eventf(v.obj, nil, corev1.EventTypeNormal, "Written", "Write", "%s", shorten(strings.Join(v.written, "; ")))
	}
}

// tell makes an event of a Ready or Stalled condition that is about to change.
func (v *visit[T, W]) tell(o Outcome) {
	kind := v.Name
	outcomes.WithLabelValues(kind, string(o.Reason)).Inc()
	for _, which := range []string{v1alpha1.ConditionReady, v1alpha1.ConditionStalled} {
		before := meta.FindStatusCondition(v.stored.Common().Conditions, which)
		after := meta.FindStatusCondition(v.obj.Common().Conditions, which)
		if after == nil || before != nil && before.Status == after.Status && before.Reason == after.Reason {
			continue
		}
		severity := corev1.EventTypeNormal
		if effects[o.Reason].stalled {
			severity = corev1.EventTypeWarning
		}
		v.Events.Eventf(v.obj, nil, severity, after.Reason, "Reconcile", "%s", after.Message)
		return
	}
}

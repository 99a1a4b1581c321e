package engine

import (
	"context"
	"fmt"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

var (
	steps = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "entra_registrar_steps_total",
		Help: "Changes made or tried, by kind and result: Done, or the reason why not.",
	}, []string{"kind", "result"})
	outcomes = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "entra_registrar_reconciles_total",
		Help: "Reconciles by kind and by the reason that they ended with.",
	}, []string{"kind", "reason"})
)

// Metrics are the engine's, for the manager to register.
func Metrics() []prometheus.Collector { return []prometheus.Collector{steps, outcomes} }

// reportStep tells the log and the metrics about a step, keeps it for the object's event, and gives its error back.
func (r *run[T, W]) reportStep(ctx context.Context, step string, err error) error {
	if err != nil {
		steps.WithLabelValues(r.metric(), string(outcomeOfError(err).Reason)).Inc()
		log.FromContext(ctx).V(1).Info("step failed", "step", step, "reason", err.Error())
		return err
	}
	steps.WithLabelValues(r.metric(), "Done").Inc()
	log.FromContext(ctx).Info("step done", "step", step)
	r.done = append(r.done, step)
	return nil
}

// reportWrites makes one event of all that was written: the recorder keeps only the first of equal events about one version of an
// object, so that an event a step would lose all steps but the first.
func (r *run[T, W]) reportWrites() {
	if r.justification != "" {
		r.done = append(r.done, fmt.Sprintf("justification: %q", r.justification))
	}
	if len(r.done) > 0 {
		r.events.Eventf(r.obj, nil, corev1.EventTypeNormal, "Written", "Write", "%s", shorten(strings.Join(r.done, "; ")))
	}
}

// reportOutcome makes an event of a Ready or Stalled condition that is about to change.
func (r *run[T, W]) reportOutcome(o Outcome) {
	outcomes.WithLabelValues(r.metric(), string(o.Reason)).Inc()
	for _, which := range []string{v1alpha1.ConditionReady, v1alpha1.ConditionStalled} {
		before := meta.FindStatusCondition(r.stored.Common().Conditions, which)
		after := meta.FindStatusCondition(r.obj.Common().Conditions, which)
		if after == nil || before != nil && before.Status == after.Status && before.Reason == after.Reason {
			continue
		}
		severity := corev1.EventTypeNormal
		if effects[o.Reason].stalled {
			severity = corev1.EventTypeWarning
		}
		r.events.Eventf(r.obj, nil, severity, after.Reason, "Reconcile", "%s", after.Message)
		return
	}
}

// metric is the kind as metrics label it.
func (r *Reconciler[T, W]) metric() string { return strings.ToLower(r.name) }

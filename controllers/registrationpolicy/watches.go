package registrationpolicy

import (
	"context"
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// Watches are namespaces that come, go, or change their labels, and tenants that come or go.
func (k *Kind) Watches(*engine.OwnWrites) []engine.Watch {
	return []engine.Watch{
		{Object: &corev1.Namespace{}, Wakes: k.everyPolicy, When: labelsChanged()},
		{Object: &v1alpha1.EntraTenant{}, Wakes: k.everyPolicy, When: engine.Changed(func(t *v1alpha1.EntraTenant) any { return t.Name })},
	}
}

func labelsChanged() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		return !maps.Equal(e.ObjectOld.GetLabels(), e.ObjectNew.GetLabels())
	}}
}

func (k *Kind) everyPolicy(ctx context.Context, _ client.Object) []reconcile.Request {
	var policies v1alpha1.RegistrationPolicyList
	if err := k.Cache.List(ctx, &policies); err != nil {
		log.FromContext(ctx).Error(err, "list policies")
		return nil
	}
	requests := make([]reconcile.Request, len(policies.Items))
	for i := range policies.Items {
		requests[i].NamespacedName = types.NamespacedName{Name: policies.Items[i].Name}
	}
	return requests
}

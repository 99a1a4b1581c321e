package entratenant

import (
	"context"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// Watches are the objects that keep a tenant which is being deleted, and other tenants that are marked default, or not any more.
func (k *Kind) Watches(*engine.OwnWrites) []engine.Watch {
	var watches []engine.Watch
	for _, bound := range k.Bound {
		watches = append(watches, engine.Watch{Object: bound.Object, Wakes: k.deletedTenant, When: engine.Changed(func(obj client.Object) any {
			return tenantOf(obj)
		})})
	}
	return append(watches, engine.Watch{
		Object: &v1alpha1.EntraTenant{},
		Wakes: engine.Everywhere(k.Binder.Cache, &v1alpha1.EntraTenantList{}, func(t *v1alpha1.EntraTenant, changed client.Object) bool {
			return t.Spec.Default && t.Name != changed.GetName()
		}),
		When: engine.Changed(func(t *v1alpha1.EntraTenant) any { return t.Spec.Default }),
	})
}

func tenantOf(obj client.Object) string {
	if bound, is := obj.(v1alpha1.TenantBound); is {
		return bound.Binding().TenantName
	}
	return ""
}

// deletedTenant wakes the tenant that an object names, if it is being deleted. Others count their objects at the next resync: a
// status that changed with every object would make all the others' decisions stale.
func (k *Kind) deletedTenant(ctx context.Context, obj client.Object) []reconcile.Request {
	var tenant v1alpha1.EntraTenant
	name := types.NamespacedName{Name: tenantOf(obj)}
	if name.Name == "" || k.Binder.Cache.Get(ctx, name, &tenant) != nil || tenant.DeletionTimestamp.IsZero() {
		return nil
	}
	return []reconcile.Request{{NamespacedName: name}}
}

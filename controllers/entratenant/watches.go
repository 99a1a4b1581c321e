package entratenant

import (
	"context"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// Watches are the objects that hold a tenant which is being deleted, and other tenants that are marked default, or not any more.
func (k *Kind) Watches() []engine.Watch {
	return []engine.Watch{
		{Object: &v1alpha1.AppRegistration{}, Wakes: k.leavingTenant,
			When: engine.Changed(func(a *v1alpha1.AppRegistration) any { return a.Status.TenantName })},
		{Object: &v1alpha1.FederatedCredential{}, Wakes: k.leavingTenant,
			When: engine.Changed(func(f *v1alpha1.FederatedCredential) any { return f.Status.TenantName })},
		{Object: &v1alpha1.AppRoleAssignment{}, Wakes: k.leavingTenant,
			When: engine.Changed(func(a *v1alpha1.AppRoleAssignment) any { return a.Status.TenantName })},
		{Object: &v1alpha1.DelegatedPermissionGrant{}, Wakes: k.leavingTenant,
			When: engine.Changed(func(g *v1alpha1.DelegatedPermissionGrant) any { return g.Status.TenantName })},
		{Object: &v1alpha1.EntraTenant{}, Wakes: k.defaultTenants,
			When: engine.Changed(func(t *v1alpha1.EntraTenant) any { return t.Spec.Default })},
	}
}

// leavingTenant wakes the tenant that an object names, if it is being deleted. Others count their objects at the next resync: a
// status that changed with every object would move the ground under all the others' plans.
func (k *Kind) leavingTenant(ctx context.Context, obj client.Object) []reconcile.Request {
	var tenant v1alpha1.EntraTenant
	name := types.NamespacedName{Name: tenantOf(obj)}
	if name.Name == "" || k.Cache.Get(ctx, name, &tenant) != nil || tenant.DeletionTimestamp.IsZero() {
		return nil
	}
	return []reconcile.Request{{NamespacedName: name}}
}

func tenantOf(obj client.Object) string {
	switch obj := obj.(type) {
	case *v1alpha1.AppRegistration:
		return obj.Status.TenantName
	case *v1alpha1.FederatedCredential:
		return obj.Status.TenantName
	case *v1alpha1.AppRoleAssignment:
		return obj.Status.TenantName
	case *v1alpha1.DelegatedPermissionGrant:
		return obj.Status.TenantName
	default:
		return ""
	}
}

// defaultTenants wakes the other tenants that are marked default.
func (k *Kind) defaultTenants(ctx context.Context, changed client.Object) []reconcile.Request {
	var tenants v1alpha1.EntraTenantList
	if err := k.Cache.List(ctx, &tenants); err != nil {
		log.FromContext(ctx).Error(err, "list tenants")
		return nil
	}
	var requests []reconcile.Request
	for _, tenant := range tenants.Items {
		if tenant.Spec.Default && tenant.Name != changed.GetName() {
			requests = append(requests, reconcile.Request{NamespacedName: types.NamespacedName{Name: tenant.Name}})
		}
	}
	return requests
}

package delegatedpermissiongrant

import (
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Watches are the objects that wake a DelegatedPermissionGrant.
func (k *Kind) Watches(*engine.OwnWrites) []engine.Watch {
	list := &v1alpha1.DelegatedPermissionGrantList{}
	watches := []engine.Watch{
		{
			Object: &v1alpha1.AppRegistration{},
			Wakes: engine.Everywhere(k.Cache, list, func(g *v1alpha1.DelegatedPermissionGrant, changed client.Object) bool {
				app, is := changed.(*v1alpha1.AppRegistration)
				return is && (isClient(g, app) || reference.Names(g.Spec.API, g.Namespace, app))
			}),
			When: engine.Changed(reference.Visible),
		},
		{
			// Another object that names less, or goes, may leave something to take away to those that share the grant.
			Object: &v1alpha1.DelegatedPermissionGrant{},
			Wakes: engine.InNamespace(k.Cache, list, func(g *v1alpha1.DelegatedPermissionGrant, changed client.Object) bool {
				other, is := changed.(*v1alpha1.DelegatedPermissionGrant)
				return is && g.Name != other.Name && keyOf(g.Status) == keyOf(other.Status)
			}),
			When: engine.Changed(func(other *v1alpha1.DelegatedPermissionGrant) any {
				return []any{other.Spec.Scopes, other.Spec.NotAfter, other.Status.Scopes}
			}),
		},
	}
	return append(watches, binding.Watches(k.Cache, list, func(g *v1alpha1.DelegatedPermissionGrant, tenant string) bool {
		return g.Status.TenantName == "" || g.Status.TenantName == tenant
	})...)
}

func isClient(g *v1alpha1.DelegatedPermissionGrant, app *v1alpha1.AppRegistration) bool {
	return g.Namespace == app.Namespace && g.Spec.Client.AppRegistrationRef.Name == app.Name
}

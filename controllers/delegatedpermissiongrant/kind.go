// Package delegatedpermissiongrant is the kind DelegatedPermissionGrant: admin consent to scopes of an API, for a client of the
// object's own namespace and for all users or one. Entra keeps one grant for each client, API and user, into which many may put
// scopes: an object takes away only what it named, and only when no other live object names it.
package delegatedpermissiongrant

import (
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Kind is DelegatedPermissionGrant on the engine's path.
type Kind struct {
	Binder binding.Binder
	// Cache of AppRegistrations and DelegatedPermissionGrants, kept by watches.
	Cache client.Reader
	Gate  policy.Gate
	// Enabled is true where the manager was started with --enable-delegated-grants. A deletion needs no switch.
	Enabled bool
}

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=delegatedpermissiongrants,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=delegatedpermissiongrants/status,verbs=patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations;entratenants;registrationpolicies,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch

var words = permission.Words{
	Kind: "DelegatedPermissionGrant", Given: "consented to",
	TwoTenants: "spec.api: AppRegistration %q is in EntraTenant %q and %s in %q: consent can be given within one tenant only",
}

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

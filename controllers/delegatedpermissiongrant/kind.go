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
	claims := func(g *v1alpha1.DelegatedPermissionGrant) any {
		return []any{g.Spec.Scopes, g.Spec.NotAfter, g.Status.Scopes}
	}
	return permission.Watches(k.Cache, &v1alpha1.DelegatedPermissionGrant{}, &v1alpha1.DelegatedPermissionGrantList{}, names, sameGrant, claims)
}

// sameGrant reports whether two objects are about the same grant.
func sameGrant(a, b *v1alpha1.DelegatedPermissionGrant) bool {
	return a.Namespace == b.Namespace && keyOf(a.Status) == keyOf(b.Status)
}

// names reports whether the client or the API is an AppRegistration's.
func names(g *v1alpha1.DelegatedPermissionGrant, app *v1alpha1.AppRegistration) bool {
	return clientName(g) == client.ObjectKeyFromObject(app) || reference.Names(g.Spec.API, g.Namespace, app)
}

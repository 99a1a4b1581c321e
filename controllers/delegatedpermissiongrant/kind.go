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

type decision = engine.Decision[*v1alpha1.DelegatedPermissionGrant, World]

const kindName = "DelegatedPermissionGrant"

var words = permission.Words{
	Kind: kindName, Given: "consented to",
	TwoTenants: "spec.api: AppRegistration %q is in EntraTenant %q and %s in %q: consent can be given within one tenant only",
}

// Package delegatedpermissiongrant is the kind DelegatedPermissionGrant: admin consent to scopes of an API, for a client of the
// object's own namespace and for all users or one. Entra keeps one grant for each client, API and user, into which many may put
// scopes: an object takes away only what it named, and only when no other live object names it.
package delegatedpermissiongrant

import (
	"slices"

	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Kind is DelegatedPermissionGrant on the engine's path.
type Kind struct {
	Binder engine.Binder
	// Cache of AppRegistrations and DelegatedPermissionGrants, kept by watches.
	Cache client.Reader
	Gate  policy.Gate
	// Clock tells Read whether notAfter has passed.
	Clock clock.PassiveClock
	// Enabled : the manager was started with --enable-delegated-grants. A farewell needs no switch.
	Enabled bool

	// turns are for a grant.
	turns engine.Turns
}

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=delegatedpermissiongrants,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=delegatedpermissiongrants/status,verbs=patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations;entratenants;registrationpolicies,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch

// Record tells which scopes are consented to, for whom: what is asked for, and what was named before and is not taken away yet.
// Nothing is told of a client that is not ours, so that a farewell never goes there.
func (k *Kind) Record(obj *v1alpha1.DelegatedPermissionGrant, world World) {
	if !obj.DeletionTimestamp.IsZero() || misbound(obj, world) != nil || !world.trusted(obj) {
		return
	}
	r := k.reckon(obj, world)
	status, bound := &obj.Status, world.bound(obj)
	if len(r.give) > 0 || !bound {
		status.Justification = obj.Spec.Justification
	}
	leftover := world.leftover(obj, r)
	named := slices.Concat(r.keep, leftover)
	pending := slices.Concat(r.give, r.adopt, leftover, slices.DeleteFunc(world.pending(obj), func(scope string) bool {
		return world.holds(scope) || !slices.Contains(named, scope)
	}))
	status.TenantName, status.TenantID = world.Tenant.Name, world.Tenant.ID
	status.ClientObjectID, status.APIObjectID, status.UserObjectID = world.Client.ID, world.API.ObjectID, world.UserID
	if seen := world.Principal.Value; !bound || seen.DisplayName != "" {
		status.ClientName = seen.DisplayName
	}
	status.APIName = world.API.DisplayName
	status.Scopes, status.Pending = listed(named), listed(pending)
}

// listed is a set as status has it.
func listed(scopes []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(scopes)))
}

package approleassignment

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// claimed tells whether another live object gives the same role to the same principal. It is asked past the cache, at the last moment:
// of two that let go of a role, the second must know of the first. What an object's spec names and its status does not was not let, or
// was not looked at yet: it claims nothing, or whoever is denied could keep others from losing it. What is forced speaks against
// all objects of this namespace; in another one it counts who is entitled.
func (k *Kind) claimed(ctx context.Context, obj *v1alpha1.AppRoleAssignment, world World, role v1alpha1.NamedID, forced bool) (bool, error) {
	scope := client.InNamespace("")
	if world.Principal.App.Name != "" { // nobody elsewhere can name it
		scope = client.InNamespace(obj.Namespace)
	}
	var all v1alpha1.AppRoleAssignmentList
	if err := k.Binder.Live.List(ctx, &all, scope); err != nil {
		return false, fmt.Errorf("list app role assignments: %w", err)
	}
	return slices.ContainsFunc(all.Items, func(other v1alpha1.AppRoleAssignment) bool {
		neighbour := other.Namespace == obj.Namespace
		if neighbour && (forced || other.Name == obj.Name) || !sharing(obj, &other) || !has(&other, role, world.Now) {
			return false
		}
		return !forced || k.entitled(ctx, &other, role, world)
	}), nil
}

// sharing tells whether two objects are about the same principal and API of the same directory.
func sharing(a, b *v1alpha1.AppRoleAssignment) bool {
	return a.Status.PrincipalObjectID != "" && a.Status.PrincipalObjectID == b.Status.PrincipalObjectID && a.Status.APIObjectID == b.Status.APIObjectID &&
		a.Status.TenantID == b.Status.TenantID
}

// has tells whether an object that is neither leaving nor past its end names a role, and was let have it.
func has(obj *v1alpha1.AppRoleAssignment, role v1alpha1.NamedID, now time.Time) bool {
	return obj.DeletionTimestamp.IsZero() && !ended(obj, now) && slices.ContainsFunc(obj.Status.Roles, func(given v1alpha1.NamedID) bool {
		named := slices.Contains(obj.Spec.Roles, given.Value) || obj.Spec.DefaultAccess && given.ID == entra.DefaultAccess
		return given.ID == role.ID && named
	})
}

// entitled tells whether another namespace may still give a role: the API's owner lets it, and no policy wants it taken away.
func (k *Kind) entitled(ctx context.Context, other *v1alpha1.AppRoleAssignment, role v1alpha1.NamedID, world World) bool {
	var namespace corev1.Namespace
	if err := k.Cache.Get(ctx, types.NamespacedName{Name: other.Namespace}, &namespace); err != nil {
		return false
	}
	api, err := k.apiFor(ctx, &namespace, other.Status.APIObjectID, world)
	if err != nil || !api.LetsAppRole(role.Value, world.Principal.Kind) {
		return false
	}
	verdict := k.Gate.Evaluate(policy.Review{ // without a name: it is another's, and nothing is noted
		Kind: "AppRoleAssignment", Namespace: namespace.Name, Labels: namespace.Labels, Tenant: world.Tenant.Name, Policies: world.Policies,
		Operator: world.Tenant.OperatorIDs, Held: []policy.Request{world.tuple("spec.roles", role, api, lifetime(other, world.Now))},
	})
	return !slices.ContainsFunc(verdict.Excess, func(e policy.Excess) bool { return e.Revoke })
}

// apiFor is the same API as another namespace sees it.
func (k *Kind) apiFor(ctx context.Context, namespace *corev1.Namespace, bound string, world World) (reference.API, error) {
	if world.API.Managed == nil {
		return world.API, nil
	}
	ref := v1alpha1.AppRegistrationReference{Namespace: world.API.Managed.Namespace, Name: world.API.Managed.Name}
	basis := engine.Basis{Tenant: world.Tenant, Namespace: engine.Namespace{Name: namespace.Name, Labels: namespace.Labels}}
	return k.resolver().API(ctx, nil, basis, v1alpha1.APIReference{AppRegistrationRef: &ref}, reference.Wanted{}, bound)
}

package approleassignment

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Claim is a role that another live object names for the same principal.
type Claim struct {
	v1alpha1.NamedID
	// Entitled : that object is of another namespace, and what makes this one lose the role does not speak against it.
	Entitled bool
}

// claims are the roles that other live objects give to the same principal, in any namespace. One that was looked at and was not let
// have a role claims nothing: else whoever is denied could keep others from losing it.
func (k *Kind) claims(ctx context.Context, cluster client.Reader, obj *v1alpha1.AppRoleAssignment, world World) ([]Claim, error) {
	var all v1alpha1.AppRoleAssignmentList
	if err := cluster.List(ctx, &all, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("list app role assignments: %w", err)
	}
	var claims []Claim
	for i := range all.Items {
		other := &all.Items[i]
		if other.Namespace == obj.Namespace && other.Name == obj.Name || !other.DeletionTimestamp.IsZero() ||
			ended(other, world.Now) || !world.sharedWith(other, obj) {
			continue
		}
		for _, role := range claimable(other) {
			entitled := other.Namespace != obj.Namespace && k.entitled(ctx, other, role, world)
			claims = append(claims, Claim{NamedID: role, Entitled: entitled})
		}
	}
	return claims, nil
}

// claimable are the roles that an object names and has, or may come to have once it has been looked at.
func claimable(other *v1alpha1.AppRoleAssignment) []v1alpha1.NamedID {
	named := make([]v1alpha1.NamedID, 0, len(other.Spec.Roles)+1)
	for _, value := range other.Spec.Roles {
		named = append(named, v1alpha1.NamedID{Value: value, ID: roleID(other.Status.Roles, value)})
	}
	if other.Spec.DefaultAccess {
		named = append(named, v1alpha1.NamedID{ID: entra.DefaultAccess})
	}
	unjudged := other.Status.ObservedGeneration != other.Generation
	return slices.DeleteFunc(named, func(role v1alpha1.NamedID) bool {
		return !unjudged && !slices.ContainsFunc(other.Status.Roles, func(has v1alpha1.NamedID) bool { return has.Value == role.Value })
	})
}

// sharedWith tells whether another object gives roles of the same API to the same principal: by their IDs, or, while it has none, by
// the same references in the same namespace. References cannot change.
func (w World) sharedWith(other, obj *v1alpha1.AppRoleAssignment) bool {
	if other.Status.PrincipalID != "" {
		return other.Status.PrincipalID == w.Client.Value.ObjectID && other.Status.APIID == w.API.ObjectID
	}
	return alike(other, obj)
}

func alike(a, b *v1alpha1.AppRoleAssignment) bool {
	return a.Namespace == b.Namespace &&
		equality.Semantic.DeepEqual(a.Spec.Principal, b.Spec.Principal) && equality.Semantic.DeepEqual(a.Spec.API, b.Spec.API)
}

// claimed tells whether another live object gives this role: by its ID, or by its value, unless that has another ID by now.
func (w World) claimed(role v1alpha1.NamedID, forced bool) bool {
	current, known := w.API.AppRole(role.Value)
	replaced := known && current.ID != role.ID
	return slices.ContainsFunc(w.Claims, func(c Claim) bool {
		return (c.ID == role.ID || c.Value == role.Value && !replaced) && (!forced || c.Entitled)
	})
}

// entitled tells whether another namespace may still give a role: the API's owner lets it, and no policy wants it taken away.
func (k *Kind) entitled(ctx context.Context, other *v1alpha1.AppRoleAssignment, role v1alpha1.NamedID, world World) bool {
	var namespace corev1.Namespace
	if err := k.Cache.Get(ctx, types.NamespacedName{Name: other.Namespace}, &namespace); err != nil {
		return false
	}
	api, err := k.apiFor(ctx, &namespace, other.Status.APIID, world)
	if err != nil || !api.LetsAppRole(role.Value, world.Principal.Kind) {
		return false
	}
	verdict := k.Gate.Review(policy.Ask{ // without a name: it is another's, and nothing is noted
		Kind: "AppRoleAssignment", Namespace: namespace.Name, Labels: namespace.Labels, Tenant: world.Tenant.Name, Policies: world.Policies,
		Operator: world.Tenant.OperatorIDs, Held: []policy.Tuple{world.tuple("spec.roles", role, api, lifetime(other, world.Now))},
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

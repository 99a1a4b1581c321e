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
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// ReadClaims lists what the other live objects name that give roles of the same API to the same principal.
func (w *World) ReadClaims(ctx context.Context, objects, cache client.Reader, self client.ObjectKey) ([]permission.Claim, error) {
	scope := client.InNamespace("")
	if w.Principal.App.Name != "" { // nobody elsewhere can name it
		scope = client.InNamespace(self.Namespace)
	}
	var all v1alpha1.AppRoleAssignmentList
	if err := objects.List(ctx, &all, scope, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("list app role assignments: %w", err)
	}
	var claims []permission.Claim
	for i := range all.Items {
		other := &all.Items[i]
		if client.ObjectKeyFromObject(other) == self || !other.DeletionTimestamp.IsZero() || !w.bound(other) || other.Status.TenantID != w.Tenant.ID {
			continue
		}
		claim := permission.Claim{UID: other.UID, IDs: named(other), NotAfter: other.Spec.NotAfter.DeepCopy()}
		w.describe(ctx, cache, other, &claim)
		claims = append(claims, claim)
	}
	return claims, nil
}

// named are the IDs of the roles that an object's spec names, and that it was let have.
func named(obj *v1alpha1.AppRoleAssignment) []string {
	var ids []string
	for _, role := range obj.Status.Roles {
		if slices.Contains(obj.Spec.Roles, role.Value) || obj.Spec.DefaultAccess && role.ID == entra.DefaultAccess {
			ids = append(ids, role.ID)
		}
	}
	return ids
}

// describe adds the namespace of a claim, and the API as it sees it. What cannot be read is left out, and lets it keep nothing.
func (w *World) describe(ctx context.Context, cache client.Reader, other *v1alpha1.AppRoleAssignment, claim *permission.Claim) {
	claim.Namespace = binding.Namespace{Name: other.Namespace}
	if other.Namespace == w.Namespace.Name {
		return
	}
	var namespace corev1.Namespace
	if cache.Get(ctx, types.NamespacedName{Name: other.Namespace}, &namespace) != nil {
		return
	}
	claim.Namespace.Labels = namespace.Labels
	if w.API.Managed == nil {
		claim.API = &w.API
		return
	}
	ref := v1alpha1.AppRegistrationReference{Namespace: w.API.Managed.Namespace, Name: w.API.Managed.Name}
	theirs := binding.Binding{Tenant: w.Tenant, Namespace: claim.Namespace}
	api, err := reference.Resolver{Cache: cache}.API(
		ctx, nil, theirs, v1alpha1.APIReference{AppRegistrationRef: &ref}, reference.Wanted{}, other.Status.APIObjectID)
	if err == nil {
		claim.API = &api
	}
}

// discount says whose claims to a role do not count. What is forced speaks against all objects of this namespace, and against those of
// others that policy or the API's owner would not let keep the role.
func (k *Kind) discount(
	obj *v1alpha1.AppRoleAssignment, world World, role v1alpha1.NamedID, forced bool, now time.Time,
) permission.Discount {
	if !forced {
		return permission.Discount{}
	}
	discount := permission.Discount{Namespace: obj.Namespace}
	review := world.Review(kindName, obj, "")
	for _, claim := range world.Claims {
		if claim.Namespace.Name == obj.Namespace || !claim.Names(role.ID, now) {
			continue
		}
		if claim.API == nil || !claim.API.LetsAppRole(role.Value, world.Principal.Kind) || !permission.MayKeep(k.Gate, review, claim,
			world.request("spec.roles", role, *claim.API, permission.Lifetime(claim.NotAfter, now))) {
			discount.UIDs = append(discount.UIDs, claim.UID)
		}
	}
	return discount
}

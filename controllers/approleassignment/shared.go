package approleassignment

import (
	"context"
	"fmt"
	"slices"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// shared are the roles that other live objects of the namespace give to the same principal.
func (k *Kind) shared(ctx context.Context, obj *v1alpha1.AppRoleAssignment) ([]v1alpha1.NamedID, error) {
	var all v1alpha1.AppRoleAssignmentList
	if err := k.Cache.List(ctx, &all, client.InNamespace(obj.Namespace)); err != nil {
		return nil, fmt.Errorf("list app role assignments: %w", err)
	}
	var roles []v1alpha1.NamedID
	for i := range all.Items {
		other := &all.Items[i]
		if other.Name == obj.Name || !other.DeletionTimestamp.IsZero() || !sharing(other, obj) {
			continue
		}
		for _, value := range other.Spec.Roles {
			id, _ := roleID(other.Status.Roles, value)
			roles = append(roles, v1alpha1.NamedID{Value: value, ID: id})
		}
	}
	return roles, nil
}

// sharing tells whether two objects give roles of the same API to the same principal. References cannot change, so that the same
// names mean the same applications.
func sharing(a, b *v1alpha1.AppRoleAssignment) bool {
	return a.Namespace == b.Namespace && a.Spec.Principal == b.Spec.Principal && a.Spec.API == b.Spec.API
}

// shares tells whether another live object gives this role: by its value, unless that has another ID by now, or by its ID.
func (w World) shares(role v1alpha1.NamedID) bool {
	current, known := roleID(w.Resource.Roles, role.Value)
	replaced := known && current != role.ID
	return slices.ContainsFunc(w.Shared, func(other v1alpha1.NamedID) bool {
		return other.ID == role.ID || other.Value == role.Value && !replaced
	})
}

// roleID finds a role by value.
func roleID(roles []v1alpha1.NamedID, value string) (string, bool) {
	at := slices.IndexFunc(roles, func(role v1alpha1.NamedID) bool { return role.Value == value })
	if at < 0 {
		return "", false
	}
	return roles[at].ID, true
}

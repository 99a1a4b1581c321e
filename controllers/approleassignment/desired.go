package approleassignment

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// asked are the roles that obj asks for, with the IDs that the API has them under, and the values that it does not have.
func (w World) asked(obj *v1alpha1.AppRoleAssignment) (roles []v1alpha1.NamedID, unknown []string) {
	for _, value := range slices.Compact(slices.Sorted(slices.Values(obj.Spec.Roles))) {
		if id, known := roleID(w.Resource.Roles, value); known {
			roles = append(roles, v1alpha1.NamedID{Value: value, ID: id})
		} else {
			unknown = append(unknown, value)
		}
	}
	return roles, unknown
}

// recorded are the roles that obj gave to this very principal, of this very API. What was given to or by another one went with it.
func (w World) recorded(obj *v1alpha1.AppRoleAssignment) []v1alpha1.NamedID {
	if obj.Status.PrincipalID != w.Principal.ID || obj.Status.APIID != w.Resource.ID {
		return nil
	}
	return obj.Status.Roles
}

// wanted are the roles to keep: those asked for, also where the API lists one no longer that was given when it did. A farewell
// keeps none.
func (w World) wanted(obj *v1alpha1.AppRoleAssignment) []v1alpha1.NamedID {
	if !obj.DeletionTimestamp.IsZero() {
		return nil
	}
	roles, unknown := w.asked(obj)
	for _, role := range w.recorded(obj) {
		if slices.Contains(unknown, role.Value) {
			roles = append(roles, role)
		}
	}
	return roles
}

// surplus are the roles that obj gave, asks for no longer, and nobody else gives.
func (w World) surplus(obj *v1alpha1.AppRoleAssignment) []v1alpha1.NamedID {
	wanted := w.wanted(obj)
	var surplus []v1alpha1.NamedID
	for _, role := range w.recorded(obj) {
		kept := slices.ContainsFunc(wanted, func(want v1alpha1.NamedID) bool { return want.ID == role.ID })
		if _, given := w.given(role.ID); given && !kept && !w.shares(role) {
			surplus = append(surplus, role)
		}
	}
	return surplus
}

// missing are the roles that obj asks for, the principal does not have, and the API gives to applications.
func (w World) missing(obj *v1alpha1.AppRoleAssignment) []v1alpha1.NamedID {
	return slices.DeleteFunc(w.lacked(obj), func(role v1alpha1.NamedID) bool { return w.Resource.Closed[role.Value] != "" })
}

// lacked are the roles that obj asks for and the principal does not have.
func (w World) lacked(obj *v1alpha1.AppRoleAssignment) []v1alpha1.NamedID {
	roles, _ := w.asked(obj)
	return slices.DeleteFunc(roles, func(role v1alpha1.NamedID) bool {
		_, given := w.given(role.ID)
		return given
	})
}

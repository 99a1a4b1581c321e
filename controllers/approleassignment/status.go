package approleassignment

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

// status tells who is given what, by ID: what is had or about to be given, and what was given before and is not taken away yet.
// Nothing is told of principals and APIs that are not what the spec names, so that a deletion never goes there.
func status(obj *v1alpha1.AppRoleAssignment, world World, c permission.Comparison) *v1alpha1.AppRoleAssignment {
	told, principal := obj.DeepCopy(), world.ObservedPrincipal.Value
	status, roles := &told.Status, c.Names()
	if len(c.Give) > 0 || slices.ContainsFunc(roles, func(role v1alpha1.NamedID) bool { return !slices.Contains(status.Roles, role) }) {
		status.Justification = obj.Spec.Justification
	}
	if principal.DisplayName != "" || status.PrincipalObjectID != principal.ObjectID {
		status.PrincipalName = principal.DisplayName // Entra tells the name of a user or a group only with what it has been given
	}
	if world.Missing == nil {
		status.APIName = world.API.DisplayName
	}
	status.TenantName, status.TenantID = world.Tenant.Name, world.Tenant.ID
	status.PrincipalObjectID, status.APIObjectID = principal.ObjectID, world.API.ObjectID
	status.Roles, status.Pending = roles, c.Pending()
	return told
}

package delegatedpermissiongrant

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

// status tells which scopes are consented to, for whom: what is asked for, and what was named before and is not taken away yet, also where
// others claim it. Nothing is told of a client that is not ours, so that a deletion never goes there.
func status(obj *v1alpha1.DelegatedPermissionGrant, world World, c permission.Comparison) *v1alpha1.DelegatedPermissionGrant {
	told, bound := obj.DeepCopy(), world.bound(obj)
	status := &told.Status
	if len(c.Give) > 0 || !bound {
		status.Justification = obj.Spec.Justification
	}
	status.TenantName, status.TenantID = world.Tenant.Name, world.Tenant.ID
	status.ClientObjectID, status.APIObjectID, status.UserObjectID = world.Client.ServicePrincipalObjectID, world.API.ObjectID, world.UserID
	if shown := world.clientShown(); !bound || shown.DisplayName != "" {
		status.ClientName = shown.DisplayName
	}
	status.APIName = world.API.DisplayName
	status.Scopes = listed(permission.IDs(slices.Concat(c.Names(), c.Spared)))
	status.Pending = listed(slices.Concat(c.Pending(), permission.IDs(c.Spared)))
	return told
}

// listed is a set as status has it.
func listed(scopes []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(scopes)))
}

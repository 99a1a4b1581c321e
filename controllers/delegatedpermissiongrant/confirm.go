package delegatedpermissiongrant

import (
	"fmt"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// misbound says why obj cannot be looked at in this tenant; nil where it can.
func misbound(obj *v1alpha1.DelegatedPermissionGrant, world World) *engine.Refusal {
	bound, client, api := obj.Status.TenantBinding, world.Client, world.API
	switch {
	case bound.TenantID != "" && bound.TenantID != world.Tenant.ID:
		return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
			"EntraTenant %q is tenant %s now, and this object was made in tenant %s", bound.TenantName, world.Tenant.ID, bound.TenantID)}
	case api.TenantName != "" && client.TenantName != api.TenantName:
		return &engine.Refusal{Reason: v1alpha1.ReasonInvalid, Message: fmt.Sprintf(
			"spec.api: AppRegistration %q is in EntraTenant %q and %s in %q: consent can be given within one tenant only",
			client.Name, client.TenantName, api.Title, api.TenantName)}
	case client.TenantName != world.Tenant.Name:
		return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
			"AppRegistration %q is in EntraTenant %q now, and this object was made in %q: create another DelegatedPermissionGrant",
			client.Name, client.TenantName, world.Tenant.Name)}
	}
	return nil
}

// gone names the side whose service principal is certainly not in Entra; empty where none is. Its grants went with it.
func (w World) gone() string {
	switch {
	case w.Grants.IsAbsent(), w.Principal.IsAbsent():
		return fmt.Sprintf("AppRegistration %q", w.Client.Name)
	case w.Resource.IsAbsent():
		return w.API.Title
	default:
		return ""
	}
}

// seen tells whether Entra showed all that was asked for.
func (w World) seen() bool {
	return w.Grants.IsPresent() && (!w.Looked || w.Principal.IsPresent() && (w.API.Managed == nil || w.Resource.IsPresent()))
}

// stranger says which of the two service principals is not what its AppRegistration's status claims, or is the operator's own; nil where
// Entra itself confirms both, or was not asked.
func (w World) stranger() *engine.Refusal {
	if !w.Looked {
		return nil
	}
	if refusal := w.Client.Confirm(w.Principal.Value.ServicePrincipal, w.Tenant); refusal != nil {
		return refusal
	}
	return w.API.Confirm(w.Resource.Value, w.Tenant)
}

// trusted tells whether status may name what the world is about: it was confirmed, or it is what status names already.
func (w World) trusted(obj *v1alpha1.DelegatedPermissionGrant) bool {
	return w.seen() && w.stranger() == nil && (w.Looked || w.bound(obj))
}

// bound tells whether status is about this very grant.
func (w World) bound(obj *v1alpha1.DelegatedPermissionGrant) bool {
	return w.key() == keyOf(obj.Status)
}

// key of the grant that it is about.
func (w World) key() entra.GrantKey {
	return entra.GrantKey{ClientID: w.Client.ID, ResourceID: w.API.ObjectID, UserID: w.UserID}
}

func keyOf(status v1alpha1.DelegatedPermissionGrantStatus) entra.GrantKey {
	return entra.GrantKey{ClientID: status.ClientObjectID, ResourceID: status.APIObjectID, UserID: status.UserObjectID}
}

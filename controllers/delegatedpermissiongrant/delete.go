package delegatedpermissiongrant

import (
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

// remove takes away what status says was named and nobody else names. Where the client is gone, so are its grants; one that is not
// ours in Entra is left alone.
func remove(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) decision {
	if obj.Status.ClientObjectID == "" || world.Tenant.Abandoned {
		return decision{}
	}
	if ending := permission.First(world.misbound(obj), permission.Unseen(world.Grants)); ending != nil {
		return end(ending)
	}
	if world.ObservedClient == nil {
		return decision{Reads: []engine.Step[World]{readPrincipals{}}}
	}
	if ending := permission.Unseen(*world.ObservedClient); ending != nil {
		return end(ending)
	}
	if world.Client.Confirm(world.ObservedClient.Value.ServicePrincipal, world.Tenant) != nil {
		return decision{}
	}
	subject := world.subject(obj, now)
	steps := steps(obj, world, permission.Compare(subject), now)
	if len(steps) == 0 && subject.Unshown(obj, now) {
		return decision{Again: engine.Lag}
	}
	return decision{Steps: steps}
}

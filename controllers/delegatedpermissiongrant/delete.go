package delegatedpermissiongrant

import (
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

// delete takes away what status says was named and nobody else names. Where the client is gone, so are its grants; one that is not
// ours in Entra is left alone.
func (k *Kind) delete(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) decision {
	switch refusal := world.misbound(obj); {
	case obj.Status.ClientObjectID == "" || world.Tenant.Abandoned:
		return decision{}
	case refusal != nil:
		return decision{Refusal: refusal}
	case world.Grants.IsAbsent():
		return decision{}
	case !world.Grants.IsPresent():
		return decision{Again: engine.Lag}
	case world.ObservedClient == nil:
		return decision{Reads: []engine.Step[World]{readPrincipals{}}}
	case world.ObservedClient.IsAbsent():
		return decision{}
	case !world.ObservedClient.IsPresent():
		return decision{Again: engine.Lag}
	default:
		return takeAll(obj, world, now)
	}
}

func takeAll(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) decision {
	if world.Client.Confirm(world.ObservedClient.Value.ServicePrincipal, world.Tenant) != nil {
		return decision{}
	}
	subject := world.subject(obj, now)
	steps := steps(obj, world, permission.Compare(subject, nil), now)
	if len(steps) == 0 && subject.Unshown() && now.Sub(obj.CreationTimestamp.Time) < engine.CreationGrace {
		return decision{Again: engine.Lag}
	}
	return decision{Steps: steps}
}

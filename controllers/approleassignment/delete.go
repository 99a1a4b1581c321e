package approleassignment

import (
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

// delete takes away what status says was given and nobody else gives. Where one of the service principals is gone, so are the
// assignments; what is not what the spec names is left alone.
func (k *Kind) delete(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) decision {
	switch refusal := world.misbound(obj); {
	case obj.Status.PrincipalObjectID == "" || world.Tenant.Abandoned:
		return decision{}
	case refusal != nil:
		return decision{Refusal: refusal}
	case world.ObservedPrincipal.IsAbsent():
		return decision{}
	case !world.ObservedPrincipal.IsPresent():
		return decision{Again: engine.Lag}
	case world.ObservedAPI == nil:
		return decision{Reads: []engine.Step[World]{readAPI{}}}
	case world.ObservedAPI.IsAbsent():
		return decision{}
	case !world.ObservedAPI.IsPresent():
		return decision{Again: engine.Lag}
	default:
		return k.takeAll(obj, world, now)
	}
}

func (k *Kind) takeAll(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) decision {
	if world.principalRefusal() != nil || world.APIMismatch() != nil {
		return decision{}
	}
	subject := k.subject(obj, world, now)
	steps := k.steps(obj, world, permission.Compare(subject, nil), now)
	if len(steps) == 0 && subject.Unshown() && now.Sub(obj.CreationTimestamp.Time) < engine.CreationGrace {
		return decision{Again: engine.Lag}
	}
	return decision{Steps: steps}
}

package approleassignment

import (
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// farewell takes away what the status says was given and nobody else gives. Where one of the service principals is gone, so are
// the assignments; what is not what the spec names is left alone.
func (k *Kind) farewell(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) plan {
	switch refusal := misbound(obj, world); {
	case obj.Status.PrincipalObjectID == "" || world.Tenant.Abandoned:
		return plan{}
	case refusal != nil:
		return plan{Refusal: refusal}
	case world.Client.IsAbsent() || world.Resource.IsAbsent():
		return plan{}
	case !world.Client.IsPresent() || !world.Resource.IsPresent():
		return engine.LookAgain[World](engine.Lag)
	default:
		return k.takeAway(obj, world, now)
	}
}

func (k *Kind) takeAway(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) plan {
	if world.stranger() != nil || world.imposter() != nil {
		return plan{}
	}
	steps := k.steps(obj, world, k.reckon(obj, world))
	if len(steps) == 0 && world.unshown(obj) && now.Sub(obj.CreationTimestamp.Time) < engine.Young {
		return engine.LookAgain[World](engine.Lag)
	}
	return engine.Do(steps...)
}

// unshown tells whether Entra lacks a role that was about to be given.
func (w World) unshown(obj *v1alpha1.AppRoleAssignment) bool {
	return slices.ContainsFunc(w.recorded(obj), func(role v1alpha1.NamedID) bool {
		_, given := w.given(role.ID)
		return !given
	})
}

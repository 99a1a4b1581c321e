package approleassignment

import (
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// farewell takes away what the status says was given and nobody else gives. Where one of the service principals is gone, so are
// the assignments; one that is not ours in Entra is left alone.
func farewell(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) plan {
	switch {
	case obj.Status.PrincipalID == "" || world.Tenant.Abandoned:
		return plan{}
	case misbound(obj, world) != nil:
		return plan{Refusal: misbound(obj, world)}
	case world.Client.IsAbsent() || world.API.IsAbsent():
		return plan{}
	case !world.known():
		return engine.LookAgain[World](engine.Lag)
	case stranger(obj, world) != nil:
		return plan{}
	default:
		return takeAway(obj, world, now)
	}
}

func takeAway(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) plan {
	steps := removals(obj, world)
	if len(steps) == 0 && world.unshown(obj.Status.Roles) && now.Sub(obj.CreationTimestamp.Time) < engine.Young {
		return engine.LookAgain[World](engine.Lag)
	}
	return engine.Do(steps...)
}

// unshown tells whether Entra lacks a role that was about to be given, and that we have not just taken away.
func (w World) unshown(roles []v1alpha1.NamedID) bool {
	return slices.ContainsFunc(roles, func(role v1alpha1.NamedID) bool {
		_, given := w.given(role.ID)
		return !given && !slices.Contains(w.Taken, role.ID)
	})
}

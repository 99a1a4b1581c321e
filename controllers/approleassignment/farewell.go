package approleassignment

import (
	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// farewell takes away what the status says was given and nobody else gives. Where one of the service principals is gone, so are
// the assignments; one that is not ours in Entra is left alone.
func farewell(obj *v1alpha1.AppRoleAssignment, world World) plan {
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
		return engine.Do(removals(obj, world)...)
	}
}

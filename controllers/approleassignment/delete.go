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
	if obj.Status.PrincipalObjectID == "" || world.Tenant.Abandoned {
		return decision{}
	}
	if ending := permission.First(world.misbound(obj), permission.Unseen(world.ObservedPrincipal)); ending != nil {
		return end(ending)
	}
	if world.ObservedAPI == nil {
		return decision{Reads: []engine.Step[World]{readAPI{}}}
	}
	if ending := permission.Unseen(*world.ObservedAPI); ending != nil {
		return end(ending)
	}
	if world.principalRefusal() != nil || world.APIMismatch() != nil {
		return decision{}
	}
	subject := k.subject(obj, world, now)
	steps := k.steps(obj, world, permission.Compare(subject), now)
	if len(steps) == 0 && subject.Unshown(obj, now) {
		return decision{Again: engine.Lag}
	}
	return decision{Steps: steps}
}

package approleassignment

import (
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

// Decide gives what is missing, once nothing stands against it, and takes away what this object gave and asks for no longer.
func (k *Kind) Decide(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) decision {
	var decided decision
	switch {
	case !obj.DeletionTimestamp.IsZero():
		decided = k.delete(obj, world, now)
	case !k.Enabled:
		decided.Refusal = engine.Refuse(v1alpha1.ReasonDisabled,
			"app role assignments are switched off: start the manager with --enable-app-role-assignments")
	default:
		decided = k.decide(obj, world, now)
		decided.Revisit = permission.Revisit(obj.Spec.NotAfter, now)
	}
	if decided.Object == nil {
		decided.Object = obj.DeepCopy()
	}
	return decided
}

func (k *Kind) decide(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) decision {
	ending := permission.First(world.misbound(obj), world.principalEnding(obj, now), world.Refused(world.principalRefusal()))
	if ending != nil {
		return end(ending)
	}
	c := k.compare(obj, world, now)
	var decided decision
	switch ending := world.APIEnding(); {
	case ending != nil:
		decided = end(ending)
	case world.needsAPI() && !(world.bound(obj) && c.Idle()):
		decided.Reads = []engine.Step[World]{readAPI{}}
	default:
		decided = permission.Decide(c, status(obj, world, c), k.steps(obj, world, c, now),
			confirm{Text: world.tell("confirm", "for", c.Adopt...), IDs: permission.IDs(c.Adopt)},
			c.Ending(world.World, obj.Spec.NotAfter, now, words, world.lostMessage(c.Lost)))
	}
	decided.Verdict = c.Verdict
	return decided
}

// needsAPI reports whether Entra has not confirmed the API. What the resolver has just read in Entra needs no confirmation.
func (w World) needsAPI() bool {
	return w.ObservedAPI == nil && (w.Missing != nil || w.API.Managed != nil)
}

func end(ending *permission.Ending) decision {
	return permission.End[*v1alpha1.AppRoleAssignment, World](ending)
}

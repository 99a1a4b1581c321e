package delegatedpermissiongrant

import (
	"fmt"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

type plan = engine.Plan[World]

// Decide consents to what is missing, once nothing stands against it, and takes away what this object named and names no longer.
func (k *Kind) Decide(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) engine.Plan[World] {
	switch refusal := misbound(obj, world); {
	case !obj.DeletionTimestamp.IsZero():
		return k.farewell(obj, world, now)
	case !k.Enabled:
		return engine.Refuse[World](v1alpha1.ReasonDisabled, switchedOff(world))
	case refusal != nil:
		return plan{Refusal: refusal}
	case world.gone() != "":
		return world.otherwise(engine.WaitFor[World](engine.Wait{
			What: fmt.Sprintf("the service principal of %s is gone from Entra; it has to be made again first", world.gone()), Watched: true,
		}))
	case !world.seen():
		return engine.LookAgain[World](engine.Lag)
	}
	if refusal := world.stranger(); refusal != nil {
		return world.otherwise(plan{Refusal: refusal})
	}
	next := k.next(obj, world)
	if obj.Spec.NotAfter != nil && !ended(obj, world.Now) {
		next.Revisit = max(obj.Spec.NotAfter.Sub(now), time.Millisecond)
	}
	return next
}

// next are the steps to take, or, where there are none, how it stands.
func (k *Kind) next(obj *v1alpha1.DelegatedPermissionGrant, world World) plan {
	r := k.reckon(obj, world)
	switch {
	case !r.idle() && !world.Looked, // nobody has confirmed that it is ours to change
		len(world.Taken) > 0 && !world.named(obj, r.give): // what was taken away made room: the intent comes first
		return engine.LookAgain[World](time.Second)
	case !r.idle():
		return engine.Do(k.steps(obj, world, r)...)
	default:
		return end(obj, world, r)
	}
}

// end is the plan when nothing is left to do.
func end(obj *v1alpha1.DelegatedPermissionGrant, world World, r reckoning) plan {
	faults := strings.Join(r.faults, "; ")
	switch {
	case ended(obj, world.Now):
		return engine.Refuse[World](v1alpha1.ReasonDisabled, fmt.Sprintf(
			"spec.notAfter: %s has passed, and what was consented to is taken away; a later time gives it again",
			obj.Spec.NotAfter.UTC().Format(time.RFC3339)))
	case world.Missing != nil:
		return engine.WaitFor[World](*world.Missing)
	case r.refusal != nil:
		return engine.Refuse[World](r.refusal.Reason, engine.Joined(r.refusal.Message, faults))
	case r.wait != nil:
		return engine.WaitFor[World](engine.Wait{What: engine.Joined(r.wait.What, faults), Watched: r.wait.Watched})
	case faults != "":
		return engine.WaitFor[World](engine.Wait{What: faults, Watched: world.API.Managed != nil})
	default:
		return plan{Unsynced: r.unsynced(), Remark: r.shadow}
	}
}

// otherwise is a plan, unless something is missing: then that is what there is to say.
func (w World) otherwise(p plan) plan {
	if w.Missing != nil {
		return engine.WaitFor[World](*w.Missing)
	}
	return p
}

// unsynced is what a person should know while workloads can rely on the rest.
func (r reckoning) unsynced() *engine.Refusal {
	reason, lost := v1alpha1.ReasonDrifted, ""
	if len(r.lost) > 0 {
		lost = "taken away in Entra by others, and not given again unless spec.repair is Always: " + strings.Join(r.lost, ", ")
	}
	if r.kept != "" {
		reason = v1alpha1.ReasonDenied
	}
	if lost == "" && r.kept == "" {
		return nil
	}
	return &engine.Refusal{Reason: reason, Message: engine.Joined(r.kept, lost)}
}

// switchedOff says where an admin can consent all the same, as far as that is known.
func switchedOff(world World) string {
	message := "delegated permission grants are switched off: start the manager with --enable-delegated-grants"
	if world.Client.AppID == "" || world.Tenant.AuthorityHost == "" {
		return message
	}
	return fmt.Sprintf("%s, or let an admin consent at %s%s/adminconsent?client_id=%s",
		message, world.Tenant.AuthorityHost, world.Tenant.ID, world.Client.AppID)
}

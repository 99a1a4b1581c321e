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
		return engine.WaitFor[World](engine.Wait{
			What: fmt.Sprintf("the service principal of %s is gone from Entra; it has to be made again first", world.gone()), Watched: true,
		})
	case !world.seen():
		return engine.LookAgain[World](engine.Lag)
	}
	if refusal := world.stranger(); refusal != nil {
		return plan{Refusal: refusal}
	}
	next := k.next(obj, world, now)
	if notAfter := obj.Spec.NotAfter; notAfter != nil && notAfter.After(now) {
		next.Revisit = notAfter.Sub(now)
	}
	return next
}

// next are the steps to take, or, where there are none, how it stands.
func (k *Kind) next(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) plan {
	r := k.reckon(obj, world, now)
	switch {
	case !r.idle() && !world.Looked, // time has passed since Read found nothing to do
		len(world.Taken) > 0 && !world.named(obj, r.give): // what was taken away made room: the intent comes first
		return engine.LookAgain[World](time.Second)
	case !r.idle():
		return engine.Do(k.steps(obj, world, r, now)...)
	case expired(obj, now):
		return engine.Refuse[World](v1alpha1.ReasonDisabled, fmt.Sprintf(
			"spec.notAfter %s has passed: the consent is taken away", obj.Spec.NotAfter.UTC().Format(time.RFC3339)))
	case world.Missing != nil:
		return engine.WaitFor[World](*world.Missing)
	case r.refusal != nil:
		return plan{Refusal: r.refusal}
	case r.wait != nil:
		return engine.WaitFor[World](*r.wait)
	case len(r.faults) > 0:
		return engine.WaitFor[World](engine.Wait{What: strings.Join(r.faults, "; "), Watched: world.API.Managed != nil})
	default:
		return plan{Unsynced: r.unsynced()}
	}
}

// unsynced is what a person should know while workloads can rely on the rest.
func (r reckoning) unsynced() *engine.Refusal {
	switch {
	case r.kept != "":
		return &engine.Refusal{Reason: v1alpha1.ReasonDenied, Message: r.kept}
	case len(r.lost) > 0:
		return &engine.Refusal{Reason: v1alpha1.ReasonDrifted, Message: fmt.Sprintf(
			"others took away consent to %s; with spec.repair: Always it is given again", quoted(r.lost))}
	default:
		return nil
	}
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

// quoted lists values that a user wrote on one line.
func quoted(values []string) string {
	quotes := make([]string, len(values))
	for i, value := range values {
		quotes[i] = fmt.Sprintf("%+q", value)
	}
	return strings.Join(quotes, ", ")
}

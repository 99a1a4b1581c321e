package approleassignment

import (
	"fmt"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

type plan = engine.Plan[World]

// Decide gives what is missing, once nothing stands against it, and takes away what this object gave and asks for no longer.
func (k *Kind) Decide(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) engine.Plan[World] {
	if !obj.DeletionTimestamp.IsZero() {
		return k.farewell(obj, world, now)
	}
	if !k.Enabled {
		return engine.Refuse[World](v1alpha1.ReasonDisabled,
			"app role assignments are switched off: start the manager with --enable-app-role-assignments")
	}
	decided := k.decide(obj, world)
	if obj.Spec.NotAfter != nil && !ended(obj, world.Now) {
		decided.Revisit = max(obj.Spec.NotAfter.Sub(now), time.Millisecond)
	}
	return decided
}

func (k *Kind) decide(obj *v1alpha1.AppRoleAssignment, world World) plan {
	if refusal := misbound(obj, world); refusal != nil {
		return plan{Refusal: refusal}
	}
	if unseen, ends := unseen(obj, world); ends {
		return unseen
	}
	if refusal := world.stranger(); refusal != nil {
		return world.otherwise(plan{Refusal: refusal})
	}
	if unconfirmed, ends := unconfirmed(world); ends {
		return world.otherwise(unconfirmed)
	}
	r := k.reckon(obj, world)
	if r.idle() {
		return end(obj, world, r)
	}
	return engine.Do(k.steps(obj, world, r)...)
}

// otherwise is a plan, unless something is missing: then that is what there is to say.
func (w World) otherwise(p plan) plan {
	if w.Missing != nil {
		return engine.WaitFor[World](*w.Missing)
	}
	return p
}

// misbound says why obj cannot be looked at in this tenant; nil where it can.
func misbound(obj *v1alpha1.AppRoleAssignment, world World) *engine.Refusal {
	bound, principal, api := obj.Status.TenantBinding, world.Principal.App, world.API
	switch {
	case bound.TenantID != "" && bound.TenantID != world.Tenant.ID:
		return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
			"EntraTenant %q is tenant %s now, and this object was made in tenant %s", bound.TenantName, world.Tenant.ID, bound.TenantID)}
	case principal.TenantName != "" && api.TenantName != "" && principal.TenantName != api.TenantName:
		return &engine.Refusal{Reason: v1alpha1.ReasonInvalid, Message: fmt.Sprintf(
			"AppRegistration %q is in EntraTenant %q and %s in %q: a role can be given within one tenant only",
			principal.Name, principal.TenantName, api.Title, api.TenantName)}
	case principal.TenantName != "" && principal.TenantName != world.Tenant.Name:
		return moved(fmt.Sprintf("AppRegistration %q", principal.Name), principal.TenantName, world)
	case api.TenantName != "" && api.TenantName != world.Tenant.Name:
		return moved(api.Title, api.TenantName, world)
	}
	return nil
}

func moved(who, where string, world World) *engine.Refusal {
	return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
		"%s is in EntraTenant %q now, and this object was made in %q: create another AppRoleAssignment", who, where, world.Tenant.Name)}
}

// unseen is the plan where the principal is not seen. Who is not of this cluster is asked for in Entra again and again; one that
// another namespace describes is answered as one that does not exist.
func unseen(obj *v1alpha1.AppRoleAssignment, world World) (plan, bool) {
	p := world.Principal
	switch {
	case world.Client.IsPresent() && !p.Elsewhere:
		return plan{}, false
	case world.Missing != nil && !world.owes(obj):
		return engine.WaitFor[World](*world.Missing), true
	case p.Elsewhere, p.App.Name == "" && (world.Client.IsAbsent() || obj.Status.PrincipalObjectID == ""):
		return engine.WaitFor[World](engine.Wait{What: fmt.Sprintf(
			"%s: %s does not exist in the tenant, or is not for namespace %q", p.Field, p.Title, world.Namespace.Name)}), true
	case world.Client.IsAbsent():
		return engine.WaitFor[World](gone(fmt.Sprintf("AppRegistration %q", p.Title))), true
	default:
		return engine.LookAgain[World](engine.Lag), true
	}
}

// owes tells whether something must be taken away as soon as the principal is seen.
func (w World) owes(obj *v1alpha1.AppRoleAssignment) bool {
	return len(obj.Status.Roles) > 0 && !w.Client.IsAbsent() && (w.Withheld || ended(obj, w.Now))
}

// unconfirmed is the plan where the API was looked at and is not what the spec names.
func unconfirmed(world World) (plan, bool) {
	switch {
	case !world.Looked:
		return plan{}, false
	case world.Resource.IsAbsent():
		return engine.WaitFor[World](gone(world.API.Title)), true
	case !world.Resource.IsPresent():
		return engine.LookAgain[World](engine.Lag), true
	}
	refusal := world.imposter()
	return plan{Refusal: refusal}, refusal != nil
}

func gone(whose string) engine.Wait {
	return engine.Wait{What: fmt.Sprintf("the service principal of %s is gone from Entra; it has to be made again first", whose), Watched: true}
}

// end is the plan when nothing is left to do.
func end(obj *v1alpha1.AppRoleAssignment, world World, r reckoning) plan {
	faults := strings.Join(r.faults, "; ")
	switch {
	case ended(obj, world.Now):
		return engine.Refuse[World](v1alpha1.ReasonDisabled, fmt.Sprintf(
			"spec.notAfter: %s has passed, and what was given is taken away; a later time gives it again", obj.Spec.NotAfter.UTC().Format(time.RFC3339)))
	case world.Missing != nil:
		return engine.WaitFor[World](*world.Missing)
	case r.refusal != nil:
		return engine.Refuse[World](r.refusal.Reason, engine.Joined(r.refusal.Message, faults))
	case r.wait != nil:
		return engine.WaitFor[World](engine.Wait{What: engine.Joined(r.wait.What, faults), Watched: r.wait.Watched})
	case r.hopeless:
		return engine.Refuse[World](v1alpha1.ReasonInvalid, faults)
	case faults != "":
		return engine.WaitFor[World](engine.Wait{What: faults, Watched: world.API.Managed != nil})
	default:
		return plan{Unsynced: r.unsynced(world), Remark: r.shadow}
	}
}

// unsynced is what a person should know, though workloads can rely on the rest.
func (r reckoning) unsynced(world World) *engine.Refusal {
	reason, lost := v1alpha1.ReasonDrifted, ""
	if len(r.lost) > 0 {
		lost = fmt.Sprintf("others took away roles of %s in Entra, and they are not given again unless spec.repair is Always: %s",
			world.API.Label(), strings.Join(r.lost, "; "))
	}
	if r.kept != "" {
		reason = v1alpha1.ReasonDenied
	}
	if lost == "" && r.kept == "" {
		return nil
	}
	return &engine.Refusal{Reason: reason, Message: engine.Joined(r.kept, lost)}
}

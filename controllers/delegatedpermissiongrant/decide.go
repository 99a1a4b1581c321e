package delegatedpermissiongrant

import (
	"fmt"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

// Decide consents to what is missing, once nothing stands against it, and takes away what this object named and names no longer.
func (k *Kind) Decide(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) decision {
	var decided decision
	switch {
	case !obj.DeletionTimestamp.IsZero():
		decided = k.delete(obj, world, now)
	case !k.Enabled:
		decided.Refusal = &engine.Refusal{Reason: v1alpha1.ReasonDisabled, Message: switchedOff(world)}
	default:
		decided = k.decide(obj, world, now)
		decided.Revisit = permission.Revisit(obj.Spec.NotAfter, now)
	}
	if decided.Object == nil {
		decided.Object = obj.DeepCopy()
	}
	return decided
}

func (k *Kind) decide(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) decision {
	if refusal := world.misbound(obj); refusal != nil {
		return decision{Refusal: refusal}
	}
	if ending := world.grantsEnding(); ending != nil {
		return end(*ending)
	}
	c := k.compare(obj, world, now)
	var decided decision
	if ending := world.clientEnding(); ending != nil {
		decided = end(*ending)
	} else if ending := world.APIEnding(); ending != nil {
		decided = end(*ending)
	} else if world.ObservedClient == nil && !(world.bound(obj) && c.Idle()) {
		decided.Reads = []engine.Step[World]{readPrincipals{api: world.Missing == nil && world.API.Managed != nil}}
	} else {
		decided = plan(obj, world, c, now)
	}
	decided.Verdict = c.Verdict
	return decided
}

// plan are the steps to take, or, where there are none, how the object stands.
func plan(obj *v1alpha1.DelegatedPermissionGrant, world World, c permission.Comparison, now time.Time) decision {
	told := status(obj, world, c)
	unnamed := func(scope v1alpha1.NamedID) bool { return !slices.Contains(obj.Status.Scopes, scope.ID) }
	if len(world.Taken) > 0 && slices.ContainsFunc(c.Give, unnamed) {
		return decision{Object: told, Again: time.Second} // what was taken away made room: status names the new scopes first
	}
	return permission.Decide(c, told, steps(obj, world, c, now),
		confirm{Text: world.tell("confirm the consent to use", c.Adopt), IDs: permission.IDs(c.Adopt)},
		c.Ending(world.World, obj.Spec.NotAfter, now, words, lostMessage(c.Lost)))
}

func end(ending permission.Ending) decision {
	return permission.End[*v1alpha1.DelegatedPermissionGrant, World](ending)
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

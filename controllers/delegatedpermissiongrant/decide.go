package delegatedpermissiongrant

import (
	"cmp"
	"fmt"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

type decision = engine.Decision[*v1alpha1.DelegatedPermissionGrant, World]

var end = permission.End[*v1alpha1.DelegatedPermissionGrant, World]

// Decide consents to what is missing, once nothing stands against it, and takes away what this object named and names no longer.
func (k *Kind) Decide(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) decision {
	var decided decision
	switch {
	case !obj.DeletionTimestamp.IsZero():
		decided = remove(obj, world, now)
	case !k.Enabled:
		decided.Refusal = &engine.Refusal{Reason: v1alpha1.ReasonDisabled, Message: switchedOff(world)}
	default:
		decided = k.decide(obj, world, now)
		decided.Revisit = permission.Lifetime(obj.Spec.NotAfter, now)
	}
	if decided.Object == nil {
		decided.Object = obj.DeepCopy()
	}
	return decided
}

func (k *Kind) decide(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) decision {
	ending := cmp.Or(world.Misbound(obj, world.Client, words), permission.Unseen(&world.Grants, world.Gone(world.clientTitle())))
	if ending != nil {
		return end(ending)
	}
	c := k.compare(obj, world, now)
	var decided decision
	switch ending := cmp.Or(world.clientEnding(), world.APIEnding()); {
	case ending != nil:
		decided = end(ending)
	case world.ObservedClient == nil && (!world.bound(obj) || !c.Idle()):
		decided.Reads = []engine.Step[World]{readPrincipals{api: world.Missing == nil && world.API.Managed != nil}}
	case len(world.Taken) > 0 && !permission.All(permission.IDs(c.Give), obj.Status.Scopes):
		decided = decision{Object: status(obj, world, c), Again: time.Second} // what was taken away made room: status names the new scopes first
	default:
		decided = permission.Decide(c, status(obj, world, c), steps(obj, world, c, now), world.tell("confirm the consent to use", c.Adopt),
			c.Ending(world.World, obj.Spec.NotAfter, now, words, lostMessage(c.Lost)))
	}
	decided.Verdict = c.Verdict
	return decided
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

// remove takes away what status says was named and nobody else names. Where the client is gone, so are its grants; one that is not
// ours in Entra is left alone.
func remove(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) decision {
	gone := &permission.Ending{}
	ending := cmp.Or(world.Misbound(obj, world.Client, words),
		permission.Unseen(&world.Grants, gone), permission.Unseen(world.ObservedClient, gone))
	switch {
	case obj.Status.ClientObjectID == "" || world.Tenant.Abandoned:
		return decision{}
	case ending != nil:
		return end(ending)
	case world.ObservedClient == nil:
		return decision{Reads: []engine.Step[World]{readPrincipals{}}}
	case world.Client.Confirm(world.ObservedClient.Value.ServicePrincipal, world.Tenant) != nil:
		return decision{}
	}
	subject := world.subject(obj, now)
	return permission.Delete(subject, obj, steps(obj, world, permission.Compare(subject), now), now)
}

// status tells which scopes are consented to, for whom: what is asked for, and what was named before and is not taken away yet, also where
// others claim it. Nothing is told of a client that is not ours, so that a deletion never goes there.
func status(obj *v1alpha1.DelegatedPermissionGrant, world World, c permission.Comparison) *v1alpha1.DelegatedPermissionGrant {
	told, bound := obj.DeepCopy(), world.bound(obj)
	status := &told.Status
	if len(c.Give) > 0 || !bound {
		status.Justification = obj.Spec.Justification
	}
	status.TenantName, status.TenantID = world.Tenant.Name, world.Tenant.ID
	status.ClientObjectID, status.APIObjectID, status.UserObjectID = world.Client.ServicePrincipalObjectID, world.API.ObjectID, world.UserID
	if shown := world.clientShown(); !bound || shown.DisplayName != "" {
		status.ClientName = shown.DisplayName
	}
	status.APIName = world.API.DisplayName
	spared := permission.IDs(c.Spared)
	status.Scopes, status.Pending = permission.Set(permission.IDs(c.Names()), spared), permission.Set(c.Pending(), spared)
	return told
}

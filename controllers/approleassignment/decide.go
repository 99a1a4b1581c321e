package approleassignment

import (
	"cmp"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

type decision = engine.Decision[*v1alpha1.AppRoleAssignment, World]

var end = permission.End[*v1alpha1.AppRoleAssignment, World]

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
		decided.Revisit = permission.Lifetime(obj.Spec.NotAfter, now)
	}
	if decided.Object == nil {
		decided.Object = obj.DeepCopy()
	}
	return decided
}

func (k *Kind) decide(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) decision {
	ending := cmp.Or(world.Misbound(obj, world.Principal.App, words), world.principalEnding(obj, now), world.Refused(world.principalRefusal()))
	if ending != nil {
		return end(ending)
	}
	c := k.compare(obj, world, now)
	var decided decision
	switch ending := world.APIEnding(); {
	case ending != nil:
		decided = end(ending)
	// What the resolver has just read in Entra needs no confirmation, and neither does what nobody changes.
	case world.ObservedAPI == nil && (world.Missing != nil || world.API.Managed != nil) && (!world.bound(obj) || !c.Idle()):
		decided.Reads = []engine.Step[World]{readAPI{}}
	default:
		decided = permission.Decide(c, status(obj, world, c), k.steps(obj, world, c, now), world.tell("confirm", "for", c.Adopt...),
			c.Ending(world.World, obj.Spec.NotAfter, now, words, world.lostMessage(c.Lost)))
	}
	decided.Verdict = c.Verdict
	return decided
}

// delete takes away what status says was given and nobody else gives. Where one of the service principals is gone, so are the
// assignments; what is not what the spec names is left alone.
func (k *Kind) delete(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) decision {
	gone := &permission.Ending{}
	ending := cmp.Or(world.Misbound(obj, world.Principal.App, words),
		permission.Unseen(&world.ObservedPrincipal, gone), permission.Unseen(world.ObservedAPI, gone))
	switch {
	case obj.Status.PrincipalObjectID == "" || world.Tenant.Abandoned:
		return decision{}
	case ending != nil:
		return end(ending)
	case world.ObservedAPI == nil:
		return decision{Reads: []engine.Step[World]{readAPI{}}}
	case world.principalRefusal() != nil || world.APIMismatch() != nil:
		return decision{}
	}
	subject := k.subject(obj, world, now)
	return permission.Delete(subject, obj, k.steps(obj, world, permission.Compare(subject), now), now)
}

// status tells who is given what, by ID: what is had or about to be given, and what was given before and is not taken away yet.
// Nothing is told of principals and APIs that are not what the spec names, so that a deletion never goes there.
func status(obj *v1alpha1.AppRoleAssignment, world World, c permission.Comparison) *v1alpha1.AppRoleAssignment {
	told, principal := obj.DeepCopy(), world.ObservedPrincipal.Value
	status, roles := &told.Status, c.Names()
	if len(c.Give) > 0 || slices.ContainsFunc(roles, func(role v1alpha1.NamedID) bool { return !slices.Contains(status.Roles, role) }) {
		status.Justification = obj.Spec.Justification
	}
	if principal.DisplayName != "" || status.PrincipalObjectID != principal.ObjectID {
		status.PrincipalName = principal.DisplayName // Entra tells the name of a user or a group only with what it has been given
	}
	if world.Missing == nil {
		status.APIName = world.API.DisplayName
	}
	status.TenantName, status.TenantID = world.Tenant.Name, world.Tenant.ID
	status.PrincipalObjectID, status.APIObjectID = principal.ObjectID, world.API.ObjectID
	status.Roles, status.Pending = roles, c.Pending()
	return told
}

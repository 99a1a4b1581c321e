package approleassignment

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

type plan = engine.Plan[World]

// Decide gives what is missing, once nothing stands against it, and takes away what this object gave and asks for no longer.
func (k *Kind) Decide(obj *v1alpha1.AppRoleAssignment, world World, now time.Time) engine.Plan[World] {
	if !obj.DeletionTimestamp.IsZero() {
		return farewell(obj, world, now)
	}
	if !k.Enabled {
		return engine.Refuse[World](v1alpha1.ReasonDisabled,
			"app role assignments are switched off: start the manager with --enable-app-role-assignments")
	}
	if refusal := misbound(obj, world); refusal != nil {
		return plan{Refusal: refusal}
	}
	if unseen, ends := unseen(world); ends {
		return unseen
	}
	if refusal := stranger(obj, world); refusal != nil {
		return plan{Refusal: refusal}
	}
	steps := removals(obj, world)
	missing := world.missing(obj)
	obstacle, hindered := k.obstacle(obj, world, missing)
	if !hindered {
		for _, role := range missing {
			steps = append(steps, give{role: role, api: world.Resource.Name, principal: world.Principal.Name})
		}
	}
	switch {
	case len(steps) > 0:
		return engine.Do(steps...)
	case hindered:
		return obstacle
	default:
		return unavailableRoles(obj, world)
	}
}

// misbound says why obj cannot be looked at in this tenant; nil where it can.
func misbound(obj *v1alpha1.AppRoleAssignment, world World) *engine.Refusal {
	bound, principal, api := obj.Status.TenantBinding, world.Principal, world.Resource
	switch {
	case bound.TenantID != "" && bound.TenantID != world.Tenant.ID:
		return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
			"EntraTenant %q is tenant %s now, and this object was made in tenant %s", bound.TenantName, world.Tenant.ID, bound.TenantID)}
	case principal.TenantName != api.TenantName:
		return &engine.Refusal{Reason: v1alpha1.ReasonInvalid, Message: fmt.Sprintf(
			"AppRegistration %q is in EntraTenant %q and AppRegistration %q in %q: a role can be given within one tenant only",
			principal.Name, principal.TenantName, api.Name, api.TenantName)}
	case principal.TenantName != world.Tenant.Name:
		return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
			"AppRegistration %q is in EntraTenant %q now, and this object was made in %q: create another AppRoleAssignment",
			principal.Name, principal.TenantName, world.Tenant.Name)}
	}
	return nil
}

// unseen is the plan where one of the service principals is not seen.
func unseen(world World) (plan, bool) {
	gone := ""
	switch {
	case world.known():
		return plan{}, false
	case world.Client.IsAbsent():
		gone = world.Principal.Name
	case world.API.IsAbsent():
		gone = world.Resource.Name
	default:
		return engine.LookAgain[World](engine.Lag), true
	}
	return engine.WaitFor[World](engine.Wait{
		What:    fmt.Sprintf("the service principal of AppRegistration %q is gone from Entra; it has to be made again first", gone),
		Watched: true,
	}), true
}

// obstacle is what stands against giving the missing roles.
func (k *Kind) obstacle(obj *v1alpha1.AppRoleAssignment, world World, missing []v1alpha1.NamedID) (plan, bool) {
	if len(missing) == 0 {
		return plan{}, false
	}
	if denials := k.Gate.Review(ask(obj, world, missing)); len(denials) > 0 {
		return engine.Refuse[World](v1alpha1.ReasonDenied, policy.Message(denials)), true
	}
	for _, side := range []struct {
		app      App
		disabled bool
	}{
		{world.Principal, world.Principal.Disabled || world.Client.Value.Disabled},
		{world.Resource, world.Resource.Disabled || world.API.Value.Disabled},
	} {
		switch {
		case side.app.Leaving:
			return engine.WaitFor[World](leavingWait(side.app.Name)), true
		case side.disabled:
			return engine.Refuse[World](v1alpha1.ReasonDisabled, fmt.Sprintf(
				"AppRegistration %q was disabled in Entra: nothing new is bound to it", side.app.Name)), true
		}
	}
	return plan{}, false
}

func ask(obj *v1alpha1.AppRoleAssignment, world World, missing []v1alpha1.NamedID) policy.Ask {
	asked := policy.Ask{
		Kind:     "AppRoleAssignment",
		Operator: append([]string{world.Tenant.ObjectID}, world.Tenant.ClientIDs...),
	}
	for _, role := range missing {
		asked.Tuples = append(asked.Tuples, policy.Assignment{
			Path:          fmt.Sprintf("spec.roles[%d]", slices.Index(obj.Spec.Roles, role.Value)),
			PrincipalKind: policy.AppRegistration, PrincipalID: world.Principal.ID, PrincipalAppID: world.Client.Value.AppID,
			APIID: world.Resource.ID, APIAppID: world.API.Value.AppID, OwnAPI: true,
			RoleID: role.ID, Role: role.Value,
		})
	}
	return asked
}

// unavailableRoles waits for roles that the API does not have, or does not give to applications.
func unavailableRoles(obj *v1alpha1.AppRoleAssignment, world World) plan {
	var reasons []string
	if _, unknown := world.asked(obj); len(unknown) > 0 {
		var has []string
		for _, role := range world.Resource.Roles {
			has = append(has, role.Value)
		}
		slices.Sort(has)
		reasons = append(reasons, fmt.Sprintf("has no role %s; it has %s", quoted(unknown), quoted(has)))
	}
	for _, role := range world.lacked(obj) {
		reasons = append(reasons, fmt.Sprintf("has a role %+q, but it %s", role.Value, world.Resource.Closed[role.Value]))
	}
	if len(reasons) == 0 {
		return plan{}
	}
	return engine.WaitFor[World](engine.Wait{
		What: fmt.Sprintf("AppRegistration %q %s", world.Resource.Name, strings.Join(reasons, "; ")), Watched: true,
	})
}

// quoted lists values that a user wrote: one line, and not too long.
func quoted(values []string) string {
	if len(values) == 0 {
		return "none"
	}
	const most = 10
	more := ""
	if len(values) > most {
		more = fmt.Sprintf(" and %d more", len(values)-most)
		values = values[:most]
	}
	quotes := make([]string, len(values))
	for i, value := range values {
		quotes[i] = fmt.Sprintf("%+q", value)
	}
	return strings.Join(quotes, ", ") + more
}

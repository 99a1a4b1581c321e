package appregistration

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func wantedRoles(roles []v1alpha1.AppRole, id identity) []wanted[entra.AppRole] {
	list := make([]wanted[entra.AppRole], len(roles))
	for i, r := range roles {
		name := cmp.Or(r.DisplayName, r.Value)
		list[i] = wanted[entra.AppRole]{pinned: r.ID != "", entry: entra.AppRole{
			ID: cmp.Or(r.ID, id.entitlementID(listAppRoles, r.Value)), Value: r.Value,
			DisplayName: name, Description: cmp.Or(r.Description, name),
			AllowedMemberTypes: memberTypes(r.AllowedMemberTypes), Enabled: yes(r.Enabled),
		}}
	}
	return list
}

func memberTypes(types []v1alpha1.MemberType) []string {
	var names []string
	for _, t := range types {
		names = append(names, string(t))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func roleFacts(r *entra.AppRole) facts { return facts{&r.ID, &r.Value, &r.Enabled, &r.Unconfirmed} }

// editRoles keeps a role, disabled, as long as somebody holds it: removing it would leave assignments to nothing.
func editRoles(world World, want []wanted[entra.AppRole]) edit[entra.AppRole] {
	have := world.application.Value
	return changeList(have.AppRoles, want, roleFacts, allFacts(have.Scopes, scopeFacts), func(r entra.AppRole) hold {
		switch {
		case !world.holders.IsPresent():
			return unseen
		case len(holdersOf(world, r.ID)) > 0:
			return held
		default:
			return free
		}
	})
}

// leaving tells whether a role is about to be removed: it is seen disabled, and is not wanted any more.
func leaving(app entra.Application, obj *v1alpha1.AppRegistration, id identity) bool {
	want := wantedRoles(obj.Spec.AppRoles, id)
	return slices.ContainsFunc(app.AppRoles, func(r entra.AppRole) bool {
		return !r.Enabled && !r.Unconfirmed && match(want, roleFacts(&r), roleFacts) < 0
	})
}

// holdersOf are the object IDs of those who hold a role.
func holdersOf(world World, roleID string) []string {
	var ids []string
	for _, a := range world.holders.Value {
		if a.AppRoleID == roleID {
			ids = append(ids, a.PrincipalID)
		}
	}
	return ids
}

// heldRoles tells who keeps roles from being removed.
func heldRoles(world World, values []string) []string {
	var findings []string
	for _, role := range world.application.Value.AppRoles {
		if slices.Contains(values, role.Value) {
			findings = append(findings, fmt.Sprintf("app role %s is no longer in the spec; it stays, disabled, because these principals hold it: %s",
				role.Value, some(holdersOf(world, role.ID))))
		}
	}
	return findings
}

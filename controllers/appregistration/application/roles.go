package application

import (
	"cmp"
	"fmt"
	"slices"

	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func wantedRoles(roles []v1alpha1.AppRole, id Identity) []wanted[entra.AppRole] {
	list := make([]wanted[entra.AppRole], len(roles))
	for i, r := range roles {
		name := cmp.Or(r.DisplayName, r.Value)
		list[i] = wanted[entra.AppRole]{pinned: r.ID != "", entry: entra.AppRole{
			ID: cmp.Or(string(r.ID), id.entitlementID(listAppRoles, r.Value)), Value: r.Value,
			DisplayName: name, Description: cmp.Or(r.Description, name),
			AllowedMemberTypes: memberTypes(r.AllowedMemberTypes), Enabled: ptr.Deref(r.Enabled, true),
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

func roleAttributes(r *entra.AppRole) attributes {
	return attributes{&r.ID, &r.Value, &r.Enabled, &r.Unconfirmed}
}

// editRoles keeps a role, disabled, as long as somebody holds it: removing it would leave assignments to nothing.
func editRoles(have entra.Application, want []wanted[entra.AppRole], holders entra.Observed[[]entra.Assignment]) listEdit[entra.AppRole] {
	others := allAttributes(have.Scopes, scopeAttributes)
	return editList(have.AppRoles, want, roleAttributes, others, func(r entra.AppRole) (reason string, known bool) {
		var ids []string
		for _, a := range holders.Value {
			if a.AppRoleID == r.ID {
				ids = append(ids, a.PrincipalID)
			}
		}
		if len(ids) > 0 {
			reason = fmt.Sprintf("app role %s is no longer in the spec; it stays, disabled, because these principals hold it: %s", r.Value, FirstFew(ids, " "))
		}
		return reason, holders.IsPresent()
	})
}

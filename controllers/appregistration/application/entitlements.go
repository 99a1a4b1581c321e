package application

import (
	"cmp"
	"fmt"
	"slices"

	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func wantedScopes(scopes []v1alpha1.Scope, id Identity) []wanted[entra.Scope] {
	list := make([]wanted[entra.Scope], len(scopes))
	for i, s := range scopes {
		list[i] = wanted[entra.Scope]{pinned: s.ID != "", entry: entra.Scope{
			ID: cmp.Or(string(s.ID), id.entitlementID(listScopes, s.Value)), Value: s.Value,
			Type:                    string(cmp.Or(s.Type, v1alpha1.ScopeAdmin)),
			AdminConsentDisplayName: cmp.Or(s.AdminConsentDisplayName, s.Value),
			AdminConsentDescription: cmp.Or(s.AdminConsentDescription, s.Value),
			UserConsentDisplayName:  s.UserConsentDisplayName, UserConsentDescription: s.UserConsentDescription,
			Enabled: ptr.Deref(s.Enabled, true),
		}}
	}
	return list
}

func scopeAttributes(s *entra.Scope) attributes {
	return attributes{&s.ID, &s.Value, &s.Enabled, &s.Unconfirmed}
}

// editScopes removes without asking who has consented: a grant names scopes by value, and one that is gone means nothing.
func editScopes(have entra.Application, want []wanted[entra.Scope]) listEdit[entra.Scope] {
	unheld := func(entra.Scope) (string, bool) { return "", true }
	return editList(have.Scopes, want, scopeAttributes, allAttributes(have.AppRoles, roleAttributes), unheld)
}

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

// entitlementEntries are present where Entra has a scope of the value and type, or a role of the value.
func (d desired) entitlementEntries(have entra.Application) []Entry {
	var entries []Entry
	for i, want := range d.scopes {
		is := func(s entra.Scope) bool { return s.Value == want.entry.Value && s.Type == want.entry.Type }
		entries = append(entries, entry(fmt.Sprintf("spec.api.scopes[%d]", i), slices.ContainsFunc(have.Scopes, is), nil))
	}
	for i, want := range d.roles {
		is := func(r entra.AppRole) bool { return r.Value == want.entry.Value }
		entries = append(entries, entry(fmt.Sprintf("spec.appRoles[%d]", i), slices.ContainsFunc(have.AppRoles, is), nil))
	}
	return entries
}

// named are the entries that Entra has and the spec names.
func named[T any](have []T, want []wanted[T], read func(*T) attributes) []v1alpha1.NamedID {
	var list []v1alpha1.NamedID
	for i := range have {
		if a := read(&have[i]); match(want, a, read) >= 0 {
			list = append(list, v1alpha1.NamedID{Value: *a.value, ID: *a.id})
		}
	}
	return list
}

package application

import (
	"cmp"

	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func wantedScopes(api *v1alpha1.API, id Identity) []wanted[entra.Scope] {
	if api == nil {
		return nil
	}
	scopes := make([]wanted[entra.Scope], len(api.Scopes))
	for i, s := range api.Scopes {
		scopes[i] = wanted[entra.Scope]{pinned: s.ID != "", entry: entra.Scope{
			ID: cmp.Or(string(s.ID), id.entitlementID(listScopes, s.Value)), Value: s.Value,
			Type:                    string(cmp.Or(s.Type, v1alpha1.ScopeAdmin)),
			AdminConsentDisplayName: cmp.Or(s.AdminConsentDisplayName, s.Value),
			AdminConsentDescription: cmp.Or(s.AdminConsentDescription, s.Value),
			UserConsentDisplayName:  s.UserConsentDisplayName, UserConsentDescription: s.UserConsentDescription,
			Enabled: ptr.Deref(s.Enabled, true),
		}}
	}
	return scopes
}

func scopeAttributes(s *entra.Scope) attributes {
	return attributes{&s.ID, &s.Value, &s.Enabled, &s.Unconfirmed}
}

// editScopes removes without asking who has consented: a grant names scopes by value, and one that is gone means nothing.
func editScopes(have entra.Application, want []wanted[entra.Scope]) listEdit[entra.Scope] {
	unheld := func(entra.Scope) (string, bool) { return "", true }
	return editList(have.Scopes, want, scopeAttributes, allAttributes(have.AppRoles, roleAttributes), unheld)
}

func allAttributes[T any](entries []T, read func(*T) attributes) []attributes {
	all := make([]attributes, len(entries))
	for i := range entries {
		all[i] = read(&entries[i])
	}
	return all
}

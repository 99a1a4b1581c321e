package appregistration

import (
	"cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func wantedScopes(api *v1alpha1.API, id identity) []wanted[entra.Scope] {
	if api == nil {
		return nil
	}
	scopes := make([]wanted[entra.Scope], len(api.Scopes))
	for i, s := range api.Scopes {
		scopes[i] = wanted[entra.Scope]{pinned: s.ID != "", entry: entra.Scope{
			ID: cmp.Or(s.ID, id.entitlementID(listScopes, s.Value)), Value: s.Value,
			Type:                    string(cmp.Or(s.Type, v1alpha1.ScopeAdmin)),
			AdminConsentDisplayName: cmp.Or(s.AdminConsentDisplayName, s.Value),
			AdminConsentDescription: cmp.Or(s.AdminConsentDescription, s.Value),
			UserConsentDisplayName:  s.UserConsentDisplayName, UserConsentDescription: s.UserConsentDescription,
			Enabled: yes(s.Enabled),
		}}
	}
	return scopes
}

func scopeFacts(s *entra.Scope) facts { return facts{&s.ID, &s.Value, &s.Enabled, &s.Unconfirmed} }

// editScopes removes without asking who has consented: a grant names scopes by value, and one that is gone means nothing.
func editScopes(have entra.Application, want []wanted[entra.Scope]) edit[entra.Scope] {
	return changeList(have.Scopes, want, scopeFacts, allFacts(have.AppRoles, roleFacts), func(entra.Scope) hold { return free })
}

func allFacts[T any](entries []T, read func(*T) facts) []facts {
	all := make([]facts, len(entries))
	for i := range entries {
		all[i] = read(&entries[i])
	}
	return all
}

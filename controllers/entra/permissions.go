package entra

// foldScopes lays a written list over what was read before it: a scope that the read shows enabled and the write disables is
// unconfirmed.
func foldScopes(read, written []Scope) []Scope {
	return fold(read, written, func(s *Scope) (string, bool, *bool) { return s.ID, s.Enabled, &s.Unconfirmed })
}

// foldAppRoles is foldScopes for app roles.
func foldAppRoles(read, written []AppRole) []AppRole {
	return fold(read, written, func(r *AppRole) (string, bool, *bool) { return r.ID, r.Enabled, &r.Unconfirmed })
}

func fold[T any](read, written []T, of func(*T) (id string, enabled bool, unconfirmed *bool)) []T {
	folded := append(make([]T, 0, len(written)), written...)
	for i := range folded {
		id, enabled, unconfirmed := of(&folded[i])
		for j := range read {
			if before, wasEnabled, wasUnconfirmed := of(&read[j]); before == id {
				*unconfirmed = !enabled && (wasEnabled || *wasUnconfirmed)
			}
		}
	}
	return folded
}

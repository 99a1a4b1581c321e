package entra

// FoldScopes lays a written list over what was read before it: a scope that the read shows enabled and the write disables is
// unconfirmed.
func FoldScopes(read, written []Scope) []Scope {
	folded := make([]Scope, len(written))
	for i, scope := range written {
		for _, before := range read {
			if before.ID == scope.ID {
				scope.Unconfirmed = !scope.Enabled && (before.Enabled || before.Unconfirmed)
			}
		}
		folded[i] = scope
	}
	return folded
}

// FoldAppRoles is FoldScopes for app roles.
func FoldAppRoles(read, written []AppRole) []AppRole {
	folded := make([]AppRole, len(written))
	for i, role := range written {
		for _, before := range read {
			if before.ID == role.ID {
				role.Unconfirmed = !role.Enabled && (before.Enabled || before.Unconfirmed)
			}
		}
		folded[i] = role
	}
	return folded
}

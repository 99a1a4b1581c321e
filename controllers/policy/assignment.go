package policy

import (
	"fmt"
	"slices"
)

// String is the role, the API and the principal.
func (a Assignment) String() string {
	return fmt.Sprintf("role %s (%s) of API %s for %s %s", quote(a.Role), a.RoleID, a.APIAppID, a.PrincipalKind, a.PrincipalID)
}

func (a Assignment) where() string { return a.Path }

func (a Assignment) names() []string {
	return []string{a.PrincipalID, a.PrincipalAppID, a.APIID, a.APIAppID}
}

func (a Assignment) allowedBy(rule Rule) bool {
	return rule.Assign != nil && a.RoleID != "" && rule.Assign.API.names(a) &&
		slices.ContainsFunc(rule.Assign.Principals, func(p PrincipalMatch) bool { return p.names(a) }) &&
		(slices.Contains(rule.Assign.Roles, Any) || slices.Contains(rule.Assign.Roles, a.RoleID))
}

func (a Assignment) deniedBy(rule Rule) bool { return a.allowedBy(rule) }

func (a Assignment) remedy() (Rule, bool) {
	if a.APIAppID == "" || a.RoleID == "" {
		return Rule{}, false
	}
	return Rule{Assign: &AssignRule{
		Principals: []PrincipalMatch{{Kind: a.PrincipalKind, ObjectID: a.PrincipalID}},
		API:        APIMatch{AppID: a.APIAppID}, Roles: []string{a.RoleID},
	}}, true
}

func (p PrincipalMatch) names(a Assignment) bool {
	return p.Kind == a.PrincipalKind && (p.ObjectID == "" || p.ObjectID == a.PrincipalID)
}

func (m APIMatch) names(a Assignment) bool {
	return m.OwnNamespace && a.OwnAPI || m.AppID != "" && m.AppID == a.APIAppID
}

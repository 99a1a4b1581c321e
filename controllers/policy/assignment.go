package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Assignment is an app role of an API given to a principal.
type Assignment struct {
	Path          string
	PrincipalKind v1alpha1.PrincipalKind
	// PrincipalID is the object ID, PrincipalAppID the appId of the principal; the latter is empty for groups and users.
	PrincipalID, PrincipalAppID string
	API                         API
	// RoleID and Role (its value), as the API's service principal has them. The default access is entra.DefaultAccess.
	RoleID, Role string
	// Lifetime until notAfter; zero where the object has none.
	Lifetime time.Duration
}

// String is the role, the API and the principal.
func (a Assignment) String() string {
	return fmt.Sprintf("role %s for %s %s%s", a.permission(), a.PrincipalKind, a.PrincipalID, lifetime(a.Lifetime))
}

func (a Assignment) where() string   { return a.Path }
func (a Assignment) names() []string { return []string{a.PrincipalID, a.PrincipalAppID} }

func (a Assignment) permission() permission {
	return permission{api: a.API, kind: v1alpha1.PermissionApplication, id: a.RoleID, value: a.Role, everybody: true}
}

func (a Assignment) brief() Request {
	a.Lifetime = 1
	return a
}

func (a Assignment) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Assign != nil && slices.ContainsFunc(rule.Assign.Principals, a.isFor) &&
		within(a.Lifetime, rule.Assign.MaxDuration) && a.permission().allowedAs(rule.Assign.API, rule.Assign.Roles)
}

// deniedBy minds no duration, and no kind where the principal is named.
func (a Assignment) deniedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Assign != nil && slices.ContainsFunc(rule.Assign.Principals, func(p v1alpha1.PolicyPrincipal) bool {
		return a.isFor(p) || a.is(string(p.ObjectID))
	}) && a.permission().deniedAs(rule.Assign.API, rule.Assign.Roles)
}

func (a Assignment) isFor(p v1alpha1.PolicyPrincipal) bool {
	return p.Kind == a.PrincipalKind && (p.ObjectID == "" || a.is(string(p.ObjectID)))
}

func (a Assignment) is(objectID string) bool {
	return objectID != "" && strings.EqualFold(objectID, a.PrincipalID)
}

func (a Assignment) remedy() (v1alpha1.PolicyRule, bool) {
	api, possible := a.API.rule()
	return v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
		Principals: []v1alpha1.PolicyPrincipal{{Kind: a.PrincipalKind, ObjectID: v1alpha1.GUID(strings.ToLower(a.PrincipalID))}},
		API:        api, Roles: []string{a.permission().entry()},
	}}, possible && a.RoleID != "" && a.PrincipalID != ""
}

// lifetime tells how long something lasts, in whole hours.
func lifetime(life time.Duration) string {
	if life == 0 {
		return ""
	}
	return fmt.Sprintf(" for %dh", int(life.Hours()))
}

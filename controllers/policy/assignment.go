package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Assignment asks to give an app role of an API to a principal.
type Assignment struct {
	Path          string
	PrincipalKind v1alpha1.PrincipalKind
	// PrincipalID is the object ID, PrincipalAppID the appID of the principal; the latter is empty for groups and users.
	PrincipalID, PrincipalAppID string
	API                         API
	// RoleID and Role (its value), as the API's service principal has them. The default access is entra.DefaultAccess.
	RoleID, Role string
	// Lifetime until notAfter; zero where the object has none.
	Lifetime time.Duration
}

// String is the role, the API and the principal.
func (a Assignment) String() string {
	return fmt.Sprintf("role %s for %s %s%s", a.permission(), a.PrincipalKind, a.PrincipalID, durationText(a.Lifetime))
}

func (a Assignment) path() string         { return a.Path }
func (a Assignment) identities() []string { return []string{a.PrincipalID, a.PrincipalAppID} }

func (a Assignment) permission() permission {
	return permission{api: a.API, kind: v1alpha1.PermissionApplication, id: a.RoleID, value: a.Role, allUsers: true}
}

func (a Assignment) lasting(lifetime time.Duration) Request {
	a.Lifetime = lifetime
	return a
}

func (a Assignment) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Assign != nil && slices.ContainsFunc(rule.Assign.Principals, a.isFor) &&
		within(a.Lifetime, rule.Assign.MaxDuration) && a.permission().allowedAs(rule.Assign.API, rule.Assign.Roles)
}

// deniedBy ignores the duration, and the kind where the rule names the principal.
func (a Assignment) deniedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Assign != nil && slices.ContainsFunc(rule.Assign.Principals, func(p v1alpha1.PolicyPrincipal) bool {
		return a.isFor(p) || a.isForID(p.ObjectID)
	}) && a.permission().deniedAs(rule.Assign.API, rule.Assign.Roles)
}

func (a Assignment) isFor(p v1alpha1.PolicyPrincipal) bool {
	return p.Kind == a.PrincipalKind && (p.ObjectID == "" || a.isForID(p.ObjectID))
}

func (a Assignment) isForID(objectID v1alpha1.GUID) bool {
	return objectID != "" && strings.EqualFold(string(objectID), a.PrincipalID)
}

func (a Assignment) narrowestRule() (v1alpha1.PolicyRule, bool) {
	api, possible := a.API.narrowestRule()
	return v1alpha1.PolicyRule{Assign: &v1alpha1.AssignRule{
		Principals: []v1alpha1.PolicyPrincipal{{Kind: a.PrincipalKind, ObjectID: v1alpha1.GUID(strings.ToLower(a.PrincipalID))}},
		API:        api, Roles: []string{a.permission().entry()},
	}}, possible && a.RoleID != "" && a.PrincipalID != ""
}

package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Consent asks to let a client use a scope of an API for users. The client is always an AppRegistration of the asking object's own
// namespace.
type Consent struct {
	Path string
	// ClientID is the object ID, ClientAppID the appID of the client.
	ClientID, ClientAppID string
	API                   API
	// ScopeID and Scope (its value), as the API's service principal has them.
	ScopeID, Scope string
	// UserID is the object ID of the one user; empty: all users.
	UserID string
	// Lifetime until notAfter; zero where the object has none.
	Lifetime time.Duration
}

// String is the scope, the client and the users.
func (c Consent) String() string {
	users := "all users"
	if c.UserID != "" {
		users = "user " + c.UserID
	}
	return "consent to scope " + c.permission().String() + " for client " + c.ClientAppID + " and " + users + durationText(c.Lifetime)
}

func (c Consent) path() string         { return c.Path }
func (c Consent) identities() []string { return []string{c.ClientID, c.ClientAppID} }

func (c Consent) permission() permission {
	return permission{api: c.API, kind: v1alpha1.PermissionDelegated, id: c.ScopeID, value: c.Scope, allUsers: c.UserID == ""}
}

func (c Consent) lasting(lifetime time.Duration) Request {
	c.Lifetime = lifetime
	return c
}

func (c Consent) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Consent != nil && (c.UserID != "" || rule.Consent.Users == v1alpha1.ConsentAll) &&
		within(c.Lifetime, rule.Consent.MaxDuration) && c.permission().allowedAs(rule.Consent.API, rule.Consent.Scopes)
}

// deniedBy ignores the duration, and takes a rule that says nothing of users to be about all of them and about each.
func (c Consent) deniedBy(rule *v1alpha1.PolicyRule) bool {
	if rule.Consent == nil {
		return false
	}
	users := v1alpha1.ConsentOne
	if c.UserID == "" {
		users = v1alpha1.ConsentAll
	}
	return (rule.Consent.Users == "" || rule.Consent.Users == users) && c.permission().deniedAs(rule.Consent.API, rule.Consent.Scopes)
}

func (c Consent) narrowestRule() (v1alpha1.PolicyRule, bool) {
	api, possible := c.API.narrowestRule()
	rule := v1alpha1.ConsentRule{API: api, Scopes: []string{c.permission().entry()}}
	if c.UserID == "" {
		rule.Users = v1alpha1.ConsentAll
	}
	return v1alpha1.PolicyRule{Consent: &rule}, possible && c.ScopeID != ""
}

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

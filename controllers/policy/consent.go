package policy

import (
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

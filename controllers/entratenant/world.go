package entratenant

import (
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// World is what a decision about a tenant rests on.
type World struct {
	// Binding has no Key: steps need no open connection, and close it where there is one.
	binding.Binding
	// Objects of ours that name the tenant in their status, as in "AppRegistration shop/orders", sorted.
	Objects []string
	// OtherDefaults are other EntraTenants marked default, sorted; looked for only where this one is marked too.
	OtherDefaults []string
	// ClusterUID is the UID of the namespace kube-system.
	ClusterUID string
	// Reached is true where the tenant answered. Self is who we are there.
	Reached bool
	Self    entra.Identity
	// Privileged is who privilegedAuth is: by its own token where this process has a use for it, else only its object ID, as the
	// directory tells.
	Privileged entra.Identity
	// PrivilegedErr keeps us from signing in with privilegedAuth, while the rest works.
	PrivilegedErr error
	// Organization is empty where we may not read it: our token tells the tenant's ID as well.
	Organization entra.Organization
	// Closed is true where the connection has been forgotten.
	Closed bool
}

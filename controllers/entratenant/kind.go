// Package entratenant is the kind EntraTenant: a connection to a tenant. It makes nothing in Entra; it tells who the operator is
// there, what it may do, and what this cluster is called, and it stays while an object of ours names it.
package entratenant

import (
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// Kind is EntraTenant on the engine's path.
type Kind struct {
	// Binder's cache has EntraTenants and the kinds that bind to one.
	Binder binding.Binder
	// Bound are the kinds that bind to a tenant.
	Bound []Bound
	// Privileges are what the kinds need that need permissions of their own, in the order in which messages name them.
	Privileges []Privilege
}

// Bound is a kind whose objects are v1alpha1.TenantBound.
type Bound struct {
	// Kind is its name.
	Kind string
	// Object and List are examples.
	Object client.Object
	List   client.ObjectList
}

// Privilege is a permission that a privileged kind needs.
type Privilege struct {
	// Kind is its name.
	Kind       string
	Permission Permission
	Switch     Switch
}

// Switch is what this process does about a privileged kind.
type Switch string

// The switches. A kind is Elsewhere where --kinds leaves it to another process.
const (
	Off       Switch = "off"
	On        Switch = "on"
	Elsewhere Switch = "left to another process"
)

type decision = engine.Decision[*v1alpha1.EntraTenant, World]

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=entratenants,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=entratenants/status,verbs=patch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=secrets,verbs=get

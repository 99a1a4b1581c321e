// Package entratenant is the kind EntraTenant: a connection to a tenant. It makes nothing in Entra; it tells who the operator is
// there, what it may do, and what this cluster is called, and it stays while an object of ours names it.
package entratenant

import (
	"context"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
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
	Kind string
	// Object and List are examples.
	Object client.Object
	List   client.ObjectList
}

// Privilege is a permission that a privileged kind needs.
type Privilege struct {
	Kind       string
	Permission Permission
	Switch     Switch
}

// Switch is what this process does about a privileged kind.
type Switch string

// The switches. A kind is OtherProcess where --kinds leaves it to another process.
const (
	Off          Switch = "off"
	On           Switch = "on"
	OtherProcess Switch = "left to another process"
)

type decision = engine.Decision[*v1alpha1.EntraTenant, World]

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=entratenants,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=entratenants/status,verbs=patch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=secrets,verbs=get

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

// Watches are the objects that keep a tenant which is being deleted, and other tenants that are marked default, or not any more.
func (k *Kind) Watches(*engine.OwnWrites) []engine.Watch {
	var watches []engine.Watch
	for _, bound := range k.Bound {
		watches = append(watches, engine.Watch{Object: bound.Object, Wakes: k.deletedTenant, When: engine.Changed(func(obj client.Object) any {
			return tenantOf(obj)
		})})
	}
	return append(watches, engine.Watch{
		Object: &v1alpha1.EntraTenant{},
		Wakes: engine.Everywhere(k.Binder.Cache, &v1alpha1.EntraTenantList{}, func(t *v1alpha1.EntraTenant, changed client.Object) bool {
			return t.Spec.Default && t.Name != changed.GetName()
		}),
		When: engine.Changed(func(t *v1alpha1.EntraTenant) any { return t.Spec.Default }),
	})
}

func tenantOf(obj client.Object) string {
	if bound, is := obj.(v1alpha1.TenantBound); is {
		return bound.Binding().TenantName
	}
	return ""
}

// deletedTenant wakes the tenant that an object names, if it is being deleted. Others count their objects at the next resync: a
// status that changed with every object would make all the others' decisions stale.
func (k *Kind) deletedTenant(ctx context.Context, obj client.Object) []reconcile.Request {
	var tenant v1alpha1.EntraTenant
	name := types.NamespacedName{Name: tenantOf(obj)}
	if name.Name == "" || k.Binder.Cache.Get(ctx, name, &tenant) != nil || tenant.DeletionTimestamp.IsZero() {
		return nil
	}
	return []reconcile.Request{{NamespacedName: name}}
}

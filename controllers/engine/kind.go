// Package engine is the one path that every kind takes: Read, Decide, write, status. It knows decisions and steps, but no kind and no ID.
// It is also the only place that writes conditions.
package engine

import (
	"context"
	"errors"
	"strings"
	"time"

	"k8s.io/utils/keymutex"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Object is an object of one of our kinds.
type Object interface {
	client.Object
	// Common is the part of its status that the engine writes.
	Common() *v1alpha1.CommonStatus
	// Suspended reports whether reconciliation is paused.
	Suspended() bool
}

// World is all that a decision rests on. Worlds embed a binding.Binding, which has these methods.
type World interface {
	// Tenancy is what the engine itself needs to know of the tenant; zero where there is none.
	Tenancy() Tenancy
	// Stale reports whether something in the cluster that the decision rests on has changed since it was read.
	Stale(ctx context.Context, cache client.Reader) (bool, error)
}

// Tenancy is the tenant of an object.
type Tenancy struct {
	// Key of the open connection that steps use.
	Key entra.TenantKey
	// TenantID is the directory's, for the audit log.
	TenantID string
	// ResyncInterval is how often every object is compared with Entra.
	ResyncInterval time.Duration
}

// Kind is what one kind of object adds to the path.
type Kind[T Object, W World] interface {
	// Read gathers the world. It MUST NOT write, and does not decide. What is gone is absent from W, what cannot be known yet is unknown.
	// A reference that is not usable yet is a Wait, returned as the error.
	Read(ctx context.Context, obj T) (W, error)
	// Decide says what must happen next, and what status says meanwhile. It MUST be pure: the same arguments give the same decision, no
	// argument is changed, and nothing is remembered.
	Decide(obj T, world W, now time.Time) Decision[T, W]
}

// Step is one request, as data: it can be printed, compared and refused before anything happens. It holds no closure, no lock and no
// clock.
type Step[W World] interface {
	// String is one line for people and tests; never a secret.
	String() string
	// Do makes the request and folds the answer into world. Steps of one round MUST NOT depend on each other. Where what it was to make
	// is there already, Do folds that, and returns ErrFound instead of claiming to have made it.
	Do(ctx context.Context, clients Clients, world *W) error
}

// ErrFound is no failure: a step made nothing, because it found what it was to make, or somebody who keeps its name.
var ErrFound = errors.New("it was there already")

// Clients hold everything that can write. Kinds get them in Step.Do only.
type Clients struct {
	// Tenants are the connections.
	Tenants entra.Tenants
	// Directory is the world's tenant; nil for a world without one.
	Directory entra.Directory
	Kube      client.Client
	// Live reads past the cache.
	Live client.Reader
	// Locks let one object of the kind at a time change what several share.
	Locks *KeyedMutex
	// OwnWrites is told of what the kind writes in the cluster, so that its own watches do not wake it.
	OwnWrites *OwnWrites
}

// KeyedMutex lets one object at a time change a thing that several share, and look at who else names it before that. Whoever names it says
// so in status first, and then locks it to see that it is there: so it is either spared by one who takes it away, or found missing.
type KeyedMutex struct{ keys keymutex.KeyMutex }

// NewKeyedMutex has nothing locked.
func NewKeyedMutex() *KeyedMutex { return &KeyedMutex{keys: keymutex.NewHashed(0)} }

// Lock waits for the thing that the IDs stand for, and gives the function that unlocks it. Nobody locks one thing within another: things
// may share a lock.
func (m *KeyedMutex) Lock(ids ...string) (unlock func()) {
	key := strings.Join(ids, "/")
	m.keys.LockKey(key)
	return func() { _ = m.keys.UnlockKey(key) }
}

package permission

import (
	"context"
	"errors"
	"slices"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Target is the World of a kind, as steps change it.
type Target interface {
	// Common is what the Worlds of both kinds have in common.
	Common() *World
	// Key is what one object at a time may change.
	Key() []string
	// Present are the IDs of the permissions that Entra shows.
	Present() []string
	// ReadClaims lists what other live objects name; of the cache only what is not an object of the kind is asked.
	ReadClaims(ctx context.Context, objects, cache client.Reader, self client.ObjectKey) ([]Claim, error)
	// ReadAgain reads what Present tells of.
	ReadAgain(ctx context.Context, reader entra.Reader) error
	// Give and Remove write permissions to Entra, and fold the answer. ErrExists where it is to be read again, and must then be Shown.
	Give(ctx context.Context, directory entra.Directory, ids []string) error
	Remove(ctx context.Context, directory entra.Directory, ids []string) error
	Shown(ids []string) bool
}

// Pointer is a Target that points to the World of a kind.
type Pointer[W any] interface {
	*W
	Target
}

// Common is the World itself.
func (w *World) Common() *World { return w }

// confirm notes those of the permissions that are there.
func confirm(target Target, ids []string) {
	world := target.Common()
	world.Confirmed = slices.Concat(world.Confirmed, Only(ids, target.Present()))
}

// Only keeps those of the IDs that are among others.
func Only(ids, others []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(others, id) })
}

// All reports whether all of the IDs are among others.
func All(ids, others []string) bool { return len(Only(ids, others)) == len(ids) }

// Confirm looks again at permissions that were there before status named them: whoever named them before may have taken them away since,
// without knowing that this object does now.
type Confirm[W any, P Pointer[W]] struct {
	Text string
	IDs  []string
}

// String is the Text.
func (s Confirm[W, P]) String() string { return s.Text }

// Do reads what is there.
func (s Confirm[W, P]) Do(ctx context.Context, clients engine.Clients, world *W) error {
	target := P(world)
	defer clients.Locks.Lock(target.Key()...)()
	if err := target.ReadAgain(ctx, clients.Directory); err != nil {
		return err
	}
	confirm(target, s.IDs)
	return nil
}

// Step changes permissions.
type Step struct {
	Text string
	IDs  []string
	// Audit is what the audit log tells.
	Audit engine.Change
}

// String is the Text.
func (s Step) String() string { return s.Text }

// Change is Audit.
func (s Step) Change() engine.Change { return s.Audit }

// Give gives permissions.
type Give[W any, P Pointer[W]] struct{ Step }

// Do writes, or reads what exists already. Where that is not shown, Entra lags.
func (s Give[W, P]) Do(ctx context.Context, clients engine.Clients, world *W) error {
	target := P(world)
	defer clients.Locks.Lock(target.Key()...)()
	found := target.Give(ctx, clients.Directory, s.IDs)
	if errors.Is(found, entra.ErrExists) {
		if err := target.ReadAgain(ctx, clients.Directory); err != nil {
			return err
		}
		if !target.Shown(s.IDs) {
			return entra.ErrLagging
		}
		found = engine.ErrFound
	} else if found != nil {
		return found
	}
	confirm(target, s.IDs)
	return found
}

// Take takes permissions away, but for those that another object claims. That is asked past the cache, at the last moment: of two that let
// go of a permission, the second must know of the first.
type Take[W any, P Pointer[W]] struct {
	Step
	Self     client.ObjectKey
	Discount Discount
	// Now is when a claim must not have expired.
	Now time.Time
}

// Do asks who else claims the permissions, and writes.
func (s Take[W, P]) Do(ctx context.Context, clients engine.Clients, world *W) error {
	target := P(world)
	defer clients.Locks.Lock(target.Key()...)()
	claims, err := target.ReadClaims(ctx, clients.Live, clients.Kube, s.Self)
	if err != nil {
		return err
	}
	common := target.Common()
	claimed := slices.DeleteFunc(slices.Clone(s.IDs), func(id string) bool { return !s.Discount.Claimed(claims, id, s.Now) })
	common.Claims, common.Spared = claims, slices.Concat(common.Spared, claimed)
	ids := slices.DeleteFunc(Only(s.IDs, target.Present()), func(id string) bool { return slices.Contains(claimed, id) })
	if len(ids) == 0 {
		return engine.ErrFound
	}
	if err := target.Remove(ctx, clients.Directory, ids); err != nil {
		return err
	}
	common.Taken = slices.Concat(common.Taken, ids)
	return nil
}

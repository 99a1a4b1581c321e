package graph

import (
	"context"
	"fmt"
	"sync"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// keyedMutex lets one write at a time pass for each key: Entra loses concurrent writes on one application, or refuses them.
type keyedMutex struct{ held sync.Map } // channels by key, closed when the key is free

// lock waits until nobody else has the key, as long as ctx lasts. The caller must call unlock.
func (k *keyedMutex) lock(ctx context.Context, key string) (unlock func(), err error) {
	ours := make(chan struct{})
	for {
		theirs, taken := k.held.LoadOrStore(key, ours)
		if !taken {
			return func() { k.held.Delete(key); close(ours) }, nil
		}
		select {
		case <-theirs.(chan struct{}):
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: while waiting for another write on the same object: %w", entra.ErrUnreachable, ctx.Err())
		}
	}
}

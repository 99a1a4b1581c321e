package graph

import (
	"context"
	"fmt"
	"sync"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// keyedMutex lets one write at a time pass for each key: Entra loses concurrent writes on one application, or refuses them.
type keyedMutex struct {
	mu   sync.Mutex
	held map[string]chan struct{} // closed when the key is free
}

func newKeyedMutex() *keyedMutex { return &keyedMutex{held: map[string]chan struct{}{}} }

// lock waits until nobody else has the key, as long as ctx lasts. The caller must call unlock.
func (k *keyedMutex) lock(ctx context.Context, key string) (unlock func(), err error) {
	for {
		freed, ok := k.tryLock(key)
		if ok {
			return func() { k.unlock(key) }, nil
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: while waiting for another write on the same object: %w", entra.ErrUnreachable, ctx.Err())
		}
	}
}

func (k *keyedMutex) tryLock(key string) (freed <-chan struct{}, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if held, taken := k.held[key]; taken {
		return held, false
	}
	k.held[key] = make(chan struct{})
	return nil, true
}

func (k *keyedMutex) unlock(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	close(k.held[key])
	delete(k.held, key)
}

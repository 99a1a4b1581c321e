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
	held map[string]*heldKey
}

type heldKey struct {
	free  chan struct{} // holds one token while nobody writes
	users int
}

func newKeyedMutex() *keyedMutex { return &keyedMutex{held: map[string]*heldKey{}} }

// lock waits until nobody else has the key, as long as ctx lasts. The caller must call unlock.
func (l *keyedMutex) lock(ctx context.Context, key string) (unlock func(), err error) {
	t := l.enter(key)
	select {
	case <-t.free:
		return func() { t.free <- struct{}{}; l.leave(key) }, nil
	case <-ctx.Done():
		l.leave(key)
		return nil, fmt.Errorf("%w: while waiting for another write on the same object: %w", entra.ErrUnreachable, ctx.Err())
	}
}

func (l *keyedMutex) enter(key string) *heldKey {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, known := l.held[key]
	if !known {
		t = &heldKey{free: make(chan struct{}, 1)}
		t.free <- struct{}{}
		l.held[key] = t
	}
	t.users++
	return t
}

func (l *keyedMutex) leave(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[key].users--; l.held[key].users == 0 {
		delete(l.held, key)
	}
}

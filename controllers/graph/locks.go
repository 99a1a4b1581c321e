package graph

import (
	"context"
	"fmt"
	"sync"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// locks let one write at a time pass for each key: Entra loses concurrent writes on one application, or refuses them.
type locks struct {
	mu   sync.Mutex
	held map[string]*turn
}

type turn struct {
	free  chan struct{} // holds one token while nobody writes
	users int
}

func newLocks() *locks { return &locks{held: map[string]*turn{}} }

// hold waits for the key's turn, as long as ctx lasts. The caller must call release.
func (l *locks) hold(ctx context.Context, key string) (release func(), err error) {
	t := l.enter(key)
	select {
	case <-t.free:
		return func() { t.free <- struct{}{}; l.leave(key) }, nil
	case <-ctx.Done():
		l.leave(key)
		return nil, fmt.Errorf("%w: while waiting for another write on the same object: %w", entra.ErrUnreachable, ctx.Err())
	}
}

func (l *locks) enter(key string) *turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, known := l.held[key]
	if !known {
		t = &turn{free: make(chan struct{}, 1)}
		t.free <- struct{}{}
		l.held[key] = t
	}
	t.users++
	return t
}

func (l *locks) leave(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[key].users--; l.held[key].users == 0 {
		delete(l.held, key)
	}
}

package graph

import (
	"sync"
	"time"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const (
	// sharing is how long one read of an API's service principal serves all who ask by object ID.
	sharing = 15 * time.Second
	// believing is how long one read serves those who only look names up.
	believing = time.Hour
	// asking is how soon an API is read again for somebody who wants it fresher.
	asking = time.Minute
)

// shared are service principals of APIs that were read before, by object ID and by appID. Failures are never kept.
type shared struct {
	clock clock.PassiveClock

	mu   sync.Mutex
	read map[string]glance
}

type glance struct {
	principal entra.ServicePrincipal
	at        time.Time
}

func newShared(c clock.PassiveClock) *shared { return &shared{clock: c, read: map[string]glance{}} }

// recall gives what was read no longer ago than that.
func (s *shared) recall(id string, ago time.Duration) (entra.ServicePrincipal, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, known := s.read[id]
	return g.principal, known && s.clock.Since(g.at) < ago
}

func (s *shared) keep(principal entra.ServicePrincipal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, g := range s.read {
		if s.clock.Since(g.at) >= believing {
			delete(s.read, id)
		}
	}
	g := glance{principal, s.clock.Now()}
	s.read[principal.ObjectID], s.read[principal.AppID] = g, g
}

func (s *shared) forget(objectID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.read, s.read[objectID].principal.AppID)
	delete(s.read, objectID)
}

// agreeable is how old an answer may be for somebody who asks for a fresh one, or for any: at most an hour, and at least a minute.
func agreeable(fresh time.Duration) time.Duration {
	if fresh <= 0 {
		return believing
	}
	return min(max(fresh, asking), believing)
}

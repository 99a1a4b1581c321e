package graph

import (
	"sync"
	"time"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// sharing is how long one read of an API's service principal serves all who ask.
const sharing = 15 * time.Second

// shared are service principals of APIs that were read a moment ago, by object ID.
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

func (s *shared) recall(objectID string) (entra.ServicePrincipal, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, known := s.read[objectID]
	return g.principal, known && s.clock.Since(g.at) < sharing
}

func (s *shared) keep(principal entra.ServicePrincipal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, g := range s.read {
		if s.clock.Since(g.at) >= sharing {
			delete(s.read, id)
		}
	}
	s.read[principal.ObjectID] = glance{principal, s.clock.Now()}
}

func (s *shared) forget(objectID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.read, objectID)
}

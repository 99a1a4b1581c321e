// Package memory is what this process knows of a tenant beyond what Entra shows, so that its own recent writes are read back: which
// objects it saw, missed, created and deleted, and which properties and lists it changed. It is lost with the process, which costs at
// most a repeated write.
package memory

import (
	"sync"
	"time"

	"k8s.io/utils/clock"
)

const (
	// staleness is how long Entra may still show what one of our writes replaced.
	staleness = 5 * time.Minute
	// creationGrace is how long after its creation an object may be missed or refused for no other reason than replication.
	creationGrace = 10 * time.Minute
	// retention is how long what nobody asks about is kept.
	retention = time.Hour
)

// Memory of one tenant. Keys of objects are object IDs, or what the caller makes up.
type Memory struct {
	clock clock.PassiveClock

	mu         sync.Mutex
	objects    recent[*objectState]
	properties recent[map[string]*propertyState]
	lists      recent[map[string]change]
	sweptAt    time.Time
}

// New is an empty memory.
func New(c clock.PassiveClock) *Memory {
	return &Memory{
		clock: c, sweptAt: c.Now(),
		objects:    newRecent(retention, func() *objectState { return &objectState{} }),
		properties: newRecent(creationGrace, func() map[string]*propertyState { return map[string]*propertyState{} }),
		lists:      newRecent(creationGrace, func() map[string]change { return map[string]change{} }),
	}
}

// within reports whether an event is younger than a span. What never happened is not; what is said to lie ahead is.
func (m *Memory) within(event time.Time, span time.Duration) bool {
	return !event.IsZero() && m.clock.Since(event) < span
}

// sweep forgets what nobody has asked about for long.
func (m *Memory) sweep() {
	if now := m.clock.Now(); !m.within(m.sweptAt, staleness) {
		m.sweptAt = now
		m.objects.sweep(now)
		m.properties.sweep(now)
		m.lists.sweep(now)
	}
}

// recent is a map that keeps what was asked for not longer ago than its retention.
type recent[V any] struct {
	retention time.Duration
	fresh     func() V
	entries   map[string]*recentEntry[V]
}

type recentEntry[V any] struct {
	value  V
	usedAt time.Time
}

func newRecent[V any](retention time.Duration, fresh func() V) recent[V] {
	return recent[V]{retention: retention, fresh: fresh, entries: map[string]*recentEntry[V]{}}
}

// at gives the value of a key, a fresh one where there is none.
func (r recent[V]) at(key string, now time.Time) V {
	entry, known := r.entries[key]
	if !known {
		entry = &recentEntry[V]{value: r.fresh()}
		r.entries[key] = entry
	}
	entry.usedAt = now
	return entry.value
}

func (r recent[V]) sweep(now time.Time) {
	for key, entry := range r.entries {
		if now.Sub(entry.usedAt) >= r.retention {
			delete(r.entries, key)
		}
	}
}

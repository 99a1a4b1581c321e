package graph

import (
	"slices"
	"strings"
	"time"
)

// roster is what we recently added to and took from a collection of a directory object.
type roster struct {
	entries map[string]entry
	touched time.Time
}

type entry struct {
	value any // nil: taken away
	at    time.Time
}

// added notes that we added a member to the list.
func (m *memory) added(key, id string, value any) { m.note(key, id, value) }

// removed notes that we took a member away.
func (m *memory) removed(key, id string) { m.note(key, id, nil) }

func (m *memory) note(key, id string, value any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.listOf(key).entries[id] = entry{value, m.clock.Now()}
}

// reappeared forgets that we took members away: what the list shows now is believed.
func (m *memory) reappeared(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, e := range m.listOf(key).entries {
		if e.value == nil {
			delete(m.lists[key].entries, id)
			m.fate(id).deleted = time.Time{}
		}
	}
}

// isFresh tells whether we added the member so recently that Entra may not know it everywhere.
func (m *memory) isFresh(key, id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, known := m.listOf(key).entries[id]
	return known && e.value != nil && m.within(e.at, staleness)
}

// complete lays our recent additions and removals over the members that Entra shows.
func complete[T any](m *memory, key string, shown []T, id func(T) string) []T {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.listOf(key)
	listed := map[string]bool{}
	shown = slices.DeleteFunc(shown, func(member T) bool {
		e, known := l.entries[id(member)]
		listed[id(member)] = true
		return known && e.value == nil && m.within(e.at, staleness)
	})
	var missing []T
	for key, e := range l.entries {
		if member, ok := e.value.(T); ok && !listed[key] && m.within(e.at, staleness) {
			missing = append(missing, member)
		}
	}
	slices.SortFunc(missing, func(a, b T) int { return strings.Compare(id(a), id(b)) })
	return append(shown, missing...)
}

func (m *memory) listOf(key string) *roster {
	m.sweep()
	l, known := m.lists[key]
	if !known {
		l = &roster{entries: map[string]entry{}}
		m.lists[key] = l
	}
	l.touched = m.clock.Now()
	return l
}

func merge(known, more []string) []string {
	for _, item := range more {
		if !slices.Contains(known, item) {
			known = append(known, item)
		}
	}
	return known
}

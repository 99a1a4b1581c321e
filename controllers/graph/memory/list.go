package memory

import (
	"slices"
	"strings"
	"time"
)

// change is what we did to a member of a list.
type change struct {
	added any // nil: removed
	at    time.Time
}

// NoteAdded notes that we added a member to the list.
func (m *Memory) NoteAdded(list, id string, member any) { m.noteChange(list, id, member) }

// NoteRemoved notes that we removed a member from the list.
func (m *Memory) NoteRemoved(list, id string) { m.noteChange(list, id, nil) }

func (m *Memory) noteChange(list, id string, added any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes(list)[id] = change{added, m.clock.Now()}
}

// ForgetRemovals forgets that we removed members: what the list shows now is believed.
func (m *Memory) ForgetRemovals(list string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	changes := m.changes(list)
	for id, c := range changes {
		if c.added == nil {
			delete(changes, id)
			m.state(id).deletedAt = time.Time{}
		}
	}
}

// RecentlyAdded reports whether we added the member so recently that Entra may not know it everywhere.
func (m *Memory) RecentlyAdded(list, id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, known := m.changes(list)[id]
	return known && c.added != nil && m.within(c.at, staleness)
}

// CompleteList lays our recent additions and removals over the members that Entra shows.
func CompleteList[T any](m *Memory, list string, shown []T, id func(T) string) []T {
	m.mu.Lock()
	defer m.mu.Unlock()
	changes := m.changes(list)
	listed := map[string]bool{}
	shown = slices.DeleteFunc(shown, func(member T) bool {
		c, known := changes[id(member)]
		listed[id(member)] = true
		return known && c.added == nil && m.within(c.at, staleness)
	})
	var missing []T
	for id, c := range changes {
		if member, ok := c.added.(T); ok && !listed[id] && m.within(c.at, staleness) {
			missing = append(missing, member)
		}
	}
	slices.SortFunc(missing, func(a, b T) int { return strings.Compare(id(a), id(b)) })
	return append(shown, missing...)
}

func (m *Memory) changes(list string) map[string]change {
	m.sweep()
	return m.lists.at(list, m.clock.Now())
}

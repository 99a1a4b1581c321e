package memory

import (
	"fmt"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Object names an object: by a key that decides, by other keys of it, and with the keys of what is deleted with it.
type Object struct {
	Key      string
	Aliases  []string
	Children []string
}

// objectState is what is known of whether one object is there.
type objectState struct {
	createdAt   time.Time // in Entra, or when we restored it
	missedSince time.Time // first of the misses since it was last seen
	deletedAt   time.Time // by us
	lagSince    time.Time // first failure that looked like lag, for an object whose creation time is unknown
	known       bool      // we saw it, created it, or know what it hangs on
	aliases     []string  // other keys of the same object
	children    []string  // keys that are deleted with it
}

// NoteSeen notes that Entra showed an object, and since when it exists, under all its keys. It answers ErrNotFound where we deleted the
// object so recently that the answer must be old. An alias does not decide that: a name may have passed to another object since.
func (m *Memory) NoteSeen(object Object, createdAt time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.relate(object)
	if m.within(m.state(object.Key).deletedAt, staleness) {
		return fmt.Errorf("%w: we deleted it", entra.ErrNotFound)
	}
	for _, k := range append([]string{object.Key}, object.Aliases...) {
		o := m.state(k)
		o.known, o.deletedAt, o.missedSince = true, time.Time{}, time.Time{}
		if createdAt.After(o.createdAt) {
			o.createdAt = createdAt
		}
	}
	return nil
}

// NoteMissed notes that Entra did not show an object, and says what that means.
func (m *Memory) NoteMissed(key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	o := m.state(key)
	if !o.deletedAt.IsZero() {
		return fmt.Errorf("%w: we deleted it", entra.ErrNotFound)
	}
	if o.missedSince.IsZero() {
		o.missedSince = m.clock.Now()
	}
	if m.within(o.missedSince, staleness) {
		return fmt.Errorf("%w: not shown, perhaps not yet", entra.ErrLagging)
	}
	return entra.ErrNotFound
}

// IsKnown reports whether we have seen or made the object, or what it hangs on, within the last hour or so.
func (m *Memory) IsKnown(key string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state(key).known
}

// NoteKeys notes all keys of an object.
func (m *Memory) NoteKeys(object Object) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.relate(object)
}

func (m *Memory) relate(object Object) {
	o := m.state(object.Key)
	o.aliases, o.children = union(o.aliases, object.Aliases), union(o.children, object.Children)
	for _, k := range object.Children {
		m.state(k).known = true
	}
}

// NoteCreated notes that we created an object, or restored it.
func (m *Memory) NoteCreated(object Object) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.relate(object)
	for _, k := range append([]string{object.Key}, m.state(object.Key).aliases...) {
		o := m.state(k)
		o.known = true
		o.createdAt, o.deletedAt, o.missedSince, o.lagSince = m.clock.Now(), time.Time{}, time.Time{}, time.Time{}
	}
}

// NoteDeleted notes that we deleted an object, and what goes with it.
func (m *Memory) NoteDeleted(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.delete(key)
}

func (m *Memory) delete(key string) {
	o := m.state(key)
	o.deletedAt = m.clock.Now()
	delete(m.properties.entries, key)
	for _, k := range o.aliases {
		m.state(k).deletedAt = o.deletedAt
	}
	for _, k := range o.children {
		m.delete(k)
	}
}

// IsDeleted reports whether we deleted the object, and whether that is so recent that Entra may not have noticed everywhere.
func (m *Memory) IsDeleted(key string) (deleted, recently bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o := m.state(key)
	return !o.deletedAt.IsZero(), m.within(o.deletedAt, staleness)
}

// AnyDeleted reports whether we deleted one of the objects.
func (m *Memory) AnyDeleted(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { deleted, _ := m.IsDeleted(key); return deleted })
}

// IsNew reports whether one of the objects is known to be so new that parts of Entra may not know it yet.
func (m *Memory) IsNew(keys ...string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	isNew, _ := m.newness(keys)
	return isNew
}

// MayLag reports whether a failure about these objects may be lag: one of them is new or, where a creation time is unknown, the failure is.
func (m *Memory) MayLag(keys ...string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	isNew, unknown := m.newness(keys)
	if isNew || unknown == nil {
		return isNew
	}
	if unknown.lagSince.IsZero() {
		unknown.lagSince = m.clock.Now()
	}
	return m.within(unknown.lagSince, creationGrace)
}

// newness reports whether one of the objects is new, and gives one whose creation time is unknown.
func (m *Memory) newness(keys []string) (isNew bool, unknown *objectState) {
	for _, key := range keys {
		o := m.state(key)
		isNew = isNew || m.within(o.createdAt, creationGrace)
		if o.createdAt.IsZero() {
			unknown = o
		}
	}
	return isNew, unknown
}

func (m *Memory) state(key string) *objectState {
	m.sweep()
	return m.objects.at(key, m.clock.Now())
}

func union(known, more []string) []string {
	for _, item := range more {
		if !slices.Contains(known, item) {
			known = append(known, item)
		}
	}
	return known
}

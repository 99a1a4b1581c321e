package graph

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const (
	// staleness is how long Entra may still show what one of our writes replaced.
	staleness = 5 * time.Minute
	// youth is how long after its creation an object may be missed or refused for no other reason than replication.
	youth = 10 * time.Minute
	// retention is how long what nobody asks about is kept.
	retention = time.Hour
)

// memory is what this process knows of a tenant beyond what Entra shows: which objects it saw, missed, made and deleted, and, in
// values and lists, what it overwrote. It is lost with the process, which costs at most a repeated write.
type memory struct {
	clock clock.PassiveClock

	mu     sync.Mutex
	fates  map[string]*fate
	values map[string]*values
	lists  map[string]*roster
	swept  time.Time
}

// fate is what is known of whether one object is there. Its key is an object ID, an appID (for births), or nameKey, principalKey.
type fate struct {
	born     time.Time // in Entra, or when we restored it
	missed   time.Time // first of the misses since it was last seen
	deleted  time.Time // by us
	excused  time.Time // first failure that looked like lag, for an object of unknown birth
	known    bool      // we saw it, made it, or know what it hangs on
	touched  time.Time
	aliases  []string // other keys of the same object
	children []string // keys that are deleted with it
}

func newMemory(c clock.PassiveClock) *memory {
	return &memory{
		clock: c, swept: c.Now(),
		fates: map[string]*fate{}, values: map[string]*values{}, lists: map[string]*roster{},
	}
}

func nameKey(uniqueName string) string { return "name:" + uniqueName }
func principalKey(appID string) string { return "principal-of:" + appID }

// saw notes that Entra showed an object, and since when it exists, under all its keys. It answers ErrNotFound where we deleted the
// object so recently that the answer must be old. Only the first key decides: a name may have passed to another object since.
func (m *memory) saw(born time.Time, key string, aliases ...string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.within(m.fate(key).deleted, staleness) {
		return fmt.Errorf("%w: we deleted it", entra.ErrNotFound)
	}
	for _, k := range append(aliases, key) {
		f := m.fate(k)
		f.known, f.deleted, f.missed = true, time.Time{}, time.Time{}
		if born.After(f.born) {
			f.born = born
		}
	}
	return nil
}

// missed notes that Entra did not show an object, and says what that means.
func (m *memory) missed(key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.fate(key)
	if !f.deleted.IsZero() {
		return fmt.Errorf("%w: we deleted it", entra.ErrNotFound)
	}
	if f.missed.IsZero() {
		f.missed = m.clock.Now()
	}
	if m.within(f.missed, staleness) {
		return fmt.Errorf("%w: not shown, perhaps not yet", entra.ErrLagging)
	}
	return entra.ErrNotFound
}

// isKnown tells whether we have seen or made the object, or what it hangs on, within the last hour or so.
func (m *memory) isKnown(key string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fate(key).known
}

// related notes the other keys of an object, and those of the objects that are deleted with it.
func (m *memory) related(key string, aliases, children []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.fate(key)
	f.aliases, f.children = merge(f.aliases, aliases), merge(f.children, children)
	for _, k := range children {
		m.fate(k).known = true
	}
}

// created notes that we brought an object to life, or back to it.
func (m *memory) created(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range append([]string{key}, m.fate(key).aliases...) {
		f := m.fate(k)
		f.known = true
		f.born, f.deleted, f.missed, f.excused = m.clock.Now(), time.Time{}, time.Time{}, time.Time{}
	}
}

// deleted notes that we deleted an object, and what goes with it.
func (m *memory) deleted(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.delete(key)
}

func (m *memory) delete(key string) {
	f := m.fate(key)
	f.deleted = m.clock.Now()
	delete(m.values, key)
	for _, k := range f.aliases {
		m.fate(k).deleted = f.deleted
	}
	for _, k := range f.children {
		m.delete(k)
	}
}

// isDeleted tells whether we deleted the object, and whether that is so recent that Entra may not have noticed everywhere.
func (m *memory) isDeleted(key string) (deleted, recently bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.fate(key)
	return !f.deleted.IsZero(), m.within(f.deleted, staleness)
}

// deletedAny tells whether we deleted one of the objects.
func (m *memory) deletedAny(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { deleted, _ := m.isDeleted(key); return deleted })
}

// isYoung tells whether one of the objects is known to be so new that parts of Entra may not know it yet.
func (m *memory) isYoung(keys ...string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	young, _ := m.youth(keys)
	return young
}

// excuses tells whether a failure about these objects may be lag: one of them is young or, where a birth is unknown, the failure is.
func (m *memory) excuses(keys ...string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	young, unknown := m.youth(keys)
	if young || unknown == nil {
		return young
	}
	if unknown.excused.IsZero() {
		unknown.excused = m.clock.Now()
	}
	return m.within(unknown.excused, youth)
}

func (m *memory) youth(keys []string) (young bool, unknown *fate) {
	for _, key := range keys {
		f := m.fate(key)
		young = young || m.within(f.born, youth)
		if f.born.IsZero() {
			unknown = f
		}
	}
	return young, unknown
}

// within tells whether an event is younger than a span. What never happened is not; what is said to lie ahead is.
func (m *memory) within(event time.Time, span time.Duration) bool {
	return !event.IsZero() && m.clock.Since(event) < span
}

func (m *memory) fate(key string) *fate {
	m.sweep()
	f, known := m.fates[key]
	if !known {
		f = &fate{}
		m.fates[key] = f
	}
	f.touched = m.clock.Now()
	return f
}

// sweep forgets what nobody has asked about for long.
func (m *memory) sweep() {
	if m.within(m.swept, staleness) {
		return
	}
	m.swept = m.clock.Now()
	for key, f := range m.fates {
		if !m.within(f.touched, retention) {
			delete(m.fates, key)
		}
	}
	for key, v := range m.values {
		if !m.within(v.touched, youth) {
			delete(m.values, key)
		}
	}
	for key, l := range m.lists {
		if !m.within(l.touched, youth) {
			delete(m.lists, key)
		}
	}
}

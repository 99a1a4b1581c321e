package memory

import (
	"errors"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func newTestMemory() (*Memory, func(time.Duration)) {
	clock := clocktesting.NewFakePassiveClock(noon)
	return New(clock), func(d time.Duration) { clock.SetTime(clock.Now().Add(d)) }
}

// verdictOf names the error.
func nameOf(err error) string {
	switch {
	case err == nil:
		return "there"
	case errors.Is(err, entra.ErrLagging):
		return "lagging"
	case errors.Is(err, entra.ErrNotFound):
		return "gone"
	default:
		return err.Error()
	}
}

func TestMemory_IsPresentAbsentOrLagging(t *testing.T) {
	t.Parallel()
	type step struct {
		after time.Duration
		do    func(*Memory) error
		want  string
	}
	miss := func(m *Memory) error { return m.NoteMissed("a") }
	see := func(m *Memory) error { return m.NoteSeen(Object{Key: "a"}, noon.Add(-time.Hour)) }
	then := func(do func(*Memory)) func(*Memory) error { return func(m *Memory) error { do(m); return nil } }
	deleted := then(func(m *Memory) { m.NoteDeleted("a") })
	tests := []struct {
		name  string
		steps []step
	}{
		{"one miss proves nothing", []step{{0, miss, "lagging"}}},
		{"many misses within five minutes prove nothing", []step{{0, miss, "lagging"}, {time.Minute, miss, "lagging"}, {3 * time.Minute, miss, "lagging"}}},
		{"two misses five minutes apart are gone", []step{{0, miss, "lagging"}, {5 * time.Minute, miss, "gone"}, {time.Hour - time.Minute, miss, "gone"}}},
		{"a sighting in between starts anew", []step{{0, miss, "lagging"}, {time.Minute, see, "there"}, {5 * time.Minute, miss, "lagging"}}},
		{"what we deleted is gone at once", []step{{0, deleted, "there"}, {0, miss, "gone"}}},
		{"what we deleted is gone although an old answer shows it", []step{{0, deleted, "there"}, {4 * time.Minute, see, "gone"}}},
		{"what somebody brought back is there after five minutes", []step{{0, deleted, "there"}, {5 * time.Minute, see, "there"}, {0, miss, "lagging"}}},
		{"what we brought back is there", []step{{0, deleted, "there"}, {0, then(func(m *Memory) { m.NoteCreated(Object{Key: "a"}) }), "there"}, {0, see, "there"}}},
		{"what goes with a deleted parent is gone", []step{
			{0, then(func(m *Memory) { m.NoteKeys(Object{Key: "parent", Children: []string{"a"}}); m.NoteDeleted("parent") }), "there"}, {0, miss, "gone"}}},
		{"a name goes with its object and comes back with it", []step{
			{0, then(func(m *Memory) { m.NoteKeys(Object{Key: "object", Aliases: []string{"a"}}); m.NoteDeleted("object") }), "there"}, {0, miss, "gone"},
			{0, then(func(m *Memory) { m.NoteCreated(Object{Key: "object"}) }), "there"}, {0, miss, "lagging"}}},
		{"a name that passed to another object is that one's", []step{
			{0, then(func(m *Memory) { m.NoteKeys(Object{Key: "former", Aliases: []string{"a"}}); m.NoteDeleted("former") }), "there"},
			{0, func(m *Memory) error { return m.NoteSeen(Object{Key: "latter", Aliases: []string{"a"}}, noon) }, "there"}, {0, miss, "lagging"}}},
		{"a child does not come back with its parent", []step{
			{0, then(func(m *Memory) {
				m.NoteKeys(Object{Key: "parent", Children: []string{"a"}})
				m.NoteDeleted("parent")
				m.NoteCreated(Object{Key: "parent"})
			}), "there"}, {0, miss, "gone"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m, advance := newTestMemory()
			for i, step := range test.steps {
				advance(step.after)
				if got := nameOf(step.do(m)); got != step.want {
					t.Fatalf("step %d: %s, want %s", i+1, got, step.want)
				}
			}
		})
	}
}

func TestMemory_MayLagWhileNew(t *testing.T) {
	t.Parallel()
	m, advance := newTestMemory()
	_ = m.NoteSeen(Object{Key: "new"}, noon)
	_ = m.NoteSeen(Object{Key: "old"}, noon.Add(-time.Hour))
	for _, step := range []struct {
		name  string
		after time.Duration
		keys  []string
		want  bool
	}{
		{"a new object", 0, []string{"new"}, true},
		{"an old one", 0, []string{"old"}, false},
		{"a new one among old ones", 0, []string{"old", "new"}, true},
		{"one of unknown age, at the first failure", 0, []string{"unknown"}, true},
		{"nearly ten minutes later, all of them", 9*time.Minute + 59*time.Second, []string{"new", "unknown"}, true},
		{"ten minutes later", time.Second, []string{"new"}, false},
		{"ten minutes after the first failure", 0, []string{"unknown"}, false},
		{"nobody's failure", 0, nil, false},
	} {
		advance(step.after)
		if got := m.MayLag(step.keys...); got != step.want {
			t.Errorf("%s: %t, want %t", step.name, got, step.want)
		}
	}
	if m.IsNew("never heard of") {
		t.Error("an object of unknown age is not a new one")
	}
}

func TestMemory_ForgetsWhatNobodyAsksAbout(t *testing.T) {
	t.Parallel()
	m, advance := newTestMemory()
	_ = m.NoteMissed("a")
	m.NoteAdded("list", "member", 1)
	Overlay[entra.ApplicationPatch](m, "b", &entra.ApplicationSettings{})
	advance(2 * time.Hour)
	_ = m.NoteMissed("c")
	if len(m.objects.entries) != 1 || len(m.lists.entries) != 0 || len(m.properties.entries) != 0 {
		t.Errorf("%d objects, %d lists, %d properties", len(m.objects.entries), len(m.lists.entries), len(m.properties.entries))
	}
}

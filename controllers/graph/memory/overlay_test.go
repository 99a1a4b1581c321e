package memory

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const object = "object"

func shownName(m *Memory, name string) string {
	settings := entra.ApplicationSettings{DisplayName: name}
	Overlay[entra.ApplicationPatch](m, object, &settings)
	return settings.DisplayName
}

func rename(m *Memory, name string) { NotePatch(m, object, entra.ApplicationPatch{DisplayName: &name}) }

func TestOverlay_ReplacedValuesAreStaleAndOthersBelieved(t *testing.T) {
	t.Parallel()
	m, advance := newTestMemory()
	shownName(m, "first")
	rename(m, "second")
	advance(time.Minute)
	rename(m, "third")
	for _, step := range []struct {
		name        string
		after       time.Duration
		shown, want string
	}{
		{"the value before the first write", 0, "first", "third"},
		{"the value before the second write", 0, "second", "third"},
		{"our own", 0, "third", "third"},
		{"somebody's edit", 0, "foreign", "foreign"},
		{"an old answer after it", 0, "first", "third"},
		{"five minutes after the first write", 4 * time.Minute, "first", "first"},
		{"not yet five minutes after the second", 0, "second", "third"},
		{"five minutes after the second", time.Minute, "second", "second"},
	} {
		advance(step.after)
		if got := shownName(m, step.shown); got != step.want {
			t.Errorf("%s: %q, want %q", step.name, got, step.want)
		}
	}
}

func TestOverlay_ValueThatWeWroteBackIsOurs(t *testing.T) {
	t.Parallel()
	m, _ := newTestMemory()
	shownName(m, "first")
	rename(m, "second")
	rename(m, "first")
	for _, shown := range []string{"first", "second"} {
		if got := shownName(m, shown); got != "first" {
			t.Errorf("shown %q: %q", shown, got)
		}
	}
}

func TestNotePatch_ForgetsUnreadAndEqualValues(t *testing.T) {
	t.Parallel()
	m, _ := newTestMemory()
	rename(m, "second") // never read before
	if got := shownName(m, "first"); got != "first" {
		t.Errorf("after an unread write: %q", got)
	}
	rename(m, "first")
	if got := shownName(m, "first"); got != "first" {
		t.Errorf("after a write that changed nothing: %q", got)
	}
}

func TestOverlay_ComparesListsAsSets(t *testing.T) {
	t.Parallel()
	m, _ := newTestMemory()
	Overlay[entra.ApplicationPatch](m, object, &entra.ApplicationSettings{Tags: []string{"a", "b"}})
	NotePatch(m, object, entra.ApplicationPatch{Tags: &[]string{}})
	settings := entra.ApplicationSettings{Tags: []string{"b", "a"}}
	Overlay[entra.ApplicationPatch](m, object, &settings)
	if len(settings.Tags) != 0 {
		t.Errorf("an old answer in another order: %q", settings.Tags)
	}
}

func TestOverlay_ComparesPermissionsAsSets(t *testing.T) {
	t.Parallel()
	m, _ := newTestMemory()
	read := func(access []entra.RequiredAccess, clients []entra.PreAuthorized) (int, int) {
		settings := entra.ApplicationSettings{RequiredAccess: access, PreAuthorized: clients}
		Overlay[entra.ApplicationPatch](m, object, &settings)
		return len(settings.RequiredAccess), len(settings.PreAuthorized)
	}
	read([]entra.RequiredAccess{{ResourceAppID: "a", Scopes: []string{"1", "2"}, AppRoles: []string{"3", "4"}}, {ResourceAppID: "b"}},
		[]entra.PreAuthorized{{AppID: "a", Scopes: []string{"1", "2"}}, {AppID: "b"}})
	NotePatch(m, object, entra.ApplicationPatch{RequiredAccess: &[]entra.RequiredAccess{}, PreAuthorized: &[]entra.PreAuthorized{}})
	if access, clients := read([]entra.RequiredAccess{{ResourceAppID: "b"}, {ResourceAppID: "a", Scopes: []string{"2", "1"}, AppRoles: []string{"4", "3"}}},
		[]entra.PreAuthorized{{AppID: "b"}, {AppID: "a", Scopes: []string{"2", "1"}}}); access+clients != 0 {
		t.Errorf("an old answer in another order shows %d APIs and %d clients", access, clients)
	}
	if access, clients := read([]entra.RequiredAccess{{ResourceAppID: "a", Scopes: []string{"3"}}}, []entra.PreAuthorized{{AppID: "b"}}); access*clients != 1 {
		t.Errorf("somebody's edit shows %d APIs and %d clients", access, clients)
	}
}

func TestOverlay_OnlyAReadConfirmsADisabledScope(t *testing.T) {
	t.Parallel()
	m, _ := newTestMemory()
	scope := func(enabled bool) entra.Scope { return entra.Scope{ID: "1", Value: "read", Enabled: enabled} }
	read := func(enabled bool) []entra.Scope {
		settings := entra.ApplicationSettings{Scopes: []entra.Scope{scope(enabled)}}
		Overlay[entra.ApplicationPatch](m, object, &settings)
		return settings.Scopes
	}
	read(true)
	NotePatch(m, object, entra.ApplicationPatch{Scopes: &[]entra.Scope{scope(false)}})
	unconfirmed := scope(false)
	unconfirmed.Unconfirmed = true
	for _, step := range []struct {
		name  string
		shown bool
		want  entra.Scope
	}{
		{"still shown enabled", true, unconfirmed},
		{"shown disabled", false, scope(false)},
		{"shown enabled again, by a replica that is behind", true, unconfirmed},
	} {
		if diff := cmp.Diff([]entra.Scope{step.want}, read(step.shown)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", step.name, diff)
		}
	}
	NotePatch(m, object, entra.ApplicationPatch{Scopes: &[]entra.Scope{}})
	for _, shown := range []bool{true, false} {
		if got := read(shown); len(got) != 0 {
			t.Errorf("removed, and shown with enabled=%t: %v", shown, got)
		}
	}
}

func TestNotePatch_SharesNothingWithCallers(t *testing.T) {
	t.Parallel()
	m, _ := newTestMemory()
	Overlay[entra.ApplicationPatch](m, object, &entra.ApplicationSettings{Tags: []string{"old"}})
	ours := []string{"ours"}
	NotePatch(m, object, entra.ApplicationPatch{Tags: &ours})
	ours[0] = "changed by the caller"
	settings := entra.ApplicationSettings{Tags: []string{"old"}}
	Overlay[entra.ApplicationPatch](m, object, &settings)
	if diff := cmp.Diff([]string{"ours"}, settings.Tags); diff != "" {
		t.Error(diff)
	}
}

func TestCompleteList_AddsAndRemovesOurs(t *testing.T) {
	t.Parallel()
	m, advance := newTestMemory()
	id := func(a entra.Assignment) string { return a.ID }
	member := func(id string) entra.Assignment { return entra.Assignment{ID: id} }
	m.NoteAdded("list", "c", member("c"))
	m.NoteAdded("list", "b", member("b"))
	m.NoteRemoved("list", "a")
	for _, step := range []struct {
		after time.Duration
		shown []entra.Assignment
		want  []entra.Assignment
	}{
		{0, []entra.Assignment{member("a"), member("x")}, []entra.Assignment{member("x"), member("b"), member("c")}},
		{0, []entra.Assignment{member("b")}, []entra.Assignment{member("b"), member("c")}},
		{5 * time.Minute, []entra.Assignment{member("a")}, []entra.Assignment{member("a")}},
	} {
		advance(step.after)
		if diff := cmp.Diff(step.want, CompleteList(m, "list", step.shown, id)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

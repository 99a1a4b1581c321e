package permission

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

var read = v1alpha1.NamedID{Value: "Read", ID: "read"}

// What may be known of a permission.
const (
	recorded, pending, present, confirmed     = "recorded", "pending", "present", "confirmed"
	wanted, barred, faulty, missing, onlyTold = "wanted", "barred", "faulty", "missing", "only told"
	spared                                    = "spared"
)

// TestCompare_SortsByWhatIsRecordedPresentAndWanted is about one permission, read.
func TestCompare_SortsByWhatIsRecordedPresentAndWanted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ known, want []string }{
		"new":                              {[]string{wanted}, []string{"give"}},
		"new, of an API that is missing":   {[]string{wanted, missing}, nil},
		"new, and not to be had":           {[]string{wanted, faulty}, nil},
		"made by others":                   {[]string{wanted, present}, []string{"keep", "adopt"}},
		"made by others, and not let":      {[]string{wanted, present, barred}, nil},
		"made by others, and not wanted":   {[]string{present}, nil},
		"made before a crash":              {[]string{wanted, present, recorded, pending}, []string{"keep", "adopt"}},
		"not made before a crash":          {[]string{wanted, recorded, pending, onlyTold}, []string{"keep", "give"}},
		"in sync":                          {[]string{wanted, present, recorded}, []string{"keep"}},
		"in sync, of a missing API":        {[]string{wanted, present, recorded, missing}, []string{"keep"}},
		"just seen":                        {[]string{wanted, present, recorded, pending, confirmed}, []string{"keep"}},
		"taken away by others":             {[]string{wanted, recorded}, []string{"keep", "give"}},
		"taken away by others, and told":   {[]string{wanted, recorded, onlyTold}, []string{"keep", "lost"}},
		"wanted no longer":                 {[]string{present, recorded}, []string{"take"}},
		"wanted no longer, but by another": {[]string{present, recorded, spared}, []string{"spared"}},
		"let no longer":                    {[]string{wanted, present, recorded, barred}, []string{"forced"}},
		"gone":                             {[]string{recorded}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, sorted(Compare(subject(test.known)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func subject(known []string) Subject {
	is := func(what string) bool { return slices.Contains(known, what) }
	ids := func(what string) []string {
		if is(what) {
			return []string{read.ID}
		}
		return nil
	}
	s := Subject{
		World: World{Confirmed: ids(confirmed)}, Pending: ids(pending), Present: ids(present), Repairs: !is(onlyTold),
		Spared: func(v1alpha1.NamedID, bool) bool { return is(spared) },
	}
	if is(recorded) {
		s.Recorded = []v1alpha1.NamedID{read}
	}
	if is(missing) {
		s.World.Missing = &engine.Wait{}
	}
	if is(wanted) {
		e := s.Entry("spec.roles[0]", read, !is(barred))
		if is(faulty) {
			e.Fault = "it is disabled"
		}
		s.Wanted = []Entry{e}
	}
	return s
}

// sorted are the lists of a comparison that are not empty.
func sorted(c Comparison) []string {
	var names []string
	for _, list := range []struct {
		name string
		size int
	}{
		{"keep", len(c.Keep)}, {"adopt", len(c.Adopt)}, {"give", len(c.Give)}, {"lost", len(c.Lost)},
		{"take", len(c.Take)}, {"forced", len(c.Forced)}, {"spared", len(c.Spared)},
	} {
		if list.size > 0 {
			names = append(names, list.name)
		}
	}
	return names
}

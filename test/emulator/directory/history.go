package directory

import (
	"slices"
	"strings"
	"time"
)

// version is a state of one object; object is nil once it is purged.
type version struct {
	at     time.Time
	copied time.Time // when service principals see this version of their application
	object *Object
}

// record is the short history of one object, oldest first.
type record struct{ versions []version }

func (r *record) latest() *Object { return r.versions[len(r.versions)-1].object }

// asOf is the state that a replica shows which is at a moment in the past; nil when there was none.
func (r *record) asOf(moment time.Time) *Object {
	for _, v := range slices.Backward(r.versions) {
		if !v.at.After(moment) {
			return v.object
		}
	}
	return nil
}

// trim forgets what no replica can show any more; of a purged object the last state stays, for its service principal.
func (r *record) trim(horizon time.Time) {
	first := 0
	for i, v := range r.versions {
		if v.object != nil && !v.at.After(horizon) && !v.copied.After(horizon) {
			first = i
		}
	}
	r.versions = r.versions[first:]
}

func sameText(a, b string) bool { return strings.EqualFold(a, b) }

package engine

import (
	"errors"
	"slices"
	"sync"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

const (
	// flappingAfter is how often one step may succeed within flappingWithin and come back all the same.
	flappingAfter = 3
	// flappingWithin is shorter than the usual resync: what somebody undoes is put right at every one of these.
	flappingWithin = 30 * time.Minute
)

// flapping remembers the steps that succeeded lately, so that nobody who undoes them draws us into a race: an edit of a Secret wakes
// us at once. They are in memory, by the UID of the object.
type flapping struct{ objects sync.Map }

// history of the steps of one generation of an object. A new one, and a request to look, start it anew.
type history struct {
	generation int64
	request    string
	steps      map[string][]time.Time
}

// historyOf an object. A deletion has a new one each time: it must come to its end.
func (f *flapping) historyOf(obj client.Object) *history {
	fresh := &history{
		generation: obj.GetGeneration(), request: obj.GetAnnotations()[v1alpha1.ReconcileRequestedAt], steps: map[string][]time.Time{},
	}
	if !obj.GetDeletionTimestamp().IsZero() {
		return fresh
	}
	known, loaded := f.objects.LoadOrStore(obj.GetUID(), fresh)
	if before := known.(*history); loaded && before.generation == fresh.generation && before.request == fresh.request {
		return before
	}
	f.objects.Store(obj.GetUID(), fresh)
	return fresh
}

func (f *flapping) forget(obj client.Object) { f.objects.Delete(obj.GetUID()) }

// add notes that a step succeeded.
func (h *history) add(step string, now time.Time) { h.steps[step] = append(h.steps[step], now) }

// flaps reports whether a step has succeeded so often of late that to take it once more is no use.
func (h *history) flaps(step string, now time.Time) bool {
	for name, times := range h.steps {
		recent := slices.DeleteFunc(times, func(at time.Time) bool { return now.Sub(at) >= flappingWithin })
		if h.steps[name] = recent; len(recent) == 0 {
			delete(h.steps, name)
		}
	}
	return len(h.steps[step]) >= flappingAfter
}

// errUndone is the error of a step that is not taken because somebody undoes it.
var errUndone = errors.New("somebody undoes what we write")

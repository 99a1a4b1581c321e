package engine

import (
	"errors"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

const (
	// contestedAfter is how often one step may succeed within contestedFor and come back all the same.
	contestedAfter = 3
	// contestedFor is shorter than the usual resync: what somebody undoes is put right at every one of these.
	contestedFor = 30 * time.Minute
)

// contests remember the steps that succeeded lately, so that nobody who undoes them draws us into a race: an edit of a Secret wakes
// us at once. They are in memory, by the UID of the object.
type contests struct{ objects sync.Map }

// contest is about one generation of an object. A new one, and a request to look, start it anew.
type contest struct {
	generation int64
	request    string
	steps      map[string][]time.Time
}

// of is the contest about an object. A farewell has one for each look: it must come to its end.
func (c *contests) of(obj client.Object) *contest {
	fresh := &contest{
		generation: obj.GetGeneration(), request: obj.GetAnnotations()[v1alpha1.ReconcileRequestedAt], steps: map[string][]time.Time{},
	}
	if !obj.GetDeletionTimestamp().IsZero() {
		return fresh
	}
	known, loaded := c.objects.LoadOrStore(obj.GetUID(), fresh)
	if before := known.(*contest); loaded && before.generation == fresh.generation && before.request == fresh.request {
		return before
	}
	c.objects.Store(obj.GetUID(), fresh)
	return fresh
}

func (c *contests) forget(uid types.UID) { c.objects.Delete(uid) }

// won notes that a step succeeded.
func (c *contest) won(step string, now time.Time) { c.steps[step] = append(c.steps[step], now) }

// lost tells whether a step has succeeded so often of late that to take it once more is no use.
func (c *contest) lost(step string, now time.Time) bool {
	for name, times := range c.steps {
		recent := slices.DeleteFunc(times, func(at time.Time) bool { return now.Sub(at) >= contestedFor })
		if c.steps[name] = recent; len(recent) == 0 {
			delete(c.steps, name)
		}
	}
	return len(c.steps[step]) >= contestedAfter
}

// errUndone is the error of a step that is not taken because somebody undoes it.
var errUndone = errors.New("somebody undoes what we write")

// Package enginetest is for the tests of kinds: it makes their decisions as the engine does, and fails a test where one is not pure.
package enginetest

import (
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Decide makes a decision twice at the same time on the same arguments, so that the race detector sees any write, and fails the test
// where the decisions differ, where an argument was changed, or where the decision lacks its copy of the object.
func Decide[T engine.Object, W engine.World](t *testing.T, kind engine.Kind[T, W], obj T, world W, now time.Time) engine.Decision[T, W] {
	t.Helper()
	before := dump(obj, world)
	var decisions [2]engine.Decision[T, W]
	var both sync.WaitGroup
	for i := range decisions {
		both.Go(func() { decisions[i] = kind.Decide(obj, world, now) })
	}
	both.Wait()
	if after := dump(obj, world); after != before {
		t.Errorf("Decide changed its arguments:\n%s", cmp.Diff(before, after))
	}
	if first, second := dump(decisions[0]), dump(decisions[1]); first != second {
		t.Errorf("two decisions on the same arguments differ:\n%s", cmp.Diff(first, second))
	}
	checkObject(t, obj, decisions[0].Object)
	return decisions[0]
}

// checkObject fails the test where what Decide gives is no copy of the object, or has other conditions.
func checkObject[T engine.Object](t *testing.T, obj, decided T) {
	t.Helper()
	switch {
	case reflect.ValueOf(decided).IsNil():
		t.Fatal("the decision has no object")
	case any(decided) == any(obj):
		t.Error("the decision has the object itself, and no copy of it")
	case !reflect.DeepEqual(decided.Common(), obj.Common()):
		t.Errorf("the decision writes what is the engine's: %+v", decided.Common())
	}
}

// Settled is how decisions came to an end.
type Settled[T engine.Object, W engine.World] struct {
	// Decision is the last one.
	engine.Decision[T, W]
	World W
	// Done are the steps that were taken, reads left out. One that found what it was to make is among them.
	Done []string
	// Err joins the errors of the round that failed; nil where none did.
	Err error
}

// maxRounds is as many as the engine goes.
const maxRounds = 8

// Settle plays decisions on a world, with their reads and steps, until nothing is left to do or a round fails, as the engine does. It fails
// the test where the decisions come to no end.
func Settle[T engine.Object, W engine.World](
	t *testing.T, kind engine.Kind[T, W], obj T, world W, now time.Time, clients engine.Clients,
) Settled[T, W] {
	t.Helper()
	if clients.Locks == nil {
		clients.Locks = engine.NewKeyedMutex()
	}
	if clients.OwnWrites == nil {
		clients.OwnWrites = &engine.OwnWrites{}
	}
	s := Settled[T, W]{World: world}
	for range maxRounds {
		s.Decision = Decide(t, kind, obj, s.World, now)
		obj = s.Object
		if len(s.Reads)+len(s.Steps) == 0 {
			return s
		}
		if s.Err = s.act(t, clients); s.Err != nil {
			s.Decision = Decide(t, kind, obj, s.World, now)
			return s
		}
	}
	t.Errorf("there is still something to do after %d rounds: %v", maxRounds, s.Done)
	return s
}

// act makes the reads and takes the steps of one round.
func (s *Settled[T, W]) act(t *testing.T, clients engine.Clients) error {
	t.Helper()
	var errs []error
	for i, step := range slices.Concat(s.Reads, s.Steps) {
		err := step.Do(t.Context(), clients, &s.World)
		if err != nil && !errors.Is(err, engine.ErrFound) {
			errs = append(errs, err)
		} else if i >= len(s.Reads) {
			s.Done = append(s.Done, step.String())
		}
		if _, throttled := errors.AsType[entra.Throttled](err); throttled {
			break
		}
	}
	return errors.Join(errs...)
}

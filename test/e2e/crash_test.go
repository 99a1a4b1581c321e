package e2e

import (
	"fmt"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// storyInEntra is what the story leaves in Entra when it has settled.
var storyInEntra = census{applications: 2, principals: 2, credentials: 1, assignments: 1}

// crashing plans the end of the process after its k-th mutation.
func crashing(k int, lost bool) prop {
	return func(s *stage, _ *emulator.Options) { s.wire.plan(k, lost) }
}

func TestACrashAfterAnyMutationLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	calm := newStage(t)
	calm.create(calm.story()...)
	calm.ready(ours(calm.story())...)
	calm.clock.quiet(t)
	mutations := calm.wire.mutations()
	t.Logf("the story takes %d mutations", mutations)
	for k := 1; k <= mutations; k++ {
		for name, lost := range map[string]bool{"the answer lost": true, "the answer received": false} {
			t.Run(fmt.Sprintf("mutation %d, %s", k, name), func(t *testing.T) {
				t.Parallel()
				s := newStage(t, crashing(k, lost))
				objs := s.crashed()
				s.restartManager()
				s.ready(ours(objs)...)
				s.holds(storyInEntra)
			})
		}
		t.Run(fmt.Sprintf("mutation %d, deleted before the restart", k), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, crashing(k, true))
			objs := s.crashed()
			s.delete(objs...)
			s.restartManager()
			s.gone(objs...)
			if left := s.census(); left.applications+left.principals+left.credentials+left.assignments > 0 {
				t.Errorf("left in Entra: %+v", left)
			}
		})
	}
}

// crashed plays the story until the process is gone. Not every run needs every mutation: where the story settles first, there is
// nothing left to crash at.
func (s *stage) crashed() []client.Object {
	s.t.Helper()
	objs := s.story()
	s.create(objs...)
	s.clock.until(s.t, "the crash", settleTime, func() bool { return s.wire.isDead() || s.allReady(ours(objs)...) })
	return objs
}

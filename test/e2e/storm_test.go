package e2e

import (
	"fmt"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// applications that the storm is about.
const fleet = 50

// storm is a directory that lags by up to half a minute, and a wire on which every tenth request meets a fault.
func storm(_ *stage, o *emulator.Options) {
	o.Seed = 7
	o.Lag = directory.Lag{Min: 0, Max: 30 * time.Second}
	o.Faults = faults.Random{Rate: 0.1, Kinds: []string{"429", "503", "reset", "commit-then-500", "concurrency"}}
}

func TestFiftyApplicationsReachReadyThroughLagAndFaults(t *testing.T) {
	t.Parallel()
	s := newStage(t, storm)
	var objs []object
	for i := range fleet {
		name := fmt.Sprintf("app-%02d", i)
		api := fmt.Sprintf("app-%02d", (i+1)%fleet) // everybody calls the next one
		objs = append(objs,
			s.app(name, exposing("Orders.Read.All")), s.trust(name, name, name), s.assignment(name, name, api, "Orders.Read.All"))
	}
	for _, obj := range objs {
		s.create(obj)
	}
	took := s.ready(objs...)
	at, most := s.clock.hottest()
	t.Logf("%d objects took %s of the clock, %d reconciles (at most %d of one object in a minute), %d exchanges",
		len(objs), took, s.clock.reconciles.Load(), most, len(s.entra.Exchanges()))
	if most > 10 {
		t.Errorf("a hot loop: %s %s was looked at %d times in a minute", at.queue, at.object, most)
	}
	s.holdsExactly(objs)

	s.entra.SetLag(directory.Lag{})
	s.entra.SetFaults(faults.Random{})
	for _, obj := range objs {
		s.delete(obj)
	}
	gone := make([]client.Object, len(objs))
	for i, obj := range objs {
		gone[i] = obj
	}
	s.gone(gone...)
	s.holds(census{deleted: fleet})
}

package env

import (
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/test/e2e/env/poll"
)

// Quiet waits until the managers have been told of everything that the API server holds, and have nothing to do before time passes.
func (e *Env) Quiet() {
	e.T.Helper()
	var now *snapshot
	poll.Until(e.T, "quiet", func() bool {
		reconciles := e.Clock.Reconciles()
		if !e.Clock.Idle() {
			return false
		}
		if now == nil || now.reconciles != reconciles || now.age() > tooOld {
			now = e.newSnapshot(reconciles)
		}
		return now.isReached() && e.Clock.Idle() && e.Clock.Reconciles() == now.reconciles
	})
}

// tooOld is for a snapshot that is not reached: something in it may have been deleted since.
const tooOld = 100 * time.Millisecond

// snapshot is what the API server held when the managers were idle. Once they have been told of all of it and are still idle, without a
// reconcile since, nothing in it makes them do anything.
type snapshot struct {
	env        *Env
	reconciles int
	objects    map[schema.GroupVersionKind]versions
	taken      time.Time
}

func (e *Env) newSnapshot(reconciles int) *snapshot {
	s := &snapshot{env: e, reconciles: reconciles}
	if len(e.managers) > 0 {
		s.objects = e.watched()
	}
	s.taken = realTime.Now()
	return s
}

func (s *snapshot) isReached() bool {
	return !slices.ContainsFunc(s.env.managers, func(m *Manager) bool { return !m.events.haveReached(s.objects) })
}

func (s *snapshot) age() time.Duration { return realTime.Since(s.taken) }

// realTime is that of the control plane.
var realTime clock.RealClock

// SkipTenMinutes lets ten minutes pass in one step: what comes next does not depend on how long the things before took.
func (e *Env) SkipTenMinutes() {
	e.T.Helper()
	e.Quiet()
	e.Clock.Step(10 * time.Minute)
	e.Quiet()
}

func (e *Env) forget(stopped *Manager) {
	e.managers = slices.DeleteFunc(e.managers, func(m *Manager) bool { return m == stopped })
}

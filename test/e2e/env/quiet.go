package env

import (
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/test/e2e/env/poll"
)

// Quiet waits until the managers have been told of everything that the API server holds, and have nothing to do before time passes.
func (e *Env) Quiet() {
	e.T.Helper()
	poll.Until(e.T, "quiet", e.isQuiet)
}

// isQuiet asks the managers whether they are idle twice: what they had not been told of at first is in their queues at last.
func (e *Env) isQuiet() bool {
	begun := e.Clock.Reconciles()
	if !e.Clock.Idle() {
		return false
	}
	if len(e.managers) > 0 {
		objects := e.watched()
		if slices.ContainsFunc(e.managers, func(m *Manager) bool { return !m.events.haveReached(objects) }) {
			return false
		}
	}
	return e.Clock.Idle() && e.Clock.Reconciles() == begun
}

// Rest lets ten minutes pass in one step: what comes next does not depend on how long the things before took.
func (e *Env) Rest() {
	e.T.Helper()
	e.Quiet()
	e.Clock.Step(10 * time.Minute)
	e.Quiet()
}

func (e *Env) forget(stopped *Manager) {
	e.managers = slices.DeleteFunc(e.managers, func(m *Manager) bool { return m == stopped })
}

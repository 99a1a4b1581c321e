// Package fakeclock is a clock that a test moves, together with the work queues that it drives.
package fakeclock

import (
	"slices"
	"sync"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/test/e2e/env/poll"
)

// Clock stands still until a test moves it. What a queue has put off until later is due as soon as a step has reached its time, so that
// after a step everything that it has made due can be seen in the queues.
type Clock struct {
	*clocktesting.FakeClock
	t testing.TB

	mutex      sync.Mutex
	queues     []*Queues
	reconciles int
	perMinute  map[Minute]int
}

// Minute is one minute of the clock in which one object was reconciled by one controller.
type Minute struct {
	Controller string
	Object     reconcile.Request
	minute     int64
}

// New is a clock that stands at the present: the tokens of ServiceAccounts are of the real present, too.
func New(t testing.TB) *Clock {
	now := time.Now() //nolint:forbidigo // see above
	return &Clock{FakeClock: clocktesting.NewFakeClock(now), t: t, perMinute: map[Minute]int{}}
}

// Step moves the clock at once.
func (c *Clock) Step(d time.Duration) {
	c.FakeClock.Step(d)
	for _, queues := range c.all() {
		queues.addDue()
	}
}

func (c *Clock) all() []*Queues {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return slices.Clone(c.queues)
}

// Idle reports whether every manager has started, nothing is queued and no reconcile is running.
func (c *Clock) Idle() bool {
	return !slices.ContainsFunc(c.all(), func(queues *Queues) bool { return !queues.idle() })
}

// Reconciles is how many have begun so far.
func (c *Clock) Reconciles() int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.reconciles
}

// checkEvery is how many polls there are to one check of a condition while reconciles are running: most conditions read from the API server,
// and most reconciles are shorter.
const checkEvery = 5

// WaitUntil lets time pass until a condition holds, a second whenever the managers are idle, and returns how much has passed.
func (c *Clock) WaitUntil(what string, limit time.Duration, holds func() bool) time.Duration {
	c.t.Helper()
	begun, polls := c.Now(), 0
	poll.Until(c.t, what, func() bool {
		if polls++; !c.Idle() && polls%checkEvery != 0 {
			return false
		}
		if holds() {
			return true
		}
		if c.Idle() {
			c.Step(time.Second)
		}
		if passed := c.Since(begun); passed > limit {
			c.t.Fatalf("%s did not happen within %s of the clock", what, limit)
		}
		return false
	})
	return c.Since(begun)
}

// Pass lets time pass in steps of a second. Between them the managers do what is due.
func (c *Clock) Pass(d time.Duration) {
	c.t.Helper()
	c.pass(d, time.Second)
}

// PassMinutes lets time pass in steps of five seconds.
func (c *Clock) PassMinutes(d time.Duration) {
	c.t.Helper()
	c.pass(d, 5*time.Second)
}

// PassHours lets time pass in steps of a minute, for hours in which nothing but resyncs is expected.
func (c *Clock) PassHours(d time.Duration) {
	c.t.Helper()
	c.pass(d, time.Minute)
}

func (c *Clock) pass(d, step time.Duration) {
	c.t.Helper()
	end := c.Now().Add(d)
	poll.Until(c.t, "the passing of "+d.String(), func() bool {
		if c.Now().Before(end) && c.Idle() {
			c.Step(step)
		}
		return !c.Now().Before(end)
	})
}

// CheckNoHotLoop fails where a controller has reconciled any object too often within a minute of the clock.
func (c *Clock) CheckNoHotLoop() {
	c.t.Helper()
	if at, most := c.Busiest(); most > 10 {
		c.t.Errorf("a hot loop: %s %s was reconciled %d times in a minute", at.Controller, at.Object, most)
	}
}

// Busiest is the minute with the most reconciles of one object, and how many there were.
func (c *Clock) Busiest() (Minute, int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var busiest Minute
	for minute, reconciles := range c.perMinute {
		if reconciles > c.perMinute[busiest] {
			busiest = minute
		}
	}
	return busiest, c.perMinute[busiest]
}

func (c *Clock) begin(controller string, object reconcile.Request) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.reconciles++
	c.perMinute[Minute{controller, object, c.Now().Unix() / 60}]++
}

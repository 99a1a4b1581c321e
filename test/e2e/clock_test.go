package e2e

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/util/workqueue"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

const (
	// glance is how often a test looks whether something has happened, in real time.
	glance = 5 * time.Millisecond
	// still is for how many glances nothing must move before it counts as quiet: watches need a moment.
	still = 20
	// fuse is how long a test waits in real time before it gives up.
	fuse = 3 * time.Minute
)

// timepiece is a clock that a test moves, together with the queues that it drives.
type timepiece struct {
	*clocktesting.FakeClock
	reconciles atomic.Int64 // begun so far
	busy       atomic.Int64 // in work now
	mutex      sync.Mutex
	minutes    map[look]int
}

// look is one object in one minute of the clock.
type look struct {
	queue  string
	object reconcile.Request
	minute int64
}

func newTimepiece() *timepiece {
	return &timepiece{FakeClock: clocktesting.NewFakeClock(time.Now()), minutes: map[look]int{}} //nolint:forbidigo // ServiceAccount tokens are of the real present
}

// newQueue makes a work queue on this clock.
func (c *timepiece) newQueue(name string, limiter workqueue.TypedRateLimiter[reconcile.Request]) workqueue.TypedRateLimitingInterface[reconcile.Request] {
	queue := &countedQueue{timepiece: c, name: name, TypedRateLimitingInterface: workqueue.NewTypedRateLimitingQueueWithConfig(limiter,
		workqueue.TypedRateLimitingQueueConfig[reconcile.Request]{
			DelayingQueue: workqueue.NewTypedDelayingQueueWithConfig(workqueue.TypedDelayingQueueConfig[reconcile.Request]{Clock: c.FakeClock}),
		})}
	return queue
}

// countedQueue tells the timepiece what is in work.
type countedQueue struct {
	workqueue.TypedRateLimitingInterface[reconcile.Request]
	timepiece *timepiece
	name      string
}

func (q *countedQueue) Get() (reconcile.Request, bool) {
	item, shutdown := q.TypedRateLimitingInterface.Get()
	if !shutdown {
		q.timepiece.busy.Add(1)
		q.timepiece.reconciles.Add(1)
		q.timepiece.note(look{q.name, item, q.timepiece.Now().Unix() / 60})
	}
	return item, shutdown
}

func (c *timepiece) note(l look) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.minutes[l]++
}

// hottest is the most often that any object was looked at within a minute of the clock.
func (c *timepiece) hottest() (look, int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var at look
	most := 0
	for l, n := range c.minutes {
		if n > most {
			at, most = l, n
		}
	}
	return at, most
}

func (q *countedQueue) Done(item reconcile.Request) {
	q.TypedRateLimitingInterface.Done(item)
	q.timepiece.busy.Add(-1)
}

// quiet waits until no object is being looked at, and none is about to be without time passing.
func (c *timepiece) quiet(t testing.TB) {
	t.Helper()
	calm, seen := 0, c.reconciles.Load()
	poll(t, "quiet", func() bool {
		if now := c.reconciles.Load(); now != seen || c.busy.Load() != 0 {
			calm, seen = 0, now
			return false
		}
		calm++
		return calm >= still
	})
}

// until lets time pass, a second at a glance, until a condition holds, and reports how much passed.
func (c *timepiece) until(t testing.TB, what string, limit time.Duration, holds func() bool) time.Duration {
	t.Helper()
	begun := c.Now()
	poll(t, what, func() bool {
		if holds() {
			return true
		}
		if c.busy.Load() == 0 {
			c.Step(time.Second)
		}
		if passed := c.Since(begun); passed > limit {
			t.Fatalf("%s did not happen within %s of the clock", what, limit)
		}
		return false
	})
	return c.Since(begun)
}

// pass lets time pass, a second at a step, work done between.
func (c *timepiece) pass(t testing.TB, d time.Duration) {
	t.Helper()
	end := c.Now().Add(d)
	c.until(t, "time passing", d+time.Minute, func() bool { return !c.Now().Before(end) })
}

// leap lets time pass a minute at a glance, for hours in which nothing happens but resyncs.
func (c *timepiece) leap(t testing.TB, d time.Duration) {
	t.Helper()
	c.stride(t, d, time.Minute)
}

// linger lets minutes pass, five seconds at a glance.
func (c *timepiece) linger(t testing.TB, d time.Duration) {
	t.Helper()
	c.stride(t, d, 5*time.Second)
}

func (c *timepiece) stride(t testing.TB, d, step time.Duration) {
	t.Helper()
	end := c.Now().Add(d)
	poll(t, "time passing", func() bool {
		if c.busy.Load() == 0 {
			c.Step(step)
		}
		return !c.Now().Before(end)
	})
}

// poll looks every glance, in real time.
func poll(t testing.TB, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), fuse)
	defer cancel()
	err := wait.PollUntilContextCancel(ctx, glance, true, func(context.Context) (bool, error) { return holds(), nil })
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// forget drops what a stopped manager left in work.
func (c *timepiece) forget() { c.busy.Store(0) }

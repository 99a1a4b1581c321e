package fakeclock

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// queue is client-go's, but for what is to be added later: that is added by the step of the clock that makes it due, and not, some time
// after it, by a goroutine.
type queue struct {
	workqueue.TypedInterface[reconcile.Request]
	clock      *Clock
	controller string
	limiter    workqueue.TypedRateLimiter[reconcile.Request]
	// unfinished are the requests that are queued or in work. A request never leaves one before it is in the other.
	unfinished atomic.Int64
	started    atomic.Bool

	mutex sync.Mutex
	later map[reconcile.Request]time.Time
}

func newQueue(clock *Clock, controller string, limiter workqueue.TypedRateLimiter[reconcile.Request]) *queue {
	q := &queue{clock: clock, controller: controller, limiter: limiter, later: map[reconcile.Request]time.Time{}}
	q.TypedInterface = workqueue.NewTypedWithConfig(workqueue.TypedQueueConfig[reconcile.Request]{
		Queue: &countedQueue{Queue: workqueue.DefaultQueue[reconcile.Request](), pushed: &q.unfinished},
	})
	return q
}

// countedQueue counts what is pushed.
type countedQueue struct {
	workqueue.Queue[reconcile.Request]
	pushed *atomic.Int64
}

func (q *countedQueue) Push(item reconcile.Request) {
	q.pushed.Add(1)
	q.Queue.Push(item)
}

func (q *queue) idle() bool { return q.started.Load() && q.unfinished.Load() == 0 }

func (q *queue) Get() (reconcile.Request, bool) {
	q.started.Store(true)
	item, shutdown := q.TypedInterface.Get()
	if !shutdown {
		q.clock.begin(q.controller, item)
	}
	return item, shutdown
}

func (q *queue) Done(item reconcile.Request) {
	q.TypedInterface.Done(item) // pushes it again where it was added meanwhile
	q.unfinished.Add(-1)
}

func (q *queue) AddAfter(item reconcile.Request, d time.Duration) {
	if q.ShuttingDown() {
		return
	}
	if d <= 0 {
		q.Add(item)
		return
	}
	q.mutex.Lock()
	defer q.mutex.Unlock()
	due := q.clock.Now().Add(d)
	if before, is := q.later[item]; !is || due.Before(before) {
		q.later[item] = due
	}
}

// addDue adds what is due by now, in order.
func (q *queue) addDue() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	now := q.clock.Now()
	var due []reconcile.Request
	for item, at := range q.later {
		if !at.After(now) {
			due = append(due, item)
		}
	}
	slices.SortFunc(due, func(a, b reconcile.Request) int { return q.later[a].Compare(q.later[b]) })
	for _, item := range due {
		delete(q.later, item)
		q.Add(item)
	}
}

func (q *queue) AddRateLimited(item reconcile.Request)  { q.AddAfter(item, q.limiter.When(item)) }
func (q *queue) Forget(item reconcile.Request)          { q.limiter.Forget(item) }
func (q *queue) NumRequeues(item reconcile.Request) int { return q.limiter.NumRequeues(item) }

package fakeclock

import (
	"slices"
	"sync"

	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// Queues are the work queues of one manager, one for each of its controllers.
type Queues struct {
	clock       *Clock
	controllers int

	mutex sync.Mutex
	all   []*queue
}

// NewQueues are those of a manager that is going to start so many controllers.
func (c *Clock) NewQueues(controllers int) *Queues {
	q := &Queues{clock: c, controllers: controllers}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.queues = append(c.queues, q)
	return q
}

// Close is for a manager that has stopped: what it left in its queues is forgotten.
func (q *Queues) Close() {
	q.clock.mutex.Lock()
	defer q.clock.mutex.Unlock()
	q.clock.queues = slices.DeleteFunc(q.clock.queues, func(other *Queues) bool { return other == q })
}

// New is a controller's queue.
func (q *Queues) New(controller string, limiter workqueue.TypedRateLimiter[reconcile.Request]) workqueue.TypedRateLimitingInterface[reconcile.Request] {
	made := newQueue(q.clock, controller, limiter)
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.all = append(q.all, made)
	return made
}

// idle reports whether all controllers have started and have nothing to do before time passes. A controller's workers ask for work once
// its handlers have been told of everything that was there at the start.
func (q *Queues) idle() bool {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	return len(q.all) == q.controllers && !slices.ContainsFunc(q.all, func(one *queue) bool { return !one.idle() })
}

func (q *Queues) addDue() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	for _, one := range q.all {
		one.addDue()
	}
}

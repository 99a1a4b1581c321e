package engine

import (
	"cmp"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

const (
	defaultResync = time.Hour
	quarter       = 15 * time.Minute
	// lagCap keeps the look for our own writes in seconds.
	lagCap = 30 * time.Second
)

// requeue turns outcomes into the time of the next look. It remembers how often an object was tried in vain.
type requeue struct {
	retries workqueue.TypedRateLimiter[types.UID]
	polls   workqueue.TypedRateLimiter[types.UID]
}

func newRequeue() *requeue {
	return &requeue{
		retries: workqueue.NewTypedItemExponentialFailureRateLimiter[types.UID](3*time.Second, 5*time.Minute),
		polls:   workqueue.NewTypedItemExponentialFailureRateLimiter[types.UID](time.Minute, 30*time.Minute),
	}
}

func (r *requeue) forget(obj client.Object) {
	r.retries.Forget(obj.GetUID())
	r.polls.Forget(obj.GetUID())
}

// result is when to look again, at the latest when the outcome says that something is planned.
func (r *requeue) result(obj client.Object, o Outcome) reconcile.Result {
	result := r.byReason(obj, o)
	if o.Revisit > 0 && (result.RequeueAfter == 0 || o.Revisit < result.RequeueAfter) {
		return reconcile.Result{RequeueAfter: o.Revisit}
	}
	return result
}

// byReason is when to look again by the interval of the reason. Resyncs wait behind everything that changed.
func (r *requeue) byReason(obj client.Object, o Outcome) reconcile.Result {
	uid := obj.GetUID()
	how := effects[o.Reason].interval
	if how == intervalBackoff {
		r.polls.Forget(uid)
		return reconcile.Result{RequeueAfter: r.backoff(uid, o)}
	}
	r.retries.Forget(uid)
	if how == intervalWait && o.Unwatched || o.waitsInEntra() {
		return reconcile.Result{RequeueAfter: r.polls.When(uid)}
	}
	r.polls.Forget(uid)
	if how == intervalNever {
		return reconcile.Result{}
	}
	after := wait.Jitter(cmp.Or(o.Resync, defaultResync)*9/10, 0.2)
	if how == intervalQuarter {
		after = wait.Jitter(quarter*2/3, 0.5)
	}
	return reconcile.Result{RequeueAfter: after, Priority: new(handler.LowPriority)}
}

// backoff doubles, but where Graph said how long to wait: then that is obeyed, spread a little, and does not count as a try. A pause
// holds up everybody in a tenant, most of whom have asked nothing.
func (r *requeue) backoff(uid types.UID, o Outcome) time.Duration {
	if o.Reason == v1alpha1.ReasonThrottled && o.After > 0 {
		return o.After + wait.Jitter(time.Second, 2)
	}
	after := r.retries.When(uid)
	if o.Reason == v1alpha1.ReasonLagging {
		after = min(after, lagCap)
	}
	return max(wait.Jitter(after, 0.1), o.After)
}

package engine

import (
	"strings"
	"time"
	"unicode"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// patience is how long an object may be under way before it counts as stalled. It is still tried.
const patience = 10 * time.Minute

// maxMessage bounds what a condition or an event says, in bytes.
const maxMessage = 1024

// shorten also makes one line of it: what users and Entra wrote must not look like a line of ours.
func shorten(message string) string {
	message = strings.Map(printable, message)
	if len(message) <= maxMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxMessage-len("…")], "") + "…"
}

func printable(r rune) rune {
	if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
		return ' '
	}
	return r
}

// conditions writes the conditions of one object; nothing else does.
type conditions struct {
	status     *v1alpha1.CommonStatus
	generation int64
	now        time.Time
}

// conclude turns an outcome into conditions, exactly as kstatus reads them.
func (c conditions) conclude(o Outcome, deleting bool) {
	e := effects[o.Reason]
	reason := o.Reason
	if deleting {
		e.ready, e.quiet, reason = readyFalse, false, v1alpha1.ReasonDeleting
	}
	since := c.underWaySince()
	ready := c.ready(e.ready, reason, o.Message)
	switch {
	case e.stalled:
		c.abnormal(v1alpha1.ConditionStalled, o)
	case e.quiet, e.ready == readyKept && ready:
		c.normal()
	case !since.IsZero() && c.now.Sub(since) >= patience && e.ready == readyKept:
		c.abnormal(v1alpha1.ConditionStalled, o)
	default:
		c.abnormal(v1alpha1.ConditionReconciling, o)
	}
	c.synced(o, e)
	c.status.ObservedGeneration = c.generation
}

// ready writes Ready and reports whether it is True for this generation.
func (c conditions) ready(r readiness, reason v1alpha1.Reason, message string) bool {
	switch r {
	case readyTrue:
		c.set(v1alpha1.ConditionReady, metav1.ConditionTrue, reason, message)
		return true
	case readyFalse:
		c.set(v1alpha1.ConditionReady, metav1.ConditionFalse, reason, message)
		return false
	case readyKept:
	}
	kept := meta.FindStatusCondition(c.status.Conditions, v1alpha1.ConditionReady)
	if kept != nil && kept.ObservedGeneration == c.generation && kept.Status != metav1.ConditionUnknown {
		return kept.Status == metav1.ConditionTrue
	}
	c.set(v1alpha1.ConditionReady, metav1.ConditionUnknown, reason, message)
	return false
}

func (c conditions) synced(o Outcome, e effect) {
	switch {
	case o.Unsynced != nil:
		c.set(v1alpha1.ConditionSynced, metav1.ConditionFalse, o.Unsynced.Reason, o.Unsynced.Message)
	case o.Reason == v1alpha1.ReasonInSync:
		c.set(v1alpha1.ConditionSynced, metav1.ConditionTrue, o.Reason, o.Message)
	case e.ready == readyKept && !e.quiet:
		c.set(v1alpha1.ConditionSynced, metav1.ConditionUnknown, o.Reason, o.Message)
	default:
		c.set(v1alpha1.ConditionSynced, metav1.ConditionFalse, o.Reason, o.Message)
	}
}

// abnormal sets one of Reconciling and Stalled and removes the other.
func (c conditions) abnormal(which string, o Outcome) {
	c.normalBut(which)
	c.set(which, metav1.ConditionTrue, o.Reason, o.Message)
}

func (c conditions) normal() { c.normalBut("") }

func (c conditions) normalBut(which string) {
	for _, other := range []string{v1alpha1.ConditionReconciling, v1alpha1.ConditionStalled} {
		if other != which {
			meta.RemoveStatusCondition(&c.status.Conditions, other)
		}
	}
}

// underWaySince is when this generation began to be under way; zero where it has not. What stalled by patience counts as under
// way still; what stalled because somebody has to act does not.
func (c conditions) underWaySince() time.Time {
	for _, condition := range c.status.Conditions {
		if condition.Status != metav1.ConditionTrue || condition.ObservedGeneration != c.generation {
			continue
		}
		switch {
		case condition.Type == v1alpha1.ConditionReconciling:
			return condition.LastTransitionTime.Time
		case condition.Type == v1alpha1.ConditionStalled && !effects[v1alpha1.Reason(condition.Reason)].stalled:
			return condition.LastTransitionTime.Add(-patience)
		}
	}
	return time.Time{}
}

func (c conditions) set(which string, status metav1.ConditionStatus, reason v1alpha1.Reason, message string) {
	condition := metav1.Condition{
		Type: which, Status: status, Reason: string(reason), Message: shorten(message),
		ObservedGeneration: c.generation, LastTransitionTime: metav1.NewTime(c.now),
	}
	before := meta.FindStatusCondition(c.status.Conditions, which)
	if before == nil {
		c.status.Conditions = append(c.status.Conditions, condition)
		return
	}
	sameSpec := before.ObservedGeneration == c.generation
	if before.Status == status && (sameSpec || which != v1alpha1.ConditionReconciling) {
		condition.LastTransitionTime = before.LastTransitionTime
		if sameSpec && before.Reason == condition.Reason && transient(reason) {
			return // request IDs and seconds to wait are new each time: that is no news, and would be a storm of patches
		}
	}
	*before = condition
}

// transient reports whether a reason settles by itself.
func transient(reason v1alpha1.Reason) bool {
	switch reason {
	case v1alpha1.ReasonLagging, v1alpha1.ReasonThrottled, v1alpha1.ReasonUnreachable:
		return true
	default:
		return false
	}
}

// Disabled reports whether the last look at obj found that others had disabled it in Entra. It is a hint, good for refusing only:
// what hangs on a disabled object is not written either.
func Disabled(obj Object) bool {
	stalled := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionStalled)
	return stalled != nil && stalled.Reason == string(v1alpha1.ReasonDisabled)
}

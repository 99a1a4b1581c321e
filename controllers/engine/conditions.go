package engine

import (
	"slices"
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
		c.abnormal("", o)
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
	status := metav1.ConditionUnknown
	switch kept := meta.FindStatusCondition(c.status.Conditions, v1alpha1.ConditionReady); {
	case r == readyTrue:
		status = metav1.ConditionTrue
	case r == readyFalse:
		status = metav1.ConditionFalse
	case kept != nil && kept.ObservedGeneration == c.generation && kept.Status != metav1.ConditionUnknown:
		return kept.Status == metav1.ConditionTrue
	}
	c.set(v1alpha1.ConditionReady, status, reason, message)
	return r == readyTrue
}

func (c conditions) synced(o Outcome, e effect) {
	status, because := metav1.ConditionFalse, Refusal{o.Reason, o.Message}
	switch {
	case o.Unsynced != nil:
		because = *o.Unsynced
	case o.Reason == v1alpha1.ReasonInSync:
		status = metav1.ConditionTrue
	case e.ready == readyKept && !e.quiet:
		status = metav1.ConditionUnknown
	}
	c.set(v1alpha1.ConditionSynced, status, because.Reason, because.Message)
}

// abnormal sets one of Reconciling and Stalled, or neither, and removes the rest.
func (c conditions) abnormal(which string, o Outcome) {
	for _, condition := range []string{v1alpha1.ConditionReconciling, v1alpha1.ConditionStalled} {
		if condition != which {
			meta.RemoveStatusCondition(&c.status.Conditions, condition)
		}
	}
	if which != "" {
		c.set(which, metav1.ConditionTrue, o.Reason, o.Message)
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
		if sameSpec && before.Reason == condition.Reason && slices.Contains(transient, reason) {
			return // request IDs and seconds to wait are new each time: that is no news, and would be a storm of patches
		}
	}
	*before = condition
}

// transient are the reasons that settle by themselves.
var transient = []v1alpha1.Reason{v1alpha1.ReasonLagging, v1alpha1.ReasonThrottled, v1alpha1.ReasonUnreachable}

// Disabled reports whether the last look at obj found that others had disabled it in Entra. It is a hint, good for refusing only:
// what hangs on a disabled object is not written either.
func Disabled(obj Object) bool {
	stalled := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionStalled)
	return stalled != nil && stalled.Reason == string(v1alpha1.ReasonDisabled)
}

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

// Joined makes one line of what there is to say.
func Joined(texts ...string) string {
	said := slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return text == "" })
	return strings.Join(said, "; ")
}

func printable(r rune) rune {
	if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
		return ' '
	}
	return r
}

// writer writes the conditions of one object; nothing else does.
type writer struct {
	status     *v1alpha1.CommonStatus
	generation int64
	now        time.Time
}

// conclude turns an outcome into conditions, exactly as kstatus reads them.
func (w writer) conclude(o Outcome, deleting bool) {
	e := effects[o.Reason]
	reason := o.Reason
	if deleting {
		e.ready, e.quiet, reason = readyFalse, false, v1alpha1.ReasonDeleting
	}
	since := w.underWaySince()
	ready := w.ready(e.ready, reason, o.Message)
	switch {
	case e.stalled:
		w.abnormal(v1alpha1.ConditionStalled, o)
	case e.quiet, e.ready == readyKept && ready:
		w.normal()
	case !since.IsZero() && w.now.Sub(since) >= patience && e.ready == readyKept:
		w.abnormal(v1alpha1.ConditionStalled, o)
	default:
		w.abnormal(v1alpha1.ConditionReconciling, o)
	}
	w.synced(o, e)
	w.status.ObservedGeneration = w.generation
}

// ready writes Ready and tells whether it is True for this generation.
func (w writer) ready(r readiness, reason v1alpha1.Reason, message string) bool {
	switch r {
	case readyTrue:
		w.set(v1alpha1.ConditionReady, metav1.ConditionTrue, reason, message)
		return true
	case readyFalse:
		w.set(v1alpha1.ConditionReady, metav1.ConditionFalse, reason, message)
		return false
	case readyKept:
	}
	kept := meta.FindStatusCondition(w.status.Conditions, v1alpha1.ConditionReady)
	if kept != nil && kept.ObservedGeneration == w.generation && kept.Status != metav1.ConditionUnknown {
		return kept.Status == metav1.ConditionTrue
	}
	w.set(v1alpha1.ConditionReady, metav1.ConditionUnknown, reason, message)
	return false
}

func (w writer) synced(o Outcome, e effect) {
	switch {
	case o.Unsynced != nil:
		w.set(v1alpha1.ConditionSynced, metav1.ConditionFalse, o.Unsynced.Reason, o.Unsynced.Message)
	case o.Reason == v1alpha1.ReasonInSync:
		w.set(v1alpha1.ConditionSynced, metav1.ConditionTrue, o.Reason, o.Message)
	case e.ready == readyKept && !e.quiet:
		w.set(v1alpha1.ConditionSynced, metav1.ConditionUnknown, o.Reason, o.Message)
	default:
		w.set(v1alpha1.ConditionSynced, metav1.ConditionFalse, o.Reason, o.Message)
	}
}

// abnormal sets one of Reconciling and Stalled and removes the other.
func (w writer) abnormal(which string, o Outcome) {
	w.normalBut(which)
	w.set(which, metav1.ConditionTrue, o.Reason, o.Message)
}

func (w writer) normal() { w.normalBut("") }

func (w writer) normalBut(which string) {
	for _, other := range []string{v1alpha1.ConditionReconciling, v1alpha1.ConditionStalled} {
		if other != which {
			meta.RemoveStatusCondition(&w.status.Conditions, other)
		}
	}
}

// underWaySince is when this generation began to be under way; zero where it has not. What stalled by patience counts as under
// way still; what stalled because somebody has to act does not.
func (w writer) underWaySince() time.Time {
	for _, c := range w.status.Conditions {
		if c.Status != metav1.ConditionTrue || c.ObservedGeneration != w.generation {
			continue
		}
		switch {
		case c.Type == v1alpha1.ConditionReconciling:
			return c.LastTransitionTime.Time
		case c.Type == v1alpha1.ConditionStalled && !effects[v1alpha1.Reason(c.Reason)].stalled:
			return c.LastTransitionTime.Add(-patience)
		}
	}
	return time.Time{}
}

func (w writer) set(which string, status metav1.ConditionStatus, reason v1alpha1.Reason, message string) {
	condition := metav1.Condition{
		Type: which, Status: status, Reason: string(reason), Message: shorten(message),
		ObservedGeneration: w.generation, LastTransitionTime: metav1.NewTime(w.now),
	}
	before := meta.FindStatusCondition(w.status.Conditions, which)
	if before == nil {
		w.status.Conditions = append(w.status.Conditions, condition)
		return
	}
	sameSpec := before.ObservedGeneration == w.generation
	if before.Status == status && (sameSpec || which != v1alpha1.ConditionReconciling) {
		condition.LastTransitionTime = before.LastTransitionTime
		if sameSpec && before.Reason == condition.Reason && passing(reason) {
			return // request IDs and seconds to wait are new each time: that is no news, and would be a storm of patches
		}
	}
	*before = condition
}

// passing tells whether a reason settles by itself.
func passing(reason v1alpha1.Reason) bool {
	switch reason {
	case v1alpha1.ReasonLagging, v1alpha1.ReasonThrottled, v1alpha1.ReasonUnreachable:
		return true
	default:
		return false
	}
}

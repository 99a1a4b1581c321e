package env

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// WaitStalled waits until an object is Stalled for a reason, and checks that the message says what it should.
func (s *Status) WaitStalled(obj Object, reason v1alpha1.Reason, words ...string) {
	s.t.Helper()
	s.CheckMessage(s.WaitCondition(obj, v1alpha1.ConditionStalled, metav1.ConditionTrue, reason), words...)
}

// WaitDenied waits until the gate has denied what an object asks for, and checks that the denial says all of this.
func (s *Status) WaitDenied(obj Object, words ...string) {
	s.t.Helper()
	message := s.WaitCondition(obj, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonDenied)
	s.WaitCondition(obj, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonDenied)
	s.CheckMessage(message, append(words, "baseline Default")...)
}

// WaitReadyWithConflict waits until an object is Ready although something of somebody else's is in its way, and checks what is said of
// that.
func (s *Status) WaitReadyWithConflict(obj Object, words ...string) {
	s.t.Helper()
	s.CheckMessage(s.WaitCondition(obj, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonConflict), words...)
	if !IsReady(obj) {
		s.t.Errorf("%s is not Ready:\n%s", obj.GetName(), s.Describe(obj))
	}
}

// WaitWaiting lets time pass until an object says that it waits for all of this.
func (s *Status) WaitWaiting(obj Object, words ...string) {
	s.t.Helper()
	s.clock.WaitUntil(fmt.Sprintf("%s: waiting for %q", obj.GetName(), words), SettleTime, func() bool {
		s.cluster.Get(obj)
		ready := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionReady)
		return ready != nil && ready.Reason == string(v1alpha1.ReasonWaiting) && containsAll(ready.Message, words)
	})
}

// WaitReadyOrStalled gives the reason for which an object is Stalled; empty where it is Ready.
func (s *Status) WaitReadyOrStalled(obj Object) string {
	s.t.Helper()
	reason := ""
	s.clock.WaitUntil(obj.GetName()+" Ready or Stalled", SettleTime, func() bool {
		if !s.cluster.Get(obj) || IsReady(obj) {
			return IsReady(obj)
		}
		for _, c := range obj.Common().Conditions {
			if c.Type == v1alpha1.ConditionStalled {
				reason = c.Reason
				s.CheckMessage(c.Message)
			}
		}
		return reason != ""
	})
	return reason
}

// CheckMessage fails where a message does not say all of this, or has more than one line.
func (s *Status) CheckMessage(message string, words ...string) {
	s.t.Helper()
	if !containsAll(message, words) {
		s.t.Errorf("the message does not say %q:\n%s", words, message)
	}
	if strings.ContainsAny(message, "\r\n") {
		s.t.Errorf("the message has more than one line: %q", message)
	}
}

func containsAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

package env

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/fakeclock"
)

// SettleTime is how long objects may take to reach Ready, of the clock.
const SettleTime = 15 * time.Minute

// Object is one of the operator's kinds.
type Object interface {
	client.Object
	Common() *v1alpha1.CommonStatus
}

// Status lets time pass until objects say what a test expects, and ends the test where they do not.
type Status struct {
	t       testing.TB
	cluster *Cluster
	clock   *fakeclock.Clock
}

// WaitReady lets time pass until all objects are Ready for the generation that they have, and returns how much.
func (s *Status) WaitReady(objs ...Object) time.Duration {
	s.t.Helper()
	defer func() {
		if s.t.Failed() {
			s.t.Logf("not Ready:\n%s", s.Describe(objs...))
		}
	}()
	return s.clock.WaitUntil("Ready of "+objs[0].GetName(), SettleTime, func() bool { return s.AllReady(objs...) })
}

// AllReady reads the objects that were not Ready when they were read last.
func (s *Status) AllReady(objs ...Object) bool {
	for _, obj := range objs {
		if !IsReady(obj) && (!s.cluster.Get(obj) || !IsReady(obj)) {
			return false
		}
	}
	return true
}

// IsReady reports whether an object is Ready for its generation, as it was read last.
func IsReady(obj Object) bool {
	c := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionReady)
	return c != nil && c.Status == metav1.ConditionTrue && c.ObservedGeneration == obj.GetGeneration()
}

// WaitCondition lets time pass until an object has a condition with a reason, for its generation, and gives its message.
func (s *Status) WaitCondition(obj Object, condition string, status metav1.ConditionStatus, reason v1alpha1.Reason) string {
	s.t.Helper()
	var message string
	s.clock.WaitUntil(obj.GetName()+": "+condition+"="+string(status)+"/"+string(reason), SettleTime, func() bool {
		if !s.cluster.Get(obj) {
			return false
		}
		c := meta.FindStatusCondition(obj.Common().Conditions, condition)
		if c == nil || c.Status != status || c.Reason != string(reason) || c.ObservedGeneration != obj.GetGeneration() {
			return false
		}
		message = c.Message
		return true
	})
	return message
}

// WaitGone lets time pass until objects are gone from the cluster.
func (s *Status) WaitGone(objs ...client.Object) {
	s.t.Helper()
	s.clock.WaitUntil("the end of "+objs[0].GetName(), 2*SettleTime, func() bool { return !slices.ContainsFunc(objs, s.cluster.Get) })
}

// WaitSynced lets time pass until all objects say that they are in sync.
func (s *Status) WaitSynced(objs ...Object) {
	s.t.Helper()
	next := 0
	s.clock.WaitUntil("everything in sync", SettleTime, func() bool {
		for ; next < len(objs); next++ {
			s.cluster.Get(objs[next])
			if !meta.IsStatusConditionTrue(objs[next].Common().Conditions, v1alpha1.ConditionSynced) {
				return false
			}
		}
		return true
	})
}

// Describe is what objects say that are not Ready, for a test that fails.
func (s *Status) Describe(objs ...Object) string {
	var lines []string
	for _, obj := range objs {
		if s.cluster.Get(obj) && IsReady(obj) {
			continue
		}
		lines = append(lines, fmt.Sprintf("%T %s", obj, obj.GetName()))
		for _, c := range obj.Common().Conditions {
			lines = append(lines, fmt.Sprintf("    %s=%s %s: %s", c.Type, c.Status, c.Reason, c.Message))
		}
	}
	return strings.Join(lines, "\n")
}

package e2e

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// The real kube-controller-manager empties namespaces, in real time: these are emptied side by side.
func TestANamespaceIsDeletedWithEverythingInIt(t *testing.T) {
	t.Parallel()
	nothing := func(*stage) {}
	scenes := []struct{ before, during func(*stage) }{
		{before: nothing, during: nothing},
		{before: (*stage).deletesTheTenant, during: nothing},
		{before: nothing, during: func(s *stage) { s.delete(s.tenantObject()) }},
		{before: troubles["nobody answers"].begins, during: (*stage).sitsOutTheOutage},
		{before: troubles["lag of half a minute"].begins, during: nothing},
	}
	stages := make([]*stage, len(scenes))
	for i, scene := range scenes {
		s := newStage(t)
		stages[i] = s
		s.settled()
		s.clock.linger(t, 2*time.Minute)
		scene.before(s)
		s.delete(s.namespaceObject())
	}
	for i, s := range stages {
		s.askedToGo()
		scenes[i].during(s)
	}
	for _, s := range stages {
		s.gone(s.story()...)
		s.holds(census{deleted: 2})
		s.delete(s.tenantObject())
		s.gone(s.tenantObject())
		s.isCool()
	}
	for _, s := range stages {
		poll(t, "the end of the namespace", func() bool { return !s.get(s.namespaceObject()) })
	}
}

func (s *stage) namespaceObject() *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.namespace}}
}

// deletesTheTenant while objects name it.
func (s *stage) deletesTheTenant() {
	s.t.Helper()
	s.delete(s.tenantObject())
	message := s.has(s.tenantObject(), v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonDeleting)
	if !strings.Contains(message, "held by 4 objects") {
		s.t.Errorf("the tenant does not say what holds it: %s", message)
	}
}

// sitsOutTheOutage and looks whether anything was let go meanwhile.
func (s *stage) sitsOutTheOutage() {
	s.t.Helper()
	s.clock.linger(s.t, outage)
	for _, obj := range ours(s.story()) {
		if !s.get(obj) {
			s.t.Errorf("%s is gone, and Entra was never told", obj.GetName())
		}
	}
	s.entra.SetDown(false)
}

// askedToGo waits until the namespace's deletion has reached all objects of ours in it.
func (s *stage) askedToGo() {
	s.t.Helper()
	objs := ours(s.story())
	poll(s.t, "the namespace's objects are asked to go", func() bool {
		for _, obj := range objs {
			if s.get(obj) && obj.GetDeletionTimestamp().IsZero() {
				return false
			}
		}
		return true
	})
}

package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// rival is another EntraTenant of the stage, marked default as the first is. It is the same directory, under another name.
func (s *stage) rival() *v1alpha1.EntraTenant {
	rival := s.entraTenant()
	rival.Name += "-rival"
	return rival
}

func TestTwoDefaultTenantsAreNone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	objs := ours(s.settled())
	s.create(s.rival())
	s.ready(s.rival())
	for _, names := range [][2]*v1alpha1.EntraTenant{{s.tenantObject(), s.rival()}, {s.rival(), s.tenantObject()}} {
		message := s.has(names[0], v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonConflict)
		if !strings.Contains(message, names[1].Name) {
			t.Errorf("%s does not name its rival: %s", names[0].Name, message)
		}
	}

	nobodys := s.app("reports")
	named := s.app("invoices", func(spec *v1alpha1.AppRegistrationSpec) { spec.TenantRef = &v1alpha1.TenantReference{Name: s.tenant} })
	s.create(nobodys, named)
	s.ready(named)
	message := s.has(nobodys, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonWaiting)
	if !strings.Contains(message, "exactly one EntraTenant with default: true") {
		t.Errorf("the message does not say what to do: %s", message)
	}
	for _, obj := range objs {
		s.look(obj)
	}
	s.ready(objs...)

	edit(s, s.rival(), func(o *v1alpha1.EntraTenant) { o.Spec.Default = false })
	s.ready(nobodys)
	if nobodys.Status.TenantName != s.tenant {
		t.Errorf("bound to %q, want %q", nobodys.Status.TenantName, s.tenant)
	}
	s.synced([]object{s.tenantObject(), s.rival()})
}

func TestADefaultThatMovesChangesNothingForWhatIsBound(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	objs := ours(s.settled())
	before := s.postures(objs)
	rival := s.rival()
	rival.Spec.Default = false
	s.create(rival)
	s.ready(rival)
	s.forget()
	edit(s, s.tenantObject(), func(o *v1alpha1.EntraTenant) { o.Spec.Default = false })
	edit(s, s.rival(), func(o *v1alpha1.EntraTenant) { o.Spec.Default = true })
	s.clock.pass(t, time.Minute)
	for _, obj := range objs {
		s.look(obj)
	}
	if writes := s.traffic().writes; len(writes) > 0 {
		t.Errorf("a default that moves wrote %q", writes)
	}
	if diff := cmp.Diff(before, s.postures(objs), cmp.AllowUnexported(posture{})); diff != "" {
		t.Error("before - after +\n" + diff)
	}
	next := s.app("reports")
	s.create(next)
	s.ready(next)
	if next.Status.TenantName != rival.Name {
		t.Errorf("bound to %q, want %q", next.Status.TenantName, rival.Name)
	}
	for _, obj := range objs {
		s.delete(obj)
		s.gone(obj)
	}
}

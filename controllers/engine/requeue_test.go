package engine

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestRequeue_PollsEntraInAMinuteThenInTwo(t *testing.T) {
	t.Parallel()
	for name, outcome := range map[string]Outcome{
		"not ready because of it": {Reason: v1alpha1.ReasonWaiting, Unwatched: true},
		"ready all the same":      {Reason: v1alpha1.ReasonInSync, Unsynced: &Refusal{Reason: v1alpha1.ReasonWaiting}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, obj := newRequeue(), &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{UID: "1"}}
			for try, want := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 30 * time.Minute} {
				if after := r.result(obj, outcome).RequeueAfter; after != want {
					t.Errorf("look %d comes after %s, want %s", try, after, want)
				}
			}
		})
	}
}

func TestRequeue_FindingAboutTheSpecWaitsForTheResync(t *testing.T) {
	t.Parallel()
	obj := &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{UID: "1"}}
	outcome := Outcome{Reason: v1alpha1.ReasonInSync, Unsynced: &Refusal{Reason: v1alpha1.ReasonConflict}}
	if after := newRequeue().result(obj, outcome).RequeueAfter; after < 50*time.Minute {
		t.Errorf("looked at after %s", after)
	}
}

func TestRequeue_Revisit(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		outcome Outcome
		want    time.Duration
	}{
		"before the resync":           {Outcome{Reason: v1alpha1.ReasonInSync, Revisit: 7 * time.Minute}, 7 * time.Minute},
		"sooner than a poll of Entra": {Outcome{Reason: v1alpha1.ReasonWaiting, Unwatched: true, Revisit: time.Second}, time.Second},
		"later than a poll of Entra":  {Outcome{Reason: v1alpha1.ReasonWaiting, Unwatched: true, Revisit: time.Hour}, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			obj := &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{UID: "1"}}
			if after := newRequeue().result(obj, row.outcome).RequeueAfter; after != row.want {
				t.Errorf("looked at after %s, want %s", after, row.want)
			}
		})
	}
}

package engine

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestConditions_Kstatus(t *testing.T) {
	t.Parallel()
	synced := []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, Reason: "InSync", ObservedGeneration: 2}}
	stale := []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, Reason: "InSync", ObservedGeneration: 1}}
	long := []metav1.Condition{{
		Type: v1alpha1.ConditionReconciling, Status: metav1.ConditionTrue, Reason: "Lagging", ObservedGeneration: 2,
		LastTransitionTime: metav1.NewTime(noon.Add(-patience)),
	}}
	refused := []metav1.Condition{{
		Type: v1alpha1.ConditionStalled, Status: metav1.ConditionTrue, Reason: "Invalid", ObservedGeneration: 2,
		LastTransitionTime: metav1.NewTime(noon.Add(-time.Hour)),
	}}
	for name, row := range map[string]struct {
		before   []metav1.Condition
		outcome  Outcome
		deleting bool
		want     string
		kstatus  status.Status
	}{
		"in sync is current":                               {nil, Outcome{Reason: v1alpha1.ReasonInSync}, false, "Ready=True/InSync Synced=True/InSync", status.CurrentStatus},
		"in sync with a finding stays ready":               {nil, Outcome{Reason: v1alpha1.ReasonInSync, Unsynced: &Refusal{Reason: v1alpha1.ReasonConflict}}, false, "Ready=True/InSync Synced=False/Conflict", status.CurrentStatus},
		"waiting is in progress":                           {nil, Outcome{Reason: v1alpha1.ReasonWaiting}, false, "Ready=False/Waiting Reconciling=True/Waiting Synced=False/Waiting", status.InProgressStatus},
		"lag of a new object is in progress":               {nil, Outcome{Reason: v1alpha1.ReasonLagging}, false, "Ready=Unknown/Lagging Reconciling=True/Lagging Synced=Unknown/Lagging", status.InProgressStatus},
		"lag of an edit never shows the old Ready":         {stale, Outcome{Reason: v1alpha1.ReasonLagging}, false, "Ready=Unknown/Lagging Reconciling=True/Lagging Synced=Unknown/Lagging", status.InProgressStatus},
		"an outage does not unsettle what was in sync":     {synced, Outcome{Reason: v1alpha1.ReasonUnreachable}, false, "Ready=True/InSync Synced=Unknown/Unreachable", status.CurrentStatus},
		"ten minutes of lag are stalled":                   {long, Outcome{Reason: v1alpha1.ReasonThrottled}, false, "Stalled=True/Throttled Ready=Unknown/Throttled Synced=Unknown/Throttled", status.FailedStatus},
		"a refusal is stalled at once":                     {nil, Outcome{Reason: v1alpha1.ReasonDenied}, false, "Ready=False/Denied Stalled=True/Denied Synced=False/Denied", status.FailedStatus},
		"after a refusal is mended the clock starts again": {refused, Outcome{Reason: v1alpha1.ReasonLagging}, false, "Ready=Unknown/Lagging Reconciling=True/Lagging Synced=Unknown/Lagging", status.InProgressStatus},
		"suspended keeps Ready":                            {synced, Outcome{Reason: v1alpha1.ReasonSuspended}, false, "Ready=True/InSync Synced=False/Suspended", status.CurrentStatus},
		"contested keeps Ready and says so":                {synced, Outcome{Reason: v1alpha1.ReasonContested}, false, "Ready=True/InSync Synced=False/Contested", status.CurrentStatus},
		"a deletion that lags":                             {synced, Outcome{Reason: v1alpha1.ReasonLagging}, true, "Ready=False/Deleting Synced=False/Lagging Reconciling=True/Lagging", status.InProgressStatus},
		"a deletion that is refused is stalled":            {synced, Outcome{Reason: v1alpha1.ReasonForbidden}, true, "Ready=False/Deleting Synced=False/Forbidden Stalled=True/Forbidden", status.FailedStatus},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			obj := &v1alpha1.AppRegistration{TypeMeta: metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: "AppRegistration"}}
			obj.Generation = 2
			obj.Status.Conditions = append([]metav1.Condition(nil), row.before...)
			conditions{status: obj.Common(), generation: 2, now: noon}.conclude(row.outcome, row.deleting)
			if got := sentence(obj.Status.Conditions); !sameWords(got, row.want) {
				t.Errorf("conditions: %s, want %s", got, row.want)
			}
			if got := kstatusOf(t, obj); got != row.kstatus {
				t.Errorf("kstatus: %s, want %s", got, row.kstatus)
			}
		})
	}
}

func TestEffects_OneForEachReason(t *testing.T) {
	t.Parallel()
	for _, reason := range v1alpha1.Reasons() {
		if _, known := effects[reason]; !known {
			t.Errorf("reason %s has no row", reason)
		}
	}
	if len(effects) != len(v1alpha1.Reasons()) {
		t.Errorf("%d rows for %d reasons", len(effects), len(v1alpha1.Reasons()))
	}
}

func TestJoin_GravestReasonAndSoonestTime(t *testing.T) {
	t.Parallel()
	outcome := join([]error{
		fmt.Errorf("a: %w", entra.ErrLagging),
		fmt.Errorf("b: %w", entra.Throttled{After: 9 * time.Second}),
		errors.New("c"),
	})
	if outcome.Reason != v1alpha1.ReasonThrottled || outcome.After != 9*time.Second {
		t.Errorf("got %+v", outcome)
	}
}

func TestShorten_OneLine(t *testing.T) {
	t.Parallel()
	if got, want := shorten("a\r\nb\tc\x1b[31md\u2028e\u202ef é"), "a  b c [31md e f é"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestConditions_NewRequestIDChangesNothing(t *testing.T) {
	t.Parallel()
	s := &v1alpha1.CommonStatus{}
	c := conditions{status: s, generation: 1, now: noon}
	c.conclude(Outcome{Reason: v1alpha1.ReasonThrottled, Message: "for 3s"}, false)
	before := sentence(s.Conditions) + s.Conditions[0].Message
	c.now = noon.Add(time.Minute)
	c.conclude(Outcome{Reason: v1alpha1.ReasonThrottled, Message: "for 2s"}, false)
	if after := sentence(s.Conditions) + s.Conditions[0].Message; after != before {
		t.Errorf("%s became %s", before, after)
	}
}

func TestShorten_WholeCharacters(t *testing.T) {
	t.Parallel()
	s := &v1alpha1.CommonStatus{}
	conditions{status: s, now: noon}.set("Ready", metav1.ConditionTrue, "InSync", strings.Repeat("ü", maxMessage))
	if got := s.Conditions[0].Message; len(got) > maxMessage || !strings.HasSuffix(got, "ü…") {
		t.Errorf("%d bytes, ending in %q", len(got), got[len(got)-6:])
	}
}

func sentence(conditions []metav1.Condition) string {
	words := make([]string, 0, len(conditions))
	for _, c := range conditions {
		words = append(words, fmt.Sprintf("%s=%s/%s", c.Type, c.Status, c.Reason))
	}
	return strings.Join(words, " ")
}

func sameWords(a, b string) bool {
	words := map[string]int{}
	for w := range strings.FieldsSeq(a) {
		words[w]++
	}
	for w := range strings.FieldsSeq(b) {
		words[w]--
	}
	for _, n := range words {
		if n != 0 {
			return false
		}
	}
	return true
}

func kstatusOf(t *testing.T, obj *v1alpha1.AppRegistration) status.Status {
	t.Helper()
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj)
	if err != nil {
		t.Fatal(err)
	}
	result, err := status.Compute(&unstructured.Unstructured{Object: content})
	if err != nil {
		t.Fatal(err)
	}
	if r, s := obj.Status.Conditions, v1alpha1.ConditionStalled; meta.IsStatusConditionTrue(r, s) && meta.IsStatusConditionTrue(r, v1alpha1.ConditionReconciling) {
		t.Error("Reconciling and Stalled at once")
	}
	return result.Status
}

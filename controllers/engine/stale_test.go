package engine

import (
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// disturbed is a toy behind whose back something happens after it has decided and before anything is done.
type disturbed struct {
	*toy
	refuses bool
	disturb func()
	looks   int
}

func (k *disturbed) Decide(obj *v1alpha1.AppRegistration, w toyWorld, now time.Time) toyDecision {
	decided := k.toy.Decide(obj, w, now)
	if k.looks++; k.refuses && k.looks == 1 {
		decided.Steps, decided.Refusal = nil, Refuse(v1alpha1.ReasonDenied, "because of what is about to change")
	}
	if k.looks == 1 && k.disturb != nil {
		k.disturb()
	}
	return decided
}

// TestStale_RoundIsDropped has what the world itself rests on in the tests of binding.
func TestStale_RoundIsDropped(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		disturb func(t *testing.T, c client.Client)
		stale   bool
		done    bool
	}{
		"nothing changes":   {done: true},
		"the world changes": {stale: true},
		"the spec is edited": {disturb: func(t *testing.T, c client.Client) {
			var app v1alpha1.AppRegistration
			if err := c.Get(t.Context(), client.ObjectKey{Namespace: "shop", Name: "orders"}, &app); err != nil {
				t.Error(err)
			}
			app.Spec.DisplayName, app.Generation = "edited", 2 // the fake API server does not count generations
			if err := c.Update(t.Context(), &app); err != nil {
				t.Error(err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := &toy{wants: []string{"app"}, stale: func() bool { return row.stale }}
			b := newBench(t, kind, nil)
			k := &disturbed{toy: kind}
			if row.disturb != nil {
				k.disturb = func() { row.disturb(t, b.client) }
			}
			b.r.kind = k
			result, _ := b.reconcile(t)
			if done := strings.Contains(strings.Join(b.lines, "\n"), "make app"); done != row.done {
				t.Errorf("done: %t, want %t", done, row.done)
			}
			if !row.done && result.RequeueAfter > time.Minute {
				t.Errorf("looked at again after %s only", result.RequeueAfter)
			}
		})
	}
}

func TestStale_RefusalIsDecidedAgainAtOnce(t *testing.T) {
	t.Parallel()
	kind := &toy{stale: func() bool { return true }}
	b := newBench(t, kind, nil)
	k := &disturbed{toy: kind, refuses: true}
	b.r.kind = k
	_, obj := b.reconcile(t)
	if ready := obj.Status.Conditions[0]; k.looks != 2 || ready.Reason != string(v1alpha1.ReasonInSync) {
		t.Errorf("after %d looks: %+v", k.looks, ready)
	}
}

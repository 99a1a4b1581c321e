package federatedcredential

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// TestSteps goes on until nothing is left to do, without the ServiceAccount.
func TestSteps(t *testing.T) {
	t.Parallel()
	byHand := entra.FederatedCredential{
		ID: "hand", Name: "by-hand", Issuer: "https://issuer.example", Subject: "system:serviceaccount:shop:orders-worker",
	}
	ours := byHand
	ours.ID, ours.Name, ours.Audience = "lost", "k8s-orders-worker", "api://AzureADTokenExchange"
	exists := map[string]error{"create k8s-orders-worker on app-object": entra.ErrExists}
	for name, test := range map[string]struct {
		change changes
		shows  []entra.FederatedCredential // what a read in the step shows
		errs   map[string]error
		calls  []string
		err    error
		reason v1alpha1.Reason // of the last decision
	}{
		"a credential that is created is there": {
			calls: []string{"create k8s-orders-worker on app-object"},
		},
		"a create whose answer was lost is found by its name": {
			errs: exists, shows: []entra.FederatedCredential{ours},
			calls: []string{"create k8s-orders-worker on app-object", "read app-object"},
		},
		"a create that meets the same subject is judged by what is there": {
			errs: exists, shows: []entra.FederatedCredential{byHand},
			calls:  []string{"create k8s-orders-worker on app-object", "read app-object"},
			reason: v1alpha1.ReasonConflict,
		},
		"what exists and is not shown is lag": {
			errs: exists, calls: []string{"create k8s-orders-worker on app-object", "read app-object"}, err: entra.ErrLagging,
		},
		"an update is folded": {
			change: changes{world: func(w *World) { settled(w); w.Trust.Value.Credentials[0].Audience = "api://edited" }},
			calls:  []string{"update credential on app-object"},
		},
		"a refusal is handed on": {
			errs:  map[string]error{"create k8s-orders-worker on app-object": entra.ErrUnreachable},
			calls: []string{"create k8s-orders-worker on app-object"}, err: entra.ErrUnreachable,
		},
		"a deletion is by ID": {
			change: changes{obj: beingDeleted, world: settled},
			calls:  []string{"delete credential on app-object"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, obj, world := test.change.apply()
			world.Account = nil
			d := &directory{trust: world.Trust.Value, errs: test.errs}
			d.trust.Credentials = test.shows
			settled := enginetest.Settle(t, kind, obj, world, today, engine.Clients{Directory: d})
			if !errors.Is(settled.Err, test.err) {
				t.Fatalf("error %v, want %v", settled.Err, test.err)
			}
			if diff := cmp.Diff(test.calls, d.calls); diff != "" {
				t.Error(diff)
			}
			if test.err != nil {
				return
			}
			if reason := reasonOf(settled.Decision); reason != test.reason {
				t.Errorf("reason %q, want %q", reason, test.reason)
			}
		})
	}
}

func reasonOf(d decision) v1alpha1.Reason {
	if d.Refusal == nil {
		return ""
	}
	return d.Refusal.Reason
}

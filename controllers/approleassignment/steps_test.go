package approleassignment

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/entra/entratest"
)

// TestSteps_ChangeEntra takes the steps of one plan and decides again.
func TestSteps_ChangeEntra(t *testing.T) {
	t.Parallel()
	exists := map[string]error{"give read of api to worker": entra.ErrExists}
	for name, test := range map[string]struct {
		change changes
		shows  func(*World)  // what a read in the step shows
		other  client.Object // live by then
		errs   map[string]error
		calls  []string
		err    error
		then   []string // what is planned next
	}{
		"roles that are given are there": {
			change: changes{obj: wants("Read", "Write")},
			calls:  []string{"give read of api to worker", "give write of api to worker"},
		},
		"a role whose answer was lost is found": {
			errs: exists, shows: given("read"),
			calls: []string{"give read of api to worker", "read client worker"}, err: engine.ErrFound,
		},
		"a role that exists and is not shown is lag": {
			errs: exists, calls: []string{"give read of api to worker", "read client worker"}, err: entra.ErrLagging,
		},
		"a role is taken away by Entra's name for it": {
			change: changes{obj: recorded("Read", "Write"), world: given("read", "write")},
			calls:  []string{"take id-of-write of api"},
		},
		"a deletion ends": {
			change: changes{obj: deleting("Read"), world: given("read")},
			calls:  []string{"take id-of-read of api"},
		},
		"a role that was there before is looked at again": {
			change: changes{world: given("read")}, shows: given("read"), calls: []string{"read client worker"},
		},
		"a role that somebody has taken away meanwhile is given": {
			change: changes{world: given("read")}, shows: func(w *World) { w.ObservedPrincipal.Value.Assignments = nil },
			calls: []string{"read client worker"}, then: []string{giveRead},
		},
		"a role that another object names at the last moment is spared": {
			change: changes{obj: recorded("Read", "Write"), world: given("read", "write")}, other: another("latecomer"), err: engine.ErrFound,
		},
		"an error of one role does not keep the other from being given": {
			change: changes{obj: wants("Read", "Write")}, errs: map[string]error{"give read of api to worker": entra.ErrUnreachable},
			calls: []string{"give read of api to worker", "give write of api to worker"}, err: entra.ErrUnreachable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, obj, world := test.change.apply()
			shown := world
			both(test.shows)(&shown)
			d := &entratest.Directory{Principals: []entra.Client{shown.ObservedPrincipal.Value}, Errs: test.errs}
			clients := engine.Clients{Directory: d, Live: cluster{test.other}, Locks: engine.NewKeyedMutex()}
			decided := enginetest.Decide(t, kind, obj, world, today)
			var errs []error
			for _, step := range slices.Concat(decided.Reads, decided.Steps) {
				errs = append(errs, step.Do(t.Context(), clients, &world))
			}
			if err := errors.Join(errs...); !errors.Is(err, test.err) {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			if diff := cmp.Diff(test.calls, d.Calls); diff != "" {
				t.Error(diff)
			}
			if test.err != nil && !errors.Is(test.err, engine.ErrFound) {
				return
			}
			if diff := cmp.Diff(test.then, lines(enginetest.Decide(t, kind, decided.Object, world, today).Steps)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// cluster is one with another object, or none.
type cluster struct{ other client.Object }

func (c cluster) Get(context.Context, client.ObjectKey, client.Object, ...client.GetOption) error {
	return entra.ErrNotFound
}

func (c cluster) List(_ context.Context, into client.ObjectList, _ ...client.ListOption) error {
	if other, is := c.other.(*v1alpha1.AppRoleAssignment); is {
		into.(*v1alpha1.AppRoleAssignmentList).Items = []v1alpha1.AppRoleAssignment{*other}
	}
	return nil
}

func TestSteps_TellTheAuditLogWhoIsGivenWhatAndWhy(t *testing.T) {
	t.Parallel()
	change := changes{obj: both(wants("Write"), recorded("Read"), because("reads orders")), world: given("read")}
	var got []engine.Change
	for _, step := range change.decide(t).Steps {
		got = append(got, step.(engine.Privileged).Change())
	}
	first := engine.Change{
		Action: "revoke", Principal: "The orders-worker (worker)", API: "The orders-api (api)", Permission: "Read (read)",
		Justification: "reads orders",
	}
	second := first
	second.Action, second.Permission = "grant", "Write (write)"
	if diff := cmp.Diff([]engine.Change{first, second}, got); diff != "" {
		t.Error(diff)
	}
}

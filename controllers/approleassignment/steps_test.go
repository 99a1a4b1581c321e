package approleassignment

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// TestSteps takes the steps of one plan and decides again.
func TestSteps(t *testing.T) {
	t.Parallel()
	exists := map[string]error{"give read of api to worker": entra.ErrExists}
	for name, test := range map[string]struct {
		change changes
		shows  func(*World) // what a read in the step shows
		errs   map[string]error
		calls  []string
		err    error
		then   []string // what is planned next
	}{
		"roles that are given are there": {
			change: changes{obj: asks("Read", "Write")},
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
		"a farewell ends": {
			change: changes{obj: leaving("Read"), world: given("read")},
			calls:  []string{"take id-of-read of api"},
		},
		"a role that was there before is looked at again": {
			change: changes{world: given("read")}, shows: given("read"), calls: []string{"read client worker"}, err: engine.ErrFound,
		},
		"a role that somebody has taken away meanwhile is given": {
			change: changes{world: given("read")}, shows: func(w *World) { w.Client.Value.Assignments = nil },
			calls: []string{"read client worker"}, err: engine.ErrFound, then: []string{giveRead},
		},
		"a role that another object names at the last moment is spared": {
			change: changes{obj: recorded("Read", "Write"), world: given("read", "write"), kind: func(k *Kind) {
				k.Binder.Live = somebody{another("latecomer").(*v1alpha1.AppRoleAssignment)}
			}},
			err: engine.ErrFound,
		},
		"an error of one role does not keep the other from being given": {
			change: changes{obj: asks("Read", "Write")}, errs: map[string]error{"give read of api to worker": entra.ErrUnreachable},
			calls: []string{"give read of api to worker", "give write of api to worker"}, err: entra.ErrUnreachable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, obj, world := test.change.apply()
			shown := world
			if test.shows != nil {
				test.shows(&shown)
			}
			d := &directory{client: shown.Client.Value, errs: test.errs}
			var errs []error
			for _, step := range kind.Decide(obj, world, today).Steps {
				errs = append(errs, step.Do(t.Context(), engine.Hands{Tenants: d}, &world))
			}
			if err := errors.Join(errs...); !errors.Is(err, test.err) {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			if diff := cmp.Diff(test.calls, d.calls); diff != "" {
				t.Error(diff)
			}
			if test.err != nil && !errors.Is(test.err, engine.ErrFound) {
				return
			}
			var next []string
			for _, step := range kind.Decide(obj, world, today).Steps {
				next = append(next, step.String())
			}
			if diff := cmp.Diff(test.then, next); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// somebody is a cluster with one other object.
type somebody struct{ other *v1alpha1.AppRoleAssignment }

func (s somebody) Get(context.Context, client.ObjectKey, client.Object, ...client.GetOption) error {
	return entra.ErrNotFound
}

func (s somebody) List(_ context.Context, into client.ObjectList, _ ...client.ListOption) error {
	into.(*v1alpha1.AppRoleAssignmentList).Items = []v1alpha1.AppRoleAssignment{*s.other}
	return nil
}

func TestTheAuditLogIsToldWhoIsGivenWhatAndWhy(t *testing.T) {
	t.Parallel()
	_, obj, world := changes{obj: both(asks("Write"), recorded("Read"), because("reads orders")), world: given("read")}.apply()
	kind, _, _ := changes{}.apply()
	var got []engine.Change
	for _, step := range kind.Decide(obj, world, today).Steps {
		got = append(got, step.(engine.Privileged).Change())
	}
	change := engine.Change{
		Action: "revoke", Principal: "The orders-worker (worker)", API: "The orders-api (api)", Permission: "Read (read)",
		Justification: "reads orders",
	}
	second := change
	second.Action, second.Permission = "grant", "Write (write)"
	if diff := cmp.Diff([]engine.Change{change, second}, got); diff != "" {
		t.Error(diff)
	}
}

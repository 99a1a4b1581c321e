package approleassignment

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

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
			if next := kind.Decide(obj, world, today); (test.err == nil || errors.Is(test.err, engine.ErrFound)) && (len(next.Steps) > 0 || next.Refusal != nil) {
				t.Errorf("still planned: %v, %v", next.Steps, next.Refusal)
			}
		})
	}
}

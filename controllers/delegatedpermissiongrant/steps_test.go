package delegatedpermissiongrant

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// TestSteps takes the steps of one plan, as the engine does, and decides again.
func TestSteps(t *testing.T) {
	t.Parallel()
	const create, read = "create grant [Read]", "read grants of web"
	exists := map[string]error{create: entra.ErrExists}
	for name, test := range map[string]struct {
		change changes
		shows  func(*World)     // what Entra has by then, where that is something else
		others []*grant         // live objects
		fails  map[string]error // before it takes effect
		calls  []string
		err    error
		next   []string // what is planned then
	}{
		"a first scope makes the grant": {calls: []string{create}},
		"another is merged into it":     {change: changes{world: holding("Foreign")}, calls: []string{"change grant +[Read] -[]"}},
		"a grant whose answer was lost is found": {
			fails: exists, shows: holding("Read"), calls: []string{create, read},
		},
		"a grant that others made meanwhile is found, and merged into": {
			fails: exists, shows: holding("Foreign"), calls: []string{create, read}, next: []string{giveRead},
		},
		"a grant that exists and is not shown is lag": {
			fails: exists, calls: []string{create, read}, err: entra.ErrLagging,
		},
		"what was there before is taken as it is": {change: changes{world: holding("Read")}, calls: []string{read}},
		"and given where it went meanwhile": {
			change: changes{world: holding("Read")}, shows: holding("Foreign"), calls: []string{read}, next: []string{giveRead},
		},
		"what is dropped is taken away": {
			change: changes{obj: recorded("Read", "Write"), world: holding("Read", "Write")}, calls: []string{"change grant +[] -[Write]"},
		},
		"but for what somebody else names by then": {
			change: changes{obj: leaving("Read", "Write"), world: holding("Read", "Write")}, others: []*grant{another("late")},
			calls: []string{"change grant +[] -[Read]"},
		},
		"and for all of it, where somebody names all": {
			change: changes{obj: leaving("Write"), world: holding("Read", "Write")}, others: []*grant{another("late")},
		},
		"an owner who takes it back does not ask who names it": {
			change: changes{obj: recorded("Write"), world: both(holding("Write"), lost, func(w *World) { w.Withheld = true })},
			others: []*grant{another("late")}, calls: []string{"change grant +[] -[Write]"},
		},
		"what fails is planned again": {
			fails: map[string]error{create: entra.ErrUnreachable}, calls: []string{create}, err: entra.ErrUnreachable, next: []string{giveRead},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, obj, world := test.change.apply()
			shown := world
			apply(&shown, test.shows)
			d := &directory{grants: shown.Grants.Value, errs: test.fails}
			kube := newCluster()
			for _, other := range test.others {
				kube.put(other)
			}
			kind.Binder.Live = kube
			if plan := kind.Decide(obj, world, today); len(plan.Steps) > 0 {
				kind.Record(obj, world)
				err := run(t.Context(), plan.Steps, d, &world)
				if !errors.Is(err, test.err) {
					t.Fatalf("error %v, want %v", err, test.err)
				}
			}
			var next []string
			for _, step := range kind.Decide(obj, world, today).Steps {
				next = append(next, step.String())
			}
			if diff := cmp.Diff(test.calls, d.calls); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.next, next); diff != "" && !errors.Is(test.err, entra.ErrLagging) {
				t.Error(diff)
			}
		})
	}
}

func run(ctx context.Context, steps []engine.Step[World], tenants entra.Tenants, world *World) error {
	var errs []error
	for _, step := range steps {
		if err := step.Do(ctx, engine.Hands{Tenants: tenants}, world); !errors.Is(err, engine.ErrFound) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func TestAUserThatEntraRefusesIsNamedByItsField(t *testing.T) {
	t.Parallel()
	kind, obj, world := changes{world: func(w *World) { w.UserID = "nobody" }}.apply()
	refused := entra.Refused{Reason: entra.RefusedInvalid, Message: "Resource 'nobody' does not exist"}
	d := &directory{errs: map[string]error{"create grant [Read]": refused}}
	err := run(t.Context(), kind.Decide(obj, world, today).Steps, d, &world)
	want := "spec.user.objectID must be a user of the tenant: Resource 'nobody' does not exist"
	if !errors.Is(err, refused) || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

package delegatedpermissiongrant

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/entra/entratest"
)

// TestSteps_ChangeEntra takes the steps of one plan, as the engine does, and decides again.
func TestSteps_ChangeEntra(t *testing.T) {
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
			change: changes{obj: deleting("Read", "Write"), world: holding("Read", "Write")}, others: []*grant{another("late")},
			calls: []string{"change grant +[] -[Read]"},
		},
		"and for all of it, where somebody names all": {
			change: changes{obj: deleting("Write"), world: holding("Read", "Write")}, others: []*grant{another("late")},
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
			d := &entratest.Directory{Consents: shown.Grants.Value, Errs: test.fails}
			kube := newCluster()
			for _, other := range test.others {
				kube.put(other)
			}
			decided := enginetest.Decide(t, kind, obj, world, today)
			if err := run(t.Context(), decided, d, kube, &world); !errors.Is(err, test.err) {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			next := lines(enginetest.Decide(t, kind, decided.Object, world, today).Steps)
			if diff := cmp.Diff(test.calls, d.Calls); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.next, next); diff != "" && !errors.Is(test.err, entra.ErrLagging) {
				t.Error(diff)
			}
		})
	}
}

func run(ctx context.Context, decided decision, directory entra.Directory, live client.Reader, world *World) error {
	clients := engine.Clients{Directory: directory, Live: live, Locks: engine.NewKeyedMutex()}
	var errs []error
	for _, step := range slices.Concat(decided.Reads, decided.Steps) {
		if err := step.Do(ctx, clients, world); !errors.Is(err, engine.ErrFound) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func TestSteps_NameAUserThatEntraRefusesByItsField(t *testing.T) {
	t.Parallel()
	change := changes{world: func(w *World) { w.UserID = "nobody" }}
	_, _, world := change.apply()
	refused := entra.Refused{Reason: entra.RefusedInvalid, Message: "Resource 'nobody' does not exist"}
	d := &entratest.Directory{Errs: map[string]error{"create grant [Read]": refused}}
	err := run(t.Context(), change.decide(t), d, newCluster(), &world)
	want := "spec.user.objectID must be a user of the tenant: Resource 'nobody' does not exist"
	if !errors.Is(err, refused) || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

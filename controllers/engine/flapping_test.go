package engine

import (
	"fmt"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// runOf an object, by itself.
func (b *bench) runOf(obj *v1alpha1.AppRegistration) *run[*v1alpha1.AppRegistration, toyWorld] {
	return &run[*v1alpha1.AppRegistration, toyWorld]{
		Reconciler: b.r, obj: obj, stored: obj, history: b.r.flapping.historyOf(obj), world: toyWorld{made: map[string]bool{}},
	}
}

// made is how often a toy has made its thing.
func (b *bench) made() int {
	made := 0
	for _, line := range b.lines {
		if line == "make app" {
			made++
		}
	}
	return made
}

func TestFlapping_LeftForAWhile(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		then func(*bench, *v1alpha1.AppRegistration)
		more int // writes at the looks that follow
	}{
		"at the next look": {func(*bench, *v1alpha1.AppRegistration) {}, 0},
		"but not after half an hour": {func(b *bench, _ *v1alpha1.AppRegistration) {
			b.r.clock.(*clocktesting.FakeClock).SetTime(noon.Add(flappingWithin))
		}, flappingAfter},
		"but not after an edit": {func(_ *bench, o *v1alpha1.AppRegistration) { o.Generation++ }, flappingAfter},
		"but not when somebody asks": {func(_ *bench, o *v1alpha1.AppRegistration) {
			o.Annotations = map[string]string{v1alpha1.ReconcileRequestedAt: "now"}
		}, flappingAfter},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := &toy{wants: []string{"app"}}
			b := newBench(t, kind, nil)
			for range flappingAfter {
				b.reconcile(t)
			}
			if got := b.made(); got != flappingAfter {
				t.Fatalf("made %d times in %d looks", got, flappingAfter)
			}
			_, obj := b.reconcile(t)
			if got, want := sentence(obj.Status.Conditions), "Ready=True/InSync Synced=False/Contested"; got != want || b.made() != flappingAfter {
				t.Fatalf("%s after %d writes, want %s", got, b.made(), want)
			}
			row.then(b, obj)
			if err := b.client.Update(t.Context(), obj); err != nil {
				t.Fatal(err)
			}
			for range flappingAfter + 1 {
				b.reconcile(t)
			}
			if got := b.made() - flappingAfter; got != row.more {
				t.Errorf("made %d times more, want %d", got, row.more)
			}
		})
	}
}

func TestFlapping_OtherStepsAreTaken(t *testing.T) {
	t.Parallel()
	b := newBench(t, &toy{}, nil)
	obj := &v1alpha1.AppRegistration{}
	if err := b.client.Get(t.Context(), client.ObjectKey{Namespace: "shop", Name: "orders"}, obj); err != nil {
		t.Fatal(err)
	}
	r := b.runOf(obj)
	for range flappingAfter {
		r.history.add("make secret", noon.Add(-time.Minute))
	}
	step := func(thing string) Step[toyWorld] { return toyStep{kind: b.kind, thing: thing, verb: "make "} }
	outcome := join(r.act(t.Context(), toyDecision{Steps: []Step[toyWorld]{step("secret"), step("app")}}))
	if outcome.Reason != v1alpha1.ReasonContested || outcome.Message != "make secret: somebody undoes what we write" || b.made() != 1 {
		t.Errorf("%s: %s, and app was made %d times", outcome.Reason, outcome.Message, b.made())
	}
}

func TestStep_FoundIsNotMade(t *testing.T) {
	t.Parallel()
	kind := &toy{errs: map[string]error{"app": fmt.Errorf("make app: %w", ErrFound)}}
	b := newBench(t, kind, nil)
	obj := &v1alpha1.AppRegistration{}
	if err := b.client.Get(t.Context(), client.ObjectKey{Namespace: "shop", Name: "orders"}, obj); err != nil {
		t.Fatal(err)
	}
	r := b.runOf(obj)
	for range flappingAfter + 1 {
		if errs := r.act(t.Context(), toyDecision{Steps: []Step[toyWorld]{toyStep{kind: kind, thing: "app", verb: "make "}}}); len(errs) > 0 {
			t.Fatal(errs)
		}
	}
	if len(r.done) > 0 {
		t.Errorf("claims to have written %q", r.done)
	}
}

package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/events"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

type toyDecision = Decision[*v1alpha1.AppRegistration, toyWorld]

// toyWorld has things that exist once they were made.
type toyWorld struct {
	made map[string]bool
	// stale reports whether the world has changed; nil where it cannot.
	stale func() bool
}

func (toyWorld) Tenancy() Tenancy { return Tenancy{} }

func (w toyWorld) Stale(context.Context, client.Reader) (bool, error) {
	return w.stale != nil && w.stale(), nil
}

// toy wants things, in order, one a round.
type toy struct {
	journal *journal
	wants   []string
	errs    map[string]error
	forgets bool // what was made is never seen
	read    error
	stale   func() bool
}

type journal struct {
	mutex sync.Mutex
	lines []string
}

func (j *journal) write(line string) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.lines = append(j.lines, line)
}

func (k *toy) Read(context.Context, *v1alpha1.AppRegistration) (toyWorld, error) {
	return toyWorld{made: map[string]bool{}, stale: k.stale}, k.read
}

func (k *toy) Decide(obj *v1alpha1.AppRegistration, w toyWorld, _ time.Time) toyDecision {
	decided := toyDecision{Object: obj.DeepCopy()}
	decided.Object.Status.UniqueName = "about to be made"
	if w.made["app"] {
		decided.Object.Status.AppID = "made"
	}
	verb := "make "
	if !obj.DeletionTimestamp.IsZero() {
		verb = "unmake "
	}
	for _, want := range k.wants {
		if !w.made[want] {
			decided.Steps = []Step[toyWorld]{toyStep{kind: k, thing: want, verb: verb}}
			return decided
		}
	}
	return decided
}

type toyStep struct {
	kind        *toy
	thing, verb string
}

func (s toyStep) String() string { return s.verb + s.thing }

func (s toyStep) Do(_ context.Context, _ Clients, w *toyWorld) error {
	s.kind.journal.write(s.String())
	if err := s.kind.errs[s.thing]; err != nil {
		return err
	}
	w.made[s.thing] = !s.kind.forgets
	return nil
}

// bench is a reconciler over a fake API server that keeps a journal of writes.
type bench struct {
	*journal
	client client.Client
	kind   *toy
	r      *Reconciler[*v1alpha1.AppRegistration, toyWorld]
}

func newBench(t *testing.T, kind *toy, mutate func(*v1alpha1.AppRegistration), others ...client.Object) *bench {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, apiextensionsv1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	obj := &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders", UID: "u", Generation: 1}}
	if mutate != nil {
		mutate(obj)
	}
	if len(others) == 0 {
		others = []client.Object{&apiextensionsv1.CustomResourceDefinition{ObjectMeta: metav1.ObjectMeta{Name: "appregistrations.entra-registrar.dev"}}}
	}
	j := &journal{}
	kind.journal = j
	c := fake.NewClientBuilder().WithReturnManagedFields().WithScheme(scheme).WithObjects(obj).WithObjects(others...).WithStatusSubresource(obj).
		WithInterceptorFuncs(interceptor.Funcs{
			Patch: func(ctx context.Context, c client.WithWatch, o client.Object, p client.Patch, opts ...client.PatchOption) error {
				j.write("patch finalizers " + strings.Join(o.GetFinalizers(), ","))
				return c.Patch(ctx, o, p, opts...)
			},
			SubResourcePatch: func(ctx context.Context, c client.Client, sub string, o client.Object, p client.Patch, opts ...client.SubResourcePatchOption) error {
				s := o.(*v1alpha1.AppRegistration).Status
				j.write(fmt.Sprintf("patch status name=%q appID=%q conditions=%d", s.UniqueName, s.AppID, len(s.Conditions)))
				return c.SubResource(sub).Patch(ctx, o, p, opts...)
			},
		}).Build()
	o := Options{Clients: Clients{Kube: c, Live: c}, Clock: clocktesting.NewFakeClock(noon)}
	return &bench{journal: j, client: c, kind: kind, r: NewReconciler(o, "AppRegistration", kind, events.NewFakeRecorder(100))}
}

func (b *bench) reconcile(t *testing.T) (reconcile.Result, *v1alpha1.AppRegistration) {
	t.Helper()
	obj := &v1alpha1.AppRegistration{}
	key := client.ObjectKey{Namespace: "shop", Name: "orders"}
	if err := b.client.Get(t.Context(), key, obj); err != nil {
		t.Fatal(err)
	}
	result, err := b.r.Reconcile(t.Context(), obj)
	if err != nil {
		t.Fatal(err)
	}
	after := &v1alpha1.AppRegistration{}
	if err := b.client.Get(t.Context(), key, after); err != nil && !apierrors.IsNotFound(err) {
		t.Fatal(err)
	}
	return result, after
}

func TestReconcile_FinalizerAndIntentBeforeTheFirstCreate(t *testing.T) {
	t.Parallel()
	b := newBench(t, &toy{wants: []string{"app", "principal"}}, nil)
	b.reconcile(t)
	want := []string{
		"patch finalizers entra-registrar.dev/finalizer",
		`patch status name="about to be made" appID="" conditions=0`,
		"make app",
		"make principal",
		`patch status name="about to be made" appID="made" conditions=2`,
	}
	if diff := cmp.Diff(want, b.lines); diff != "" {
		t.Error(diff)
	}
}

func TestReconcile_OneEventSaysAllThatWasWritten(t *testing.T) {
	t.Parallel()
	for verb, mutate := range map[string]func(*v1alpha1.AppRegistration){"make": nil, "unmake": beingDeleted} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, &toy{wants: []string{"app", "principal"}}, mutate)
			b.reconcile(t)
			want := fmt.Sprintf("Normal Written %s app; %s principal", verb, verb)
			if got := <-b.r.events.(*events.FakeRecorder).Events; got != want {
				t.Errorf("event %q, want %q", got, want)
			}
		})
	}
}

func TestReconcile_InSyncIsNotWrittenAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, &toy{}, nil)
	b.reconcile(t)
	b.lines = nil
	b.reconcile(t)
	if diff := cmp.Diff([]string(nil), b.lines); diff != "" {
		t.Error(diff)
	}
}

func TestReconcile_StepThatAlwaysComesBackIsContested(t *testing.T) {
	t.Parallel()
	b := newBench(t, &toy{wants: []string{"app"}, forgets: true}, nil)
	_, obj := b.reconcile(t)
	made := 0
	for _, line := range b.lines {
		if line == "make app" {
			made++
		}
	}
	if made != flappingAfter {
		t.Errorf("made %d times, want %d", made, flappingAfter)
	}
	if got := sentence(obj.Status.Conditions); !strings.Contains(got, "Synced=False/Contested") {
		t.Error(got)
	}
}

func TestDeletion_DoneRemovesTheFinalizer(t *testing.T) {
	t.Parallel()
	b := newBench(t, &toy{wants: []string{"app"}}, beingDeleted)
	_, obj := b.reconcile(t)
	if len(obj.Finalizers) > 0 {
		t.Errorf("it still has %v", obj.Finalizers)
	}
	if !strings.Contains(strings.Join(b.lines, "\n"), "unmake app") {
		t.Errorf("nothing was taken back: %v", b.lines)
	}
}

func TestDeletion_FailureKeepsTheObject(t *testing.T) {
	t.Parallel()
	b := newBench(t, &toy{wants: []string{"app"}, errs: map[string]error{"app": entra.ErrUnreachable}}, beingDeleted)
	_, obj := b.reconcile(t)
	if len(obj.Finalizers) == 0 {
		t.Error("the finalizer is gone")
	}
}

func TestDeletion_SuspendedObjectToo(t *testing.T) {
	t.Parallel()
	b := newBench(t, &toy{wants: []string{"app"}}, func(o *v1alpha1.AppRegistration) { beingDeleted(o); o.Spec.Suspend = true })
	b.reconcile(t)
	if !strings.Contains(strings.Join(b.lines, "\n"), "unmake app") {
		t.Errorf("nothing was taken back: %v", b.lines)
	}
}

func TestDeletion_UninstallTouchesNothingInEntra(t *testing.T) {
	t.Parallel()
	at := metav1.NewTime(noon)
	b := newBench(t, &toy{wants: []string{"app"}}, beingDeleted, &apiextensionsv1.CustomResourceDefinition{ObjectMeta: metav1.ObjectMeta{
		Name: "appregistrations.entra-registrar.dev", DeletionTimestamp: &at, Finalizers: []string{"customresourcecleanup.apiextensions.k8s.io"},
	}})
	b.reconcile(t)
	if got := strings.Join(b.lines, "\n"); strings.Contains(got, "unmake") {
		t.Errorf("touched: %s", got)
	}
}

func beingDeleted(o *v1alpha1.AppRegistration) {
	at := metav1.NewTime(noon)
	o.DeletionTimestamp, o.Finalizers = &at, []string{v1alpha1.Finalizer}
}

func TestReconcile_ErrorsSetTheQueue(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		err      error
		min, max time.Duration
	}{
		"Retry-After is obeyed":                        {entra.Throttled{After: time.Minute}, time.Minute, time.Minute + 4*time.Second},
		"an outage backs off from seconds":             {entra.ErrUnreachable, time.Second, 10 * time.Second},
		"a missing consent is asked for every quarter": {entra.Refused{Reason: entra.RefusedForbidden}, 10 * time.Minute, 15 * time.Minute},
		"a refused spec waits for the resync":          {entra.Refused{Reason: entra.RefusedInvalid}, 54 * time.Minute, 66 * time.Minute},
		"an unwatched reference is polled":             {Wait{What: "x"}, time.Minute, time.Minute},
		"a watched reference is not":                   {Wait{What: "x", Watched: true}, 54 * time.Minute, 66 * time.Minute},
		"any other error is retried":                   {errors.New("x"), time.Second, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, &toy{read: row.err}, nil)
			result, _ := b.reconcile(t)
			if result.RequeueAfter < row.min || result.RequeueAfter > row.max {
				t.Errorf("requeued after %s, want %s to %s", result.RequeueAfter, row.min, row.max)
			}
		})
	}
}

package approleassignment

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/entra/entratest"
)

// store holds objects of the kind, as somebody sees them; everything else is the same for all.
type store struct {
	client.Reader
	objects map[string]*v1alpha1.AppRoleAssignment
}

func (s *store) List(ctx context.Context, into client.ObjectList, options ...client.ListOption) error {
	list, is := into.(*v1alpha1.AppRoleAssignmentList)
	if !is {
		return s.Reader.List(ctx, into, options...)
	}
	for _, obj := range s.objects {
		list.Items = append(list.Items, *obj.DeepCopy())
	}
	return nil
}

// copyOf is what somebody sees from now on.
func (s *store) copyOf(other *store) {
	s.objects = map[string]*v1alpha1.AppRoleAssignment{}
	for name, obj := range other.objects {
		s.objects[name] = obj.DeepCopy()
	}
}

// simulation is of a principal whose roles two objects share with a stranger. Reconciles stop between any two steps, and go on in any order, or
// never.
type simulation struct {
	t     *rapid.T
	kind  *Kind
	entra *entratest.Directory
	live  *store // as the API server has it
	cache *store // as it was some time ago
	under map[string]running

	clients     engine.Clients
	losesAnswer bool // to the next write
}

// running goes on to where it would next touch the world, and reports whether there is more of it; or it crashes there.
type running struct {
	on    func() (struct{}, bool)
	crash func()
}

func newSimulation(t *rapid.T, kind *Kind, d *entratest.Directory, repair v1alpha1.Repair) *simulation {
	rest := kind.Cache
	s := &simulation{t: t, live: &store{Reader: rest}, cache: &store{Reader: rest}, under: map[string]running{}}
	s.live.objects = map[string]*v1alpha1.AppRoleAssignment{}
	for _, name := range []string{"a", "b"} {
		_, obj, _ := changes{obj: both(repairing(repair), wants(subset(t)...))}.apply()
		obj.Name, obj.Status.ObservedGeneration = name, -1
		s.live.objects[name] = obj
	}
	s.entra = &entratest.Directory{TenantID: d.TenantID, Operator: d.Operator, Principals: slices.Clone(d.Principals)}
	s.kind = &Kind{
		Gate: kind.Gate, Enabled: true, Cache: s.cache, Binder: binding.Binder{Cache: rest, Live: s.live, Tenants: s.entra},
	}
	s.clients = engine.Clients{Directory: s.entra, Live: s.live, Locks: engine.NewKeyedMutex()}
	s.entra.After = func() error {
		if lost := s.losesAnswer; lost {
			s.losesAnswer = false
			return entra.ErrUnreachable
		}
		return nil
	}
	s.cache.copyOf(s.live)
	return s
}

func subset(t *rapid.T) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Read", "Write"}), 1, 2, rapid.ID).Draw(t, "roles")
}

// advance starts to reconcile an object, or goes on with it.
func (s *simulation) advance(name string) {
	under, is := s.under[name]
	if !is {
		obj := s.seen(name)
		if obj == nil {
			return
		}
		under.on, under.crash = iter.Pull(func(yield func(struct{}) bool) { s.reconcile(obj, func() bool { return yield(struct{}{}) }) })
		s.under[name] = under
	}
	if _, more := under.on(); !more {
		delete(s.under, name)
	}
}

// seen is the object as a reconcile begins with it: as the cache has it, but never older than our own last write.
func (s *simulation) seen(name string) *v1alpha1.AppRoleAssignment {
	now, cached := s.live.objects[name], s.cache.objects[name]
	switch {
	case now == nil:
		return nil
	case cached == nil || !cmp.Equal(cached.Status, now.Status):
		return now.DeepCopy()
	default:
		return cached.DeepCopy()
	}
}

// reconcile is what the engine does with an object. Going on reports whether the process is still there.
func (s *simulation) reconcile(obj *v1alpha1.AppRoleAssignment, goingOn func() bool) {
	ctx := context.Background()
	world, err := s.kind.Read(ctx, obj)
	if err != nil || !goingOn() {
		return
	}
	recorded := false
	for range 8 {
		decided := s.kind.Decide(obj, world, today)
		obj = decided.Object
		if len(decided.Reads)+len(decided.Steps) == 0 {
			if goingOn() {
				s.conclude(obj, settled(decided))
			}
			return
		}
		if intends(decided) && !recorded {
			s.record(obj)
			recorded = true
		}
		if !s.act(ctx, decided, obj, &world, goingOn) {
			return
		}
	}
	s.t.Fatalf("the decisions on %s do not come to an end", obj.Name)
}

// settled reports whether the object agrees with the world.
func settled(decided decision) bool {
	return decided.Wait == nil && decided.Again == 0 && decided.Refusal == nil
}

// intends reports whether the intent is to be written first.
func intends(decided decision) bool { return decided.Intent || len(decided.Steps) > 0 }

// act makes the reads and takes the steps of a round, and reports whether there is another.
func (s *simulation) act(ctx context.Context, decided decision, obj *v1alpha1.AppRoleAssignment, world *World, goingOn func() bool) bool {
	for i, step := range slices.Concat(decided.Reads, decided.Steps) {
		if !goingOn() {
			return false
		}
		if i >= len(decided.Reads) && s.stale(obj) || !s.take(ctx, step, world) {
			s.conclude(s.kind.Decide(obj, *world, today).Object, false)
			return false
		}
	}
	return true
}

// stale reports whether the spec has changed since.
func (s *simulation) stale(obj *v1alpha1.AppRoleAssignment) bool {
	cached := s.cache.objects[obj.Name]
	return cached == nil || cached.Generation > obj.Generation
}

func (s *simulation) take(ctx context.Context, step engine.Step[World], world *World) bool {
	err := step.Do(ctx, s.clients, world)
	return err == nil || errors.Is(err, engine.ErrFound)
}

func (s *simulation) conclude(obj *v1alpha1.AppRoleAssignment, settled bool) {
	if !obj.DeletionTimestamp.IsZero() && settled {
		delete(s.live.objects, obj.Name)
		return
	}
	obj.Status.ObservedGeneration = obj.Generation
	s.record(obj)
}

// record patches the status, and nothing else.
func (s *simulation) record(obj *v1alpha1.AppRoleAssignment) {
	if stored := s.live.objects[obj.Name]; stored != nil {
		obj.Status.DeepCopyInto(&stored.Status)
	}
}

func (s *simulation) crash() {
	for name, under := range s.under {
		under.crash()
		delete(s.under, name)
	}
}

// edit changes an object, as a user does, once its last change was looked at: a role that is dropped and named again before anybody looks,
// while the other object leaves with it, is only reported where spec.repair is Report.
func (s *simulation) edit(name string, change func(*v1alpha1.AppRoleAssignment)) {
	if obj := s.live.objects[name]; obj != nil && obj.Status.ObservedGeneration == obj.Generation {
		change(obj)
		obj.Generation++
	}
}

// byHand is what a stranger does to the principal.
func (s *simulation) byHand(role string, gives bool) {
	worker := s.entra.Principal("worker")
	kept := slices.DeleteFunc(slices.Clone(worker.Assignments), func(a entra.Assignment) bool { return a.AppRoleID == role })
	if gives {
		kept = append(kept, entra.Assignment{ID: "hand", PrincipalID: "worker", ResourceID: "api", AppRoleID: role})
	}
	worker.Assignments = kept
}

// settle lets everything come to rest.
func (s *simulation) settle() {
	for range 6 {
		for _, name := range []string{"a", "b"} {
			s.cache.copyOf(s.live)
			for s.advance(name); len(s.under) > 0; {
				for other := range s.under {
					s.advance(other)
				}
			}
		}
	}
}

// held are the roles that the principal has.
func (s *simulation) held() []string {
	var held []string
	for _, a := range s.entra.Principal("worker").Assignments {
		held = append(held, a.AppRoleID)
	}
	return slices.Compact(slices.Sorted(slices.Values(held)))
}

// TestDecide_SharedAssignments: whatever two objects, a stranger and crashes do in whatever order, in the end what a live object names is
// there, what none names and one of ours named is gone, and what the stranger gave is still there.
func TestDecide_SharedAssignments(t *testing.T) {
	t.Parallel()
	kind, d := reading(t, registration("orders-worker", "worker"), registration("orders-api", "api", func(app *v1alpha1.AppRegistration) {
		app.Spec.AppRoles = append(app.Spec.AppRoles, v1alpha1.AppRole{Value: "Write", AllowedMemberTypes: app.Spec.AppRoles[0].AllowedMemberTypes})
		app.Status.AppRoles = append(app.Status.AppRoles, v1alpha1.NamedID{Value: "Write", ID: "write"})
	}))
	for _, repair := range []v1alpha1.Repair{v1alpha1.RepairAlways, v1alpha1.RepairReport} {
		t.Run(string(repair), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				s := newSimulation(t, kind, d, repair)
				defer s.crash()
				var want []string
				object := func(t *rapid.T) string { return rapid.SampledFrom([]string{"a", "b"}).Draw(t, "object") }
				actions := map[string]func(*rapid.T){
					"advance":       func(t *rapid.T) { s.advance(object(t)) },
					"advance again": func(t *rapid.T) { s.advance(object(t)) },
					"see":           func(*rapid.T) { s.cache.copyOf(s.live) },
					"crash":         func(*rapid.T) { s.crash() },
					"lose answer":   func(*rapid.T) { s.losesAnswer = true },
					"edit":          func(t *rapid.T) { s.edit(object(t), wants(subset(t)...)) },
					"delete": func(t *rapid.T) {
						s.edit(object(t), func(a *v1alpha1.AppRoleAssignment) { a.DeletionTimestamp = &metav1.Time{Time: today} })
					},
					"stranger gives": func(*rapid.T) {
						s.byHand("foreign", true)
						want = []string{"foreign"}
					},
				}
				if repair == v1alpha1.RepairAlways {
					actions["stranger takes"] = func(t *rapid.T) { s.byHand(rapid.SampledFrom([]string{"read", "write"}).Draw(t, "taken"), false) }
				}
				t.Repeat(actions)
				s.losesAnswer = false
				s.settle()
				for _, name := range []string{"a", "b"} {
					switch obj := s.live.objects[name]; {
					case obj == nil:
					case obj.DeletionTimestamp.IsZero():
						for _, value := range obj.Spec.Roles {
							want = append(want, string(value[0]+'a'-'A')+value[1:])
						}
					default:
						t.Errorf("%s is still there", name)
					}
				}
				if diff := cmp.Diff(slices.Compact(slices.Sorted(slices.Values(want))), s.held()); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

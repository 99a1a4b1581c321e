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
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// shelf holds objects of the kind, as somebody sees them; everything else is the same for all.
type shelf struct {
	client.Reader
	objects map[string]*v1alpha1.AppRoleAssignment
}

func (s *shelf) List(ctx context.Context, into client.ObjectList, options ...client.ListOption) error {
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
func (s *shelf) copyOf(other *shelf) {
	s.objects = map[string]*v1alpha1.AppRoleAssignment{}
	for name, obj := range other.objects {
		s.objects[name] = obj.DeepCopy()
	}
}

// stage is a principal whose roles two objects share with a stranger. Reconciles stop between any two steps, and go on in any order, or
// never.
type stage struct {
	t     *rapid.T
	kind  *Kind
	entra *directory
	live  *shelf // as the API server has it
	cache *shelf // as it was some time ago
	under map[string]reconcile
}

// reconcile goes on to where it would next touch the world, and tells whether there is more of it; or it crashes there.
type reconcile struct {
	on    func() (struct{}, bool)
	crash func()
}

func newStage(t *rapid.T, kind *Kind, d *directory, repair v1alpha1.Repair) *stage {
	rest := kind.Cache
	s := &stage{t: t, live: &shelf{Reader: rest}, cache: &shelf{Reader: rest}, under: map[string]reconcile{}}
	s.live.objects = map[string]*v1alpha1.AppRoleAssignment{}
	for _, name := range []string{"a", "b"} {
		_, obj, _ := changes{obj: both(repairing(repair), asks(subset(t)...))}.apply()
		obj.Name, obj.Status.ObservedGeneration = name, -1
		s.live.objects[name] = obj
	}
	s.entra = &directory{client: d.client, api: d.api}
	s.kind = &Kind{
		Gate: kind.Gate, Clock: kind.Clock, Enabled: true, Cache: s.cache,
		Binder: engine.Binder{Cache: rest, Live: s.live, Tenants: s.entra},
	}
	s.cache.copyOf(s.live)
	return s
}

func subset(t *rapid.T) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Read", "Write"}), 1, 2, rapid.ID).Draw(t, "roles")
}

// advance starts to reconcile an object, or goes on with it.
func (s *stage) advance(name string) {
	running, is := s.under[name]
	if !is {
		obj := s.seen(name)
		if obj == nil {
			return
		}
		running.on, running.crash = iter.Pull(func(yield func(struct{}) bool) { s.visit(obj, func() bool { return yield(struct{}{}) }) })
		s.under[name] = running
	}
	if _, more := running.on(); !more {
		delete(s.under, name)
	}
}

// seen is the object as a reconcile begins with it: as the cache has it, but never older than our own last write.
func (s *stage) seen(name string) *v1alpha1.AppRoleAssignment {
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

// visit is what the engine does with an object. Going on tells whether the process is still there.
func (s *stage) visit(obj *v1alpha1.AppRoleAssignment, goingOn func() bool) {
	ctx := context.Background()
	world, err := s.kind.Read(ctx, obj)
	if err != nil || !goingOn() {
		return
	}
	for round := range 8 {
		plan := s.kind.Decide(obj, world, today)
		if len(plan.Steps) == 0 {
			if goingOn() {
				s.conclude(obj, world, settled(plan))
			}
			return
		}
		if round == 0 {
			s.record(obj, world)
		}
		if !s.takeAll(ctx, plan.Steps, obj, &world, goingOn) {
			return
		}
	}
	s.t.Fatalf("the plan for %s does not come to an end", obj.Name)
}

// settled tells whether a plan is that of an object that agrees with the world.
func settled(plan engine.Plan[World]) bool {
	return plan.Wait == nil && plan.Again == 0 && plan.Refusal == nil
}

// takeAll takes the steps of a round, and tells whether there is another.
func (s *stage) takeAll(
	ctx context.Context, steps []engine.Step[World], obj *v1alpha1.AppRoleAssignment, world *World, goingOn func() bool,
) bool {
	for _, step := range steps {
		if !goingOn() {
			return false
		}
		if !s.take(ctx, step, obj, world) {
			s.conclude(obj, *world, false)
			return false
		}
	}
	return true
}

// take takes a step, unless the spec has moved since.
func (s *stage) take(ctx context.Context, step engine.Step[World], obj *v1alpha1.AppRoleAssignment, world *World) bool {
	if cached := s.cache.objects[obj.Name]; cached == nil || cached.Generation > obj.Generation {
		return false
	}
	err := step.Do(ctx, engine.Hands{Tenants: s.entra}, world)
	return err == nil || errors.Is(err, engine.ErrFound)
}

func (s *stage) conclude(obj *v1alpha1.AppRoleAssignment, world World, done bool) {
	if !obj.DeletionTimestamp.IsZero() && done {
		delete(s.live.objects, obj.Name)
		return
	}
	obj.Status.ObservedGeneration = obj.Generation
	s.record(obj, world)
}

// record patches the status, and nothing else.
func (s *stage) record(obj *v1alpha1.AppRoleAssignment, world World) {
	s.kind.Record(obj, world)
	if stored := s.live.objects[obj.Name]; stored != nil {
		obj.Status.DeepCopyInto(&stored.Status)
	}
}

func (s *stage) crash() {
	for name, running := range s.under {
		running.crash()
		delete(s.under, name)
	}
}

// edit changes an object, as a user does, once its last change was looked at: a role that is dropped and named again before anybody looks,
// while the other object leaves with it, is only reported where spec.repair is Report.
func (s *stage) edit(name string, change func(*v1alpha1.AppRoleAssignment)) {
	if obj := s.live.objects[name]; obj != nil && obj.Status.ObservedGeneration == obj.Generation {
		change(obj)
		obj.Generation++
	}
}

// byHand is what a stranger does to the principal.
func (s *stage) byHand(role string, gives bool) {
	kept := slices.DeleteFunc(slices.Clone(s.entra.client.Assignments), func(a entra.Assignment) bool { return a.AppRoleID == role })
	if gives {
		kept = append(kept, entra.Assignment{ID: "hand", PrincipalID: "worker", ResourceID: "api", AppRoleID: role})
	}
	s.entra.client.Assignments = kept
}

// settle lets everything come to rest.
func (s *stage) settle() {
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
func (s *stage) held() []string {
	var held []string
	for _, a := range s.entra.client.Assignments {
		held = append(held, a.AppRoleID)
	}
	return slices.Compact(slices.Sorted(slices.Values(held)))
}

// TestSharedAssignments : whatever two objects, a stranger and crashes do in whatever order, in the end what a live object names is
// there, what none names and one of ours named is gone, and what the stranger gave is still there.
func TestSharedAssignments(t *testing.T) {
	t.Parallel()
	kind, d := reading(t, registration("orders-worker", "worker"), registration("orders-api", "api", func(app *v1alpha1.AppRegistration) {
		app.Spec.AppRoles = append(app.Spec.AppRoles, v1alpha1.AppRole{Value: "Write", AllowedMemberTypes: app.Spec.AppRoles[0].AllowedMemberTypes})
		app.Status.AppRoles = append(app.Status.AppRoles, v1alpha1.NamedID{Value: "Write", ID: "write"})
	}))
	d.client.Tags, d.api.Tags = tags("shop/orders-worker", engine.ClusterUIDHash("cluster")), tags("shop/orders-api", engine.ClusterUIDHash("cluster"))
	for _, repair := range []v1alpha1.Repair{v1alpha1.RepairAlways, v1alpha1.RepairReport} {
		t.Run(string(repair), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				s := newStage(t, kind, d, repair)
				defer s.crash()
				var want []string
				object := func(t *rapid.T) string { return rapid.SampledFrom([]string{"a", "b"}).Draw(t, "object") }
				actions := map[string]func(*rapid.T){
					"advance":       func(t *rapid.T) { s.advance(object(t)) },
					"advance again": func(t *rapid.T) { s.advance(object(t)) },
					"see":           func(*rapid.T) { s.cache.copyOf(s.live) },
					"crash":         func(*rapid.T) { s.crash() },
					"lose answer":   func(*rapid.T) { s.entra.loses = true },
					"edit":          func(t *rapid.T) { s.edit(object(t), asks(subset(t)...)) },
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
				s.entra.loses = false
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

package delegatedpermissiongrant

import (
	"context"
	"errors"
	"fmt"
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

// stage is a grant that two objects share with a stranger. Reconciles stop between any two steps, and go on in any order, or never.
type stage struct {
	t       *rapid.T
	kind    *Kind
	entra   *directory
	cluster *cluster // as the API server has it
	cache   *cluster // as it was some time ago
	under   map[string]reconcile
}

// reconcile goes on to where it would next touch the world, and tells whether there is more of it; or it crashes there.
type reconcile struct {
	on    func() (struct{}, bool)
	crash func()
}

func newStage(t *rapid.T, repair v1alpha1.Repair) *stage {
	kind, d := reading()
	d.grants = nil
	s := &stage{t: t, kind: kind, entra: d, cluster: newCluster(), cache: newCluster(), under: map[string]reconcile{}}
	for _, app := range []*v1alpha1.AppRegistration{registration("orders-web", "web"), registration("orders-api", "api")} {
		s.cluster.put(app)
	}
	for _, name := range []string{"a", "b"} {
		_, obj, _ := changes{obj: repairing(repair)}.apply()
		obj.Name, obj.Spec.Scopes = name, subset(t, "scopes of "+name)
		s.cluster.put(obj)
	}
	s.see()
	kind.Cache = reader{func() *cluster { return s.cache }}
	kind.Binder = engine.Binder{Cache: kind.Cache, Live: reader{func() *cluster { return s.cluster }}, Tenants: d}
	return s
}

func subset(t *rapid.T, label string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Read", "Write", "Admin"}), 1, 3, rapid.ID).Draw(t, label)
}

// see brings the cache up to date.
func (s *stage) see() { s.cache = &cluster{objects: slices.Clone(s.cluster.objects)} }

// object is one as the API server has it; nil where it is gone.
func (s *stage) object(name string) *grant {
	var obj grant
	if s.cluster.Get(context.Background(), named(name), &obj) != nil {
		return nil
	}
	return &obj
}

// seen is the object as a reconcile begins with it: as the cache has it, but never older than our own last write.
func (s *stage) seen(name string) *grant {
	now := s.object(name)
	var cached grant
	if now == nil || s.cache.Get(context.Background(), named(name), &cached) != nil || !cmp.Equal(cached.Status, now.Status) {
		return now
	}
	return &cached
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

// visit is what the engine does with an object. Going on tells whether the process is still there.
func (s *stage) visit(obj *grant, goingOn func() bool) {
	ctx := context.Background()
	world, err := s.kind.Read(ctx, obj)
	if err != nil || !goingOn() {
		return
	}
	for round := range 8 {
		plan := s.kind.Decide(obj, world, today)
		if len(plan.Steps) == 0 {
			if goingOn() {
				s.conclude(obj, world, plan)
			}
			return
		}
		if round == 0 {
			s.record(obj, world)
		}
		for _, step := range plan.Steps {
			if !goingOn() {
				return
			}
			if err = s.take(ctx, step, obj, &world); err != nil {
				s.conclude(obj, world, engine.Plan[World]{Again: 1})
				return
			}
		}
	}
	s.t.Fatalf("the plan for %s does not come to an end", obj.Name)
}

var errMoved = errors.New("the spec has moved")

// take takes a step, unless the spec has moved since.
func (s *stage) take(ctx context.Context, step engine.Step[World], obj *grant, world *World) error {
	var cached grant
	if err := s.cache.Get(ctx, named(obj.Name), &cached); err != nil || cached.Generation > obj.Generation {
		return errMoved
	}
	if err := step.Do(ctx, engine.Hands{Tenants: s.entra}, world); !errors.Is(err, engine.ErrFound) {
		return err
	}
	return nil
}

func (s *stage) conclude(obj *grant, world World, plan engine.Plan[World]) {
	done := plan.Wait == nil && plan.Again == 0 && plan.Refusal == nil
	if !obj.DeletionTimestamp.IsZero() && done {
		s.cluster.drop(obj)
		return
	}
	obj.Status.ObservedGeneration = obj.Generation
	s.record(obj, world)
}

// record patches the status, and nothing else.
func (s *stage) record(obj *grant, world World) {
	s.kind.Record(obj, world)
	if stored := s.object(obj.Name); stored != nil {
		stored.Status = *obj.Status.DeepCopy()
		s.cluster.put(stored)
	}
}

// crash ends all that is under way; what waits for a turn too.
func (s *stage) crash() {
	for name, running := range s.under {
		running.crash()
		delete(s.under, name)
	}
}

// edit changes an object, as a user does, once its last change was looked at: a scope that is dropped and named again before anybody
// looks, while the other object leaves with it, is only reported where spec.repair is Report.
func (s *stage) edit(name string, change func(*grant)) {
	if obj := s.object(name); obj != nil && obj.Status.ObservedGeneration == obj.Generation {
		change(obj)
		obj.Generation++
		s.cluster.put(obj)
	}
}

// held are the scopes of the grant.
func (s *stage) held() []string {
	if len(s.entra.grants) == 0 {
		return nil
	}
	return listed(s.entra.grants[0].Scopes)
}

// byHand is what a stranger does to the grant.
func (s *stage) byHand(change entra.GrantChange) {
	key := entra.GrantKey{ClientID: "web", ResourceID: "api"}
	if len(s.entra.grants) == 0 && len(change.Add) > 0 {
		s.entra.grants = []entra.Grant{{ID: "hand", GrantKey: key, Scopes: change.Add}}
		return
	}
	_, _ = s.entra.ChangeGrant(context.Background(), entra.Grant{GrantKey: key}, change)
}

// settle lets everything come to rest.
func (s *stage) settle() {
	for range 6 {
		for _, name := range []string{"a", "b"} {
			s.see()
			for s.advance(name); len(s.under) > 0; {
				for other := range s.under {
					s.advance(other)
				}
			}
		}
	}
}

// TestSharedGrants : whatever two objects, a stranger and crashes do in whatever order, in the end what a live object names is there,
// what none names and one of ours named is gone, and what the stranger put there is still there.
func TestSharedGrants(t *testing.T) {
	t.Parallel()
	for _, repair := range []v1alpha1.Repair{v1alpha1.RepairAlways, v1alpha1.RepairReport} {
		t.Run(string(repair), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				s := newStage(t, repair)
				defer s.crash()
				var want []string
				lose := false
				s.entra.after = func() error {
					if lost := lose; lost {
						lose = false
						return entra.ErrUnreachable
					}
					return nil
				}
				object := func(t *rapid.T) string { return rapid.SampledFrom([]string{"a", "b"}).Draw(t, "object") }
				actions := map[string]func(*rapid.T){
					"advance":          func(t *rapid.T) { s.advance(object(t)) },
					"advance again":    func(t *rapid.T) { s.advance(object(t)) },
					"see":              func(*rapid.T) { s.see() },
					"crash":            func(*rapid.T) { s.crash() },
					"lose next answer": func(*rapid.T) { lose = true },
					"edit":             func(t *rapid.T) { s.edit(object(t), func(g *grant) { g.Spec.Scopes = subset(t, "scopes") }) },
					"delete": func(t *rapid.T) {
						s.edit(object(t), func(g *grant) { g.DeletionTimestamp = &metav1.Time{Time: today} })
					},
					"stranger gives": func(*rapid.T) {
						s.byHand(entra.GrantChange{Add: []string{"Foreign"}})
						want = []string{"Foreign"}
					},
				}
				if repair == v1alpha1.RepairAlways {
					actions["stranger takes"] = func(t *rapid.T) { s.byHand(entra.GrantChange{Remove: subset(t, "taken")}) }
				}
				t.Repeat(actions)
				lose = false
				s.settle()
				for _, name := range []string{"a", "b"} {
					if obj := s.object(name); obj != nil && obj.DeletionTimestamp.IsZero() {
						want = append(want, obj.Spec.Scopes...)
					} else if obj != nil {
						t.Errorf("%s is still there", name)
					}
				}
				if diff := cmp.Diff(fmt.Sprint(listed(want)), fmt.Sprint(s.held())); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// reader reads a cluster that changes.
type reader struct{ from func() *cluster }

func (r reader) Get(ctx context.Context, key client.ObjectKey, into client.Object, options ...client.GetOption) error {
	return r.from().Get(ctx, key, into, options...)
}

func (r reader) List(ctx context.Context, into client.ObjectList, options ...client.ListOption) error {
	return r.from().List(ctx, into, options...)
}

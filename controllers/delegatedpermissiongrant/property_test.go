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
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/entra/entratest"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

// simulation is of a grant that two objects share with a stranger. Reconciles stop between any two steps, and go on in any order, or never.
type simulation struct {
	t       *rapid.T
	kind    *Kind
	entra   *entratest.Directory
	cluster *cluster // as the API server has it
	cache   *cluster // as it was some time ago
	under   map[string]running
	clients engine.Clients
}

// running goes on to where it would next touch the world, and reports whether there is more of it; or it crashes there.
type running struct {
	on    func() (struct{}, bool)
	crash func()
}

func newSimulation(t *rapid.T, repair v1alpha1.Repair) *simulation {
	kind, d := reading()
	d.Consents = nil
	s := &simulation{t: t, kind: kind, entra: d, cluster: newCluster(), cache: newCluster(), under: map[string]running{}}
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
	live := reader{func() *cluster { return s.cluster }}
	kind.Binder = binding.Binder{Cache: kind.Cache, Live: live, Tenants: d}
	s.clients = engine.Clients{Directory: d, Live: live, Locks: engine.NewKeyedMutex()}
	return s
}

func subset(t *rapid.T, label string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Read", "Write", "Admin"}), 1, 3, rapid.ID).Draw(t, label)
}

// see brings the cache up to date.
func (s *simulation) see() { s.cache = &cluster{objects: slices.Clone(s.cluster.objects)} }

// object is one as the API server has it; nil where it is gone.
func (s *simulation) object(ctx context.Context, name string) *grant {
	var obj grant
	if s.cluster.Get(ctx, inShop(name), &obj) != nil {
		return nil
	}
	return &obj
}

// seen is the object as a reconcile begins with it: as the cache has it, but never older than our own last write.
func (s *simulation) seen(name string) *grant {
	now := s.object(s.t.Context(), name)
	var cached grant
	if now == nil || s.cache.Get(context.Background(), inShop(name), &cached) != nil || !cmp.Equal(cached.Status, now.Status) {
		return now
	}
	return &cached
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

// reconcile is what the engine does with an object. Going on reports whether the process is still there.
func (s *simulation) reconcile(obj *grant, goingOn func() bool) {
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
				s.conclude(ctx, obj, settled(decided))
			}
			return
		}
		if intends(decided) && !recorded {
			s.record(ctx, obj)
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
func (s *simulation) act(ctx context.Context, decided decision, obj *grant, world *World, goingOn func() bool) bool {
	for i, step := range slices.Concat(decided.Reads, decided.Steps) {
		if !goingOn() {
			return false
		}
		if i >= len(decided.Reads) && s.stale(ctx, obj) || !s.take(ctx, step, world) {
			s.conclude(ctx, s.kind.Decide(obj, *world, today).Object, false)
			return false
		}
	}
	return true
}

// stale reports whether the spec has changed since.
func (s *simulation) stale(ctx context.Context, obj *grant) bool {
	var cached grant
	return s.cache.Get(ctx, inShop(obj.Name), &cached) != nil || cached.Generation > obj.Generation
}

func (s *simulation) take(ctx context.Context, step engine.Step[World], world *World) bool {
	err := step.Do(ctx, s.clients, world)
	return err == nil || errors.Is(err, engine.ErrFound)
}

func (s *simulation) conclude(ctx context.Context, obj *grant, settled bool) {
	if !obj.DeletionTimestamp.IsZero() && settled {
		s.cluster.drop(obj)
		return
	}
	obj.Status.ObservedGeneration = obj.Generation
	s.record(ctx, obj)
}

// record patches the status, and nothing else.
func (s *simulation) record(ctx context.Context, obj *grant) {
	if stored := s.object(ctx, obj.Name); stored != nil {
		stored.Status = *obj.Status.DeepCopy()
		s.cluster.put(stored)
	}
}

// crash ends all that is under way; what waits for a lock too.
func (s *simulation) crash() {
	for name, under := range s.under {
		under.crash()
		delete(s.under, name)
	}
}

// edit changes an object, as a user does, once its last change was looked at: a scope that is dropped and named again before anybody
// looks, while the other object leaves with it, is only reported where spec.repair is Report.
func (s *simulation) edit(name string, change func(*grant)) {
	if obj := s.object(s.t.Context(), name); obj != nil && obj.Status.ObservedGeneration == obj.Generation {
		change(obj)
		obj.Generation++
		s.cluster.put(obj)
	}
}

// held are the scopes of the grant.
func (s *simulation) held() []string {
	if len(s.entra.Consents) == 0 {
		return nil
	}
	return permission.Set(s.entra.Consents[0].Scopes)
}

// byHand is what a stranger does to the grant.
func (s *simulation) byHand(change entra.GrantChange) {
	key := entra.GrantKey{ClientID: "web", ResourceID: "api"}
	if len(s.entra.Consents) == 0 && len(change.Add) > 0 {
		s.entra.Consents = []entra.Grant{{ID: "hand", GrantKey: key, Scopes: change.Add}}
		return
	}
	_, _ = s.entra.ChangeGrant(context.Background(), entra.Grant{GrantKey: key}, change)
}

// settle lets everything come to rest.
func (s *simulation) settle() {
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

// TestDecide_SharedGrants: whatever two objects, a stranger and crashes do in whatever order, in the end what a live object names is there,
// what none names and one of ours named is gone, and what the stranger put there is still there.
func TestDecide_SharedGrants(t *testing.T) {
	t.Parallel()
	for _, repair := range []v1alpha1.Repair{v1alpha1.RepairAlways, v1alpha1.RepairReport} {
		t.Run(string(repair), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				s := newSimulation(t, repair)
				defer s.crash()
				var want []string
				lose := false
				s.entra.After = func() error {
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
					if obj := s.object(s.t.Context(), name); obj != nil && obj.DeletionTimestamp.IsZero() {
						want = append(want, obj.Spec.Scopes...)
					} else if obj != nil {
						t.Errorf("%s is still there", name)
					}
				}
				if diff := cmp.Diff(fmt.Sprint(permission.Set(want)), fmt.Sprint(s.held())); diff != "" {
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

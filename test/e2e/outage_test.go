package e2e

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// patchesPerOutage is how many versions an object may have for one outage: one when it begins, one when it ends.
const patchesPerOutage = 2

// population makes apps applications, and for the first of them trusts and roles of the next one.
func (s *stage) population(apps, trusts, assignments int) []object {
	s.t.Helper()
	var objs []object
	name := func(i int) string { return fmt.Sprintf("app-%02d", i%apps) }
	for i := range apps {
		objs = append(objs, s.app(name(i), exposing("Orders.Read.All")))
	}
	for i := range trusts {
		objs = append(objs, s.trust(name(i), name(i), name(i)))
	}
	for i := range assignments {
		objs = append(objs, s.assignment(name(i), name(i), name(i+1), "Orders.Read.All"))
	}
	for _, obj := range objs {
		s.create(obj)
	}
	s.ready(objs...)
	return objs
}

// often makes every object be looked at every minute: a resync comes in every outage.
func (s *stage) often() {
	s.t.Helper()
	edit(s, s.tenantObject(), func(tenant *v1alpha1.EntraTenant) {
		tenant.Spec.ResyncInterval = &metav1.Duration{Duration: time.Minute}
	})
	s.clock.linger(s.t, 2*time.Minute)
}

// synced lets time pass until all objects say that they are in sync.
func (s *stage) synced(objs []object) {
	s.t.Helper()
	next := 0
	s.clock.until(s.t, "everything in sync", settleTime, func() bool {
		for ; next < len(objs); next++ {
			s.get(objs[next])
			if !meta.IsStatusConditionTrue(objs[next].Common().Conditions, v1alpha1.ConditionSynced) {
				return false
			}
		}
		return true
	})
}

// posture is an object's Ready condition, and whether its Synced is True.
type posture struct {
	ready  metav1.Condition
	synced bool
}

func (s *stage) postures(objs []object) []posture {
	s.t.Helper()
	postures := make([]posture, len(objs))
	for i, obj := range objs {
		s.get(obj)
		conditions := obj.Common().Conditions
		if ready := meta.FindStatusCondition(conditions, v1alpha1.ConditionReady); ready != nil {
			postures[i].ready = *ready
		}
		postures[i].synced = meta.IsStatusConditionTrue(conditions, v1alpha1.ConditionSynced)
	}
	return postures
}

func TestAnOutageOfTenMinutesUnsettlesNobody(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(troubles)) {
		apps, trusts, assignments := 2, 1, 1
		if name == "nobody answers" {
			apps, trusts, assignments = 40, 30, 30
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			objs := append(s.population(apps, trusts, assignments), object(s.tenantObject()))
			s.often()
			before, seen := s.postures(objs), s.eyes.counts()

			troubles[name].begins(s)
			s.clock.linger(t, outage)
			during := s.postures(objs)
			troubles[name].ends(s)
			s.synced(objs)

			unsettled(t, objs, before, during)
			unsettled(t, objs, before, s.postures(objs))
			unaware := slices.IndexFunc(during, func(p posture) bool { return p.synced })
			if troubles[name].stops && unaware >= 0 {
				t.Errorf("%s does not say that it may be out of sync", objs[unaware].GetName())
			}
			for key, count := range s.eyes.counts() {
				if count-seen[key] > patchesPerOutage {
					t.Errorf("a status storm: %s was written %d times", key, count-seen[key])
				}
			}
			s.isCool()
		})
	}
}

// unsettled fails for every object whose Ready is not what it was.
func unsettled(t *testing.T, objs []object, before, after []posture) {
	t.Helper()
	for i, obj := range objs {
		if before[i].ready != after[i].ready {
			t.Errorf("Ready of %T %s was %+v and became %+v", obj, obj.GetName(), before[i].ready, after[i].ready)
		}
	}
}

func TestWhatIsUnderWayInAnOutageGoesOnAfterIt(t *testing.T) {
	t.Parallel()
	for _, name := range someTroubles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			api := s.app("orders-api", exposing("Orders.Read.All"))
			s.create(api)
			s.ready(api)
			s.clock.linger(t, 2*time.Minute)

			troubles[name].begins(s)
			edit(s, api, func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName = "Orders, renamed" })
			rest := []object{s.app("orders-worker"), s.trust("orders-worker", "orders-worker", "orders-worker"),
				s.assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All")}
			for _, obj := range rest {
				s.create(obj)
			}
			s.clock.linger(t, outage+time.Minute)
			if troubles[name].stops {
				s.has(api, v1alpha1.ConditionReady, metav1.ConditionUnknown, reasonOf(s, api))
				s.has(api, v1alpha1.ConditionStalled, metav1.ConditionTrue, reasonOf(s, api))
			}
			troubles[name].ends(s)
			s.ready(append(rest, api)...)
			s.holds(storyInEntra)
			s.isCool()
		})
	}
}

// reasonOf an object's Synced condition.
func reasonOf(s *stage, obj object) v1alpha1.Reason {
	s.t.Helper()
	s.get(obj)
	synced := meta.FindStatusCondition(obj.Common().Conditions, v1alpha1.ConditionSynced)
	if synced == nil {
		s.t.Fatalf("%s has no Synced condition", obj.GetName())
	}
	return v1alpha1.Reason(synced.Reason)
}

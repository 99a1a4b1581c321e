package e2e

import (
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// memoryOfWrites is for how long a read that shows what we overwrote counts as stale.
const memoryOfWrites = 5 * time.Minute

// repaired looks at all objects of ours, and lets time pass until Entra holds what it should, and all are Ready.
func (s *stage) repaired(objs []object, want census) time.Duration {
	s.t.Helper()
	begun := s.clock.Now()
	for _, obj := range objs {
		s.look(obj)
	}
	s.clock.until(s.t, "the repair", 2*settleTime, func() bool { return s.census() == want })
	took := s.clock.Since(begun)
	s.clock.quiet(s.t)
	s.ready(fresh(s, objs)...)
	return took
}

// fresh are the objects as the API server has them now.
func fresh(s *stage, objs []object) []object {
	for _, obj := range objs {
		s.get(obj)
	}
	return objs
}

func TestWhatSomebodyDeletesInEntraIsRepaired(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		does  mischief
		to    func(identities) string
		keeps bool          // the client ID
		after time.Duration // at least, from the look
	}{
		"an application, softly":         {does: deletesTheApplication, to: theApplication, keeps: true},
		"an application, purged":         {does: mischief(deletesTheApplication).then(purges), to: theApplication, after: 5 * time.Minute},
		"a service principal, softly":    {does: deletesThePrincipal, to: thePrincipal, keeps: true},
		"a service principal, purged":    {does: mischief(deletesThePrincipal).then(purges), to: thePrincipal, keeps: true, after: 5 * time.Minute},
		"a federated credential":         {does: takesTheTrustAway, to: theApplication, keeps: true},
		"the roles given to a principal": {does: takesTheRolesAway, to: thePrincipal, keeps: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			objs := ours(s.settled())
			before := s.identities("orders-worker")
			s.clock.linger(t, memoryOfWrites)
			s.somebody(c.does, c.to(before))
			took := s.repaired(objs, storyInEntra)
			after := s.identities("orders-worker")
			t.Logf("repaired after %s", took)
			if took < c.after {
				t.Errorf("repaired after %s: what was missed for less than %s is not gone", took, c.after)
			}
			if c.keeps != (before.appID == after.appID) {
				t.Errorf("client ID %s became %s", before.appID, after.appID)
			}
			s.tells("orders-worker")
			s.clock.pass(t, time.Minute)
			s.forget()
			for _, obj := range objs {
				s.look(obj)
			}
			s.costs("another look at all", 7, 0)
		})
	}
}

func theApplication(ids identities) string { return ids.objectID }
func thePrincipal(ids identities) string   { return ids.principalID }

func TestAnAPIThatSomebodyPurgesIsMadeAgainWithWhatWasGiven(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	objs := ours(s.settled())
	before := s.identities("orders-api")
	s.clock.linger(t, memoryOfWrites)
	s.somebody(mischief(deletesTheApplication).then(purges), before.objectID)
	s.repaired(objs, storyInEntra)
	assignment := &v1alpha1.AppRoleAssignment{ObjectMeta: s.assignment("orders-worker-reads", "", "").ObjectMeta}
	if s.get(assignment); assignment.Status.APIObjectID != s.identities("orders-api").principalID {
		t.Errorf("the assignment is of API %s, and the API is %s now", assignment.Status.APIObjectID, s.identities("orders-api").principalID)
	}
}

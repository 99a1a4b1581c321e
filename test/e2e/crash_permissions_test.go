package e2e

import (
	"fmt"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// permissionsStory is an application with permissions, two consents on one grant, and a role of Microsoft Graph.
func (s *stage) permissionsStory() []client.Object {
	role := s.assignment("portal-reads-groups", "portal", "", "Group.Read.All")
	role.Spec.API = microsoftGraph
	return []client.Object{
		s.app("portal", needing(microsoftGraph, []string{"User.Read", "openid"})),
		s.grant("first", "portal", microsoftGraph, "User.Read", "Mail.Read"), s.grant("second", "portal", microsoftGraph, "User.Read"), role,
	}
}

func reading(k int, lost bool) []prop {
	rules := allowing(readsMail, assigning(v1alpha1.PrincipalAppRegistration, v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}, "Group.Read.All"))
	if k == 0 {
		return []prop{rules}
	}
	return []prop{rules, crashing(k, lost)}
}

func TestACrashAmongPermissionsLosesNothingOfAnybodys(t *testing.T) {
	t.Parallel()
	calm := newStage(t, reading(0, false)...)
	calm.create(calm.permissionsStory()...)
	calm.ready(ours(calm.permissionsStory())...)
	calm.clock.quiet(t)
	mutations := calm.wire.mutations()
	t.Logf("the story takes %d mutations", mutations)
	portal := func(s *stage) *v1alpha1.AppRegistration {
		app := s.app("portal")
		s.get(app)
		return app
	}
	for k := 1; k <= mutations; k++ {
		for name, lost := range map[string]bool{"the answer lost": true, "the answer received": false} {
			t.Run(fmt.Sprintf("mutation %d, %s", k, name), func(t *testing.T) {
				t.Parallel()
				s := newStage(t, reading(k, lost)...)
				objs := s.permissionsStory()
				s.create(objs...)
				s.clock.until(s.t, "the crash", settleTime, func() bool { return s.wire.isDead() || s.allReady(ours(objs)...) })
				s.restartManager()
				s.ready(ours(objs)...)
				same(t, "granted", []string{"Mail.Read", "User.Read"}, s.granted(portal(s)))
				s.leaves(ours(objs)[1])
				same(t, "one left", []string{"User.Read"}, s.granted(portal(s)))
			})
		}
		t.Run(fmt.Sprintf("mutation %d, deleted before the restart", k), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, reading(k, true)...)
			objs := s.permissionsStory()
			s.create(objs...)
			s.clock.until(s.t, "the crash", settleTime, func() bool { return s.wire.isDead() || s.allReady(ours(objs)...) })
			app := portal(s)
			if app.Status.ServicePrincipalObjectID != "" {
				s.somebody(addsScopes("Group.Read.All"), app.Status.ServicePrincipalObjectID)
			}
			had := len(s.granted(app)) > 0
			s.delete(objs[1:]...)
			s.restartManager()
			s.gone(objs[1:]...)
			if left := s.granted(app); app.Status.ServicePrincipalObjectID != "" && had && fmt.Sprint(left) != "[Group.Read.All]" {
				t.Errorf("left of the grant: %v", left)
			}
			s.delete(objs[0])
			s.gone(objs[0])
		})
	}
}

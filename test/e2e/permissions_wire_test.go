package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestWhatPermissionsCostOnTheWire(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(declaring([]string{"Mail.Read", "User.ReadBasic.All"})))
	app := s.app("portal", needing(microsoftGraph, []string{"openid", "profile", "User.Read"}))
	s.create(app)
	s.ready(app)
	s.later()

	s.forget()
	edit(s, app, func(o *v1alpha1.AppRegistration) {
		o.Spec.Permissions[0].Delegated = append(o.Spec.Permissions[0].Delegated, "Mail.Read")
	})
	s.ready(app)
	s.costs("one permission more", 4, 1)
	if writes := s.traffic().writes; len(writes) != 1 {
		t.Errorf("writes: %v", writes)
	}

	s.forget()
	s.look(app)
	s.costs("a look that is no resync", 2, 0)

	edit(s, app, func(o *v1alpha1.AppRegistration) { o.Spec.Description = "the same permissions, in another order" })
	s.ready(app)
	s.forget()
	edit(s, app, func(o *v1alpha1.AppRegistration) {
		p := &o.Spec.Permissions[0]
		p.Delegated = []string{"Mail.Read", "User.Read", "openid", "profile"}
	})
	s.ready(app)
	s.costs("the same permissions in another order", 2, 0)

	s.forget()
	s.clock.leap(t, 132*time.Minute)
	s.costs("two resyncs, which look at consent, and refresh what everybody knows of Microsoft Graph", 8, 0)
}

func TestAHundredApplicationsReadMicrosoftGraphsPermissionsAtMostTwice(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var apps []object
	for i := range 100 {
		app := s.app(fmt.Sprintf("portal-%d", i), needing(microsoftGraph, []string{"openid", "profile", "email", "offline_access", "User.Read"}))
		apps = append(apps, app)
		s.create(app)
	}
	s.ready(apps...)
	reads := 0
	for _, read := range s.traffic().reads {
		if strings.Contains(read, "servicePrincipals") && strings.Contains(read, "00000003-0000-0000-c000-000000000000") {
			reads++
		}
	}
	if reads == 0 || reads > 2 {
		t.Errorf("Microsoft Graph's service principal was read %d times", reads)
	}
}

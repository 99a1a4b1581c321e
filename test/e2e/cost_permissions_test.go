package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

func TestCost_Permissions(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(rule.Declare([]string{"Mail.Read", "User.ReadBasic.All"})))
	app := e.AppRegistration("portal", with.Permissions(with.MicrosoftGraph, []string{"openid", "profile", "User.Read"}))
	e.Cluster.Create(app)
	e.Status.WaitReady(app)
	e.SkipTenMinutes()

	e.Requests.Reset()
	env.Edit(e.Cluster, app, func(o *v1alpha1.AppRegistration) {
		o.Spec.Permissions[0].Delegated = append(o.Spec.Permissions[0].Delegated, "Mail.Read")
	})
	e.Status.WaitReady(app)
	e.Requests.CheckCost("one permission more", 4, 1)
	if writes := e.Requests.Traffic().Writes; len(writes) != 1 {
		t.Errorf("writes: %v", writes)
	}

	e.Requests.Reset()
	e.Reconcile(app)
	e.Requests.CheckCost("a reconcile that is no resync", 2, 0)

	env.Edit(e.Cluster, app, func(o *v1alpha1.AppRegistration) { o.Spec.Description = "the same permissions, in another order" })
	e.Status.WaitReady(app)
	e.Requests.Reset()
	env.Edit(e.Cluster, app, func(o *v1alpha1.AppRegistration) {
		p := &o.Spec.Permissions[0]
		p.Delegated = []string{"Mail.Read", "User.Read", "openid", "profile"}
	})
	e.Status.WaitReady(app)
	e.Requests.CheckCost("the same permissions in another order", 2, 0)

	e.Requests.Reset()
	e.Clock.PassHours(132 * time.Minute)
	e.Requests.CheckCost("two resyncs, which read consent, and refresh what everybody knows of Microsoft Graph", 8, 0)
}

// A hundred applications read Microsoft Graph's permissions at most twice.
func TestCost_GraphPermissionsAreReadAtMostTwice(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	var apps []env.Object
	permissions := with.Permissions(with.MicrosoftGraph, []string{"openid", "profile", "email", "offline_access", "User.Read"})
	for i := range 100 {
		app := e.AppRegistration(fmt.Sprintf("portal-%d", i), permissions)
		apps = append(apps, app)
		e.Cluster.Create(app)
	}
	e.Status.WaitReady(apps...)
	reads := 0
	for _, read := range e.Requests.Traffic().Reads {
		if strings.Contains(read, "servicePrincipals") && strings.Contains(read, "00000003-0000-0000-c000-000000000000") {
			reads++
		}
	}
	if reads == 0 || reads > 2 {
		t.Errorf("Microsoft Graph's service principal was read %d times", reads)
	}
}

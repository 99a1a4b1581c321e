package e2e

import (
	"fmt"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// permissionObjects is an application with permissions, two consents on one grant, and a role of Microsoft Graph.
func permissionObjects(e *env.Env) []client.Object {
	role := e.Assignment("portal-reads-groups", "portal", "", "Group.Read.All")
	role.Spec.API = with.MicrosoftGraph
	return []client.Object{
		e.AppRegistration("portal", with.Permissions(with.MicrosoftGraph, []string{"User.Read", "openid"})),
		e.Grant("first", "portal", with.MicrosoftGraph, "User.Read", "Mail.Read"), e.Grant("second", "portal", with.MicrosoftGraph, "User.Read"), role,
	}
}

func permissionOptions(k int, lost bool) []env.Option {
	rules := env.WithPolicy(readsMail, rule.Assign(v1alpha1.PrincipalAppRegistration, rule.Graph, "Group.Read.All"))
	if k == 0 {
		return []env.Option{rules}
	}
	return []env.Option{rules, env.WithCrash(k, lost)}
}

func TestCrash_AmongPermissionsLosesNothing(t *testing.T) {
	t.Parallel()
	undisturbed := env.New(t, permissionOptions(0, false)...)
	undisturbed.Cluster.Create(permissionObjects(undisturbed)...)
	undisturbed.Status.WaitReady(env.OperatorObjects(permissionObjects(undisturbed))...)
	undisturbed.Quiet()
	writes := undisturbed.Wire.Writes()
	t.Logf("undisturbed, this takes %d writes", writes)
	portal := func(e *env.Env) *v1alpha1.AppRegistration {
		app := e.AppRegistration("portal")
		e.Cluster.Get(app)
		return app
	}
	for k := 1; k <= writes; k++ {
		for name, lost := range map[string]bool{"the answer lost": true, "the answer received": false} {
			t.Run(fmt.Sprintf("write %d, %s", k, name), func(t *testing.T) {
				t.Parallel()
				e := env.New(t, permissionOptions(k, lost)...)
				objs := permissionObjects(e)
				e.Cluster.Create(objs...)
				e.Clock.WaitUntil("the crash", env.SettleTime, func() bool { return e.Wire.Crashed() || e.Status.AllReady(env.OperatorObjects(objs)...) })
				e.Manager.Restart()
				e.Status.WaitReady(env.OperatorObjects(objs)...)
				env.CheckEqual(t, "granted", []string{"Mail.Read", "User.Read"}, e.Tenant.Granted(portal(e)))
				e.Remove(env.OperatorObjects(objs)[1])
				env.CheckEqual(t, "one left", []string{"User.Read"}, e.Tenant.Granted(portal(e)))
			})
		}
		t.Run(fmt.Sprintf("write %d, deleted before the restart", k), func(t *testing.T) {
			t.Parallel()
			e := env.New(t, permissionOptions(k, true)...)
			objs := permissionObjects(e)
			e.Cluster.Create(objs...)
			e.Clock.WaitUntil("the crash", env.SettleTime, func() bool { return e.Wire.Crashed() || e.Status.AllReady(env.OperatorObjects(objs)...) })
			app := portal(e)
			if app.Status.ServicePrincipalObjectID != "" {
				e.Tenant.OutOfBand(outofband.AddScopes("Group.Read.All"), app.Status.ServicePrincipalObjectID)
			}
			had := len(e.Tenant.Granted(app)) > 0
			e.Cluster.Delete(objs[1:]...)
			e.Manager.Restart()
			e.Status.WaitGone(objs[1:]...)
			if left := e.Tenant.Granted(app); app.Status.ServicePrincipalObjectID != "" && had && fmt.Sprint(left) != "[Group.Read.All]" {
				t.Errorf("left of the grant: %v", left)
			}
			e.Cluster.Delete(objs[0])
			e.Status.WaitGone(objs[0])
		})
	}
}

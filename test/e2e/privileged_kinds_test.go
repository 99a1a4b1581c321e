package e2e

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// A kind that is switched off says so, and its objects are still deleted in Entra.
func TestPrivilegedKind_SwitchedOffStillEndsCleanly(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(rule.Consent("User.Read")))
	c := e.CreateOrders()
	grant := e.Grant("worker-reads", "orders-worker", with.MicrosoftGraph, "User.Read")
	e.Cluster.Create(grant)
	e.Status.WaitReady(grant)

	e.Manager.Stop()
	e.Manager.Settings.AppRoleAssignments, e.Manager.Settings.DelegatedGrants = false, false
	e.Manager.Start()
	e.Reconcile(c.Assignment)
	e.Reconcile(grant)
	e.Status.WaitStalled(c.Assignment, v1alpha1.ReasonDisabled, "--enable-app-role-assignments")
	e.Status.WaitStalled(grant, v1alpha1.ReasonDisabled, "--enable-delegated-grants", "adminconsent?client_id="+c.Worker.Status.AppID)
	e.Remove(grant, c.Assignment)
	env.CheckEqual(t, "granted", []string(nil), e.Tenant.Granted(c.Worker))
	e.Tenant.CheckInventory(env.Inventory{Applications: 2, Principals: 2, Credentials: 1})
}

// Missing consent is told with a URL, at which an admin gives it.
func TestConsent_GivenByAdminAtURLInStatus(t *testing.T) {
	t.Parallel()
	e := env.New(t, func(e *env.Env, _ *emulator.Options) { e.Manager.Settings.DelegatedGrants = false })
	app := e.AppRegistration("portal", with.WebCallback, with.Permissions(with.MicrosoftGraph, []string{"User.Read"}))
	e.Cluster.Create(app)
	e.Status.WaitReady(app)
	message := e.Status.WaitCondition(app, v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonInSync)
	url := e.Tenant.URL() + "/" + e.Tenant.TenantID() + "/adminconsent?client_id=" + app.Status.AppID
	e.Status.CheckMessage(message, "User.Read", url)
	want := []v1alpha1.PermissionStatus{{API: "Microsoft Graph", Value: "User.Read", Type: v1alpha1.PermissionDelegated}}
	env.CheckEqual(t, "before", want, app.Status.Permissions)

	signin.ConsentAsAdministrator(e, url)
	e.Clock.PassHours(2 * time.Hour)
	e.Cluster.Get(app)
	if !app.Status.Permissions[0].Consented {
		t.Errorf("after: %+v", app.Status.Permissions)
	}
}

func TestNotAfter_TakesAwayInTime(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	grant := e.Grant("worker-reads", "orders-worker", with.OfApp("", "orders-api"), "Orders.Read")
	end := metav1.NewTime(e.Clock.Now().Add(20 * time.Minute).Truncate(time.Second))
	grant.Spec.NotAfter = &end
	e.Cluster.Create(grant)
	env.Edit(e.Cluster, c.Assignment, func(o *v1alpha1.AppRoleAssignment) { o.Spec.NotAfter = &end })
	e.Status.WaitReady(grant, c.Assignment)
	e.Clock.PassHours(end.Sub(e.Clock.Now()))
	for _, obj := range []env.Object{grant, c.Assignment} {
		e.Status.WaitStalled(obj, v1alpha1.ReasonExpired, "spec.notAfter")
	}
	if late := e.Clock.Now().Sub(end.Time); late > 2*time.Minute {
		t.Errorf("taken away %s after the end", late)
	}
	env.CheckEqual(t, "granted", []string(nil), e.Tenant.Granted(c.Worker))
	e.Tenant.CheckInventory(env.Inventory{Applications: 2, Principals: 2, Credentials: 1})

	later := metav1.NewTime(end.Add(24 * time.Hour))
	env.Edit(e.Cluster, c.Assignment, func(o *v1alpha1.AppRoleAssignment) { o.Spec.NotAfter = &later })
	e.Status.WaitReady(c.Assignment)
}

func TestAuditLog_OneLinePerPrivilegedChange(t *testing.T) {
	t.Parallel()
	log := &env.Log{}
	e := env.New(t, env.WithLog(log), env.WithPolicy(rule.Consent("User.Read")))
	c := e.CreateOrders()
	grant := e.Grant("worker-reads", "orders-worker", with.MicrosoftGraph, "User.Read")
	grant.Spec.Justification = "it greets people by name"
	e.Cluster.Create(grant)
	e.Status.WaitReady(grant)
	e.Reconcile(grant)
	e.Remove(c.Assignment)
	e.Quiet()
	var audit []string
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "privileged change") {
			audit = append(audit, line)
		}
	}
	if len(audit) != 3 {
		t.Fatalf("%d lines, want one for the role, one for the consent and one for the role's end:\n%s", len(audit), audit)
	}
	for i, words := range [][]string{
		{`"action":"grant"`, "Orders.Read.All", c.Worker.Status.ServicePrincipalObjectID},
		{`"action":"grant"`, "User.Read", "it greets people by name", c.Worker.Status.ServicePrincipalObjectID},
		{`"action":"revoke"`, "Orders.Read.All"},
	} {
		e.Status.CheckMessage(strings.TrimSpace(audit[i]), append(words, `"requestID":"`, "e2e.test (Update", e.Namespace)...)
		if strings.Contains(audit[i], `"requestID":""`) {
			t.Errorf("no request ID: %s", audit[i])
		}
	}
}

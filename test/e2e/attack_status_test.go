package e2e

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
)

// A status that names somebody else's application does not make it the object's.
func TestForgedStatus_GivesNoApplication(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	victim := e.NewLookalike("victim")
	victim.UniqueName, victim.Tags["k8s-object"] = "k8s.c1.payments.victim", "payments/victim"
	for name, objectID := range map[string]string{"another": e.Tenant.CreateLookalike(victim), "operators": e.Tenant.OperatorApplication().ID} {
		app := e.AppRegistration("forged-" + name)
		mallory.Cluster.Create(app)
		mallory.Status.WaitReady(app)
		e.Manager.Stop()
		e.EditStatus(app, func() { app.Status.ObjectID = objectID })
		checkUnchanged := e.RecordTenant()
		e.Manager.Start()
		e.Reconcile(app)
		mallory.Status.WaitStalled(app, v1alpha1.ReasonConflict, objectID)
		mallory.Cluster.Delete(app)
		mallory.Status.WaitGone(app)
		checkUnchanged()
	}
}

// createForged creates a suspended AppRegistration, and writes its status as no user can.
func createForged(e *env.Env, name string, status v1alpha1.AppRegistrationStatus) {
	e.T.Helper()
	app := e.AppRegistration(name, func(spec *v1alpha1.AppRegistrationSpec) { spec.Suspend = true })
	e.Cluster.Create(app)
	status.ObservedGeneration = -1 // as before the first reconcile
	status.TenantBinding = v1alpha1.TenantBinding{TenantName: e.TenantName, TenantID: e.Tenant.TenantID()}
	e.EditStatus(app, func() { app.Status = status })
}

// A forged status gives nobody a role or a federated credential.
func TestForgedStatus_GivesNoRoleOrCredential(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	api := e.AppRegistration("orders-api", with.AppRoles("Orders.Read.All"))
	mallory.Cluster.Create(api)
	mallory.Status.WaitReady(api)
	victim := e.NewLookalike("victim")
	victim.UniqueName, victim.Tags["k8s-object"] = "k8s.c1.payments.victim", "payments/victim"
	createForged(e, "operator", v1alpha1.AppRegistrationStatus{
		ObjectID: e.Tenant.OperatorApplication().ID, AppID: env.OperatorClientID, UniqueName: e.UniqueName("operator"),
		ServicePrincipalObjectID: e.OperatorPrincipalID(),
	})
	createForged(e, "victim", v1alpha1.AppRegistrationStatus{
		ObjectID: e.Tenant.CreateLookalike(victim), AppID: otherAppID, UniqueName: e.UniqueName("victim"),
	})
	createForged(e, "graph", v1alpha1.AppRegistrationStatus{
		ObjectID: e.Tenant.OperatorApplication().ID, AppID: firstparty.GraphAppID, UniqueName: e.UniqueName("graph"),
		ServicePrincipalObjectID: e.Tenant.ServicePrincipal(firstparty.GraphAppID).ID,
		AppRoles:                 []v1alpha1.NamedID{{Value: "RoleManagement.ReadWrite.Directory", ID: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"}},
	})
	checkUnchanged := e.RecordTenant()
	for name, attack := range map[string]env.Object{
		"a role for the operator": e.Assignment("for-operator", "operator", "orders-api", "Orders.Read.All"),
		"a role of Graph":         e.Assignment("of-graph", "orders-api", "graph", "RoleManagement.ReadWrite.Directory"),
		"a trust on the operator": e.FederatedCredential("on-operator", "operator", "orders-api"),
		"a trust on another's":    e.FederatedCredential("on-victim", "victim", "orders-api"),
	} {
		mallory.Cluster.Create(attack)
		if reason := mallory.Status.WaitReadyOrStalled(attack); reason != string(v1alpha1.ReasonConflict) && reason != string(v1alpha1.ReasonDenied) {
			t.Errorf("%s is %q:\n%s", name, reason, e.Status.Describe(attack))
		}
		mallory.Cluster.Delete(attack)
		mallory.Status.WaitGone(attack)
	}
	checkUnchanged()
}

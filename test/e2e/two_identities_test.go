package e2e

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

const (
	secondClientID = "5f0a6c2e-0000-4000-8000-000000000009"
	secondSecret   = "the-privileged-secret"
)

// withoutPrivileges leaves the operator's own identity without the permissions that are worth as much as Global Administrator.
func withoutPrivileges(_ *env.Env, o *emulator.Options) {
	o.Client.Roles = []string{"Application.ReadWrite.OwnedBy", "Application.Read.All"}
}

// addPrivilegedIdentity gives the tenant a second identity.
func addPrivilegedIdentity(e *env.Env, roles ...string) {
	e.T.Helper()
	client := directory.SeedClient{ClientID: secondClientID, Secret: secondSecret, DisplayName: "privileged", Roles: roles}
	if _, err := e.Tenant.Directory().Seed(client); err != nil {
		e.T.Fatal(err)
	}
	name := e.TenantName + "-privileged"
	e.Cluster.Create(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: env.OperatorNamespace, Name: name}, StringData: map[string]string{"client-secret": secondSecret},
	})
	env.Edit(e.Cluster, e.EntraTenant(), func(o *v1alpha1.EntraTenant) {
		o.Spec.PrivilegedAuth = &v1alpha1.TenantAuth{
			Type: v1alpha1.AuthClientSecret, ClientID: secondClientID, SecretRef: &v1alpha1.SecretReference{Name: name},
		}
	})
}

func TestTwoIdentities_EachDoesItsPart(t *testing.T) {
	t.Parallel()
	e := env.New(t, withoutPrivileges, env.WithPolicy(rule.Consent("User.Read")))
	tenant := e.EntraTenant()
	message := e.Status.WaitCondition(tenant, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonForbidden)
	e.Status.CheckMessage(message, "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", env.OperatorClientID)

	addPrivilegedIdentity(e, "Application.Read.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All")
	c := e.CreateOrders()
	grant := e.Grant("worker-reads", "orders-worker", with.MicrosoftGraph, "User.Read")
	e.Cluster.Create(grant)
	e.Status.WaitReady(grant)
	env.CheckEqual(t, "granted", []string{"User.Read"}, e.Tenant.Granted(c.Worker))
	e.Status.CheckMessage(e.Status.WaitCondition(tenant, v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonInSync),
		"AppRoleAssignments are on", "spec.auth signs in as application "+env.OperatorClientID,
		"spec.privilegedAuth signs in as application "+secondClientID)
	if tenant.Status.PrivilegedAppID != secondClientID || tenant.Status.PrivilegedServicePrincipalObjectID == "" {
		t.Errorf("status names %q, %q", tenant.Status.PrivilegedAppID, tenant.Status.PrivilegedServicePrincipalObjectID)
	}
	e.Remove(grant, c.Assignment)
	env.CheckEqual(t, "granted", []string(nil), e.Tenant.Granted(c.Worker))
}

func TestTwoProcesses_EachHasItsKinds(t *testing.T) {
	t.Parallel()
	base := env.New(t, withoutPrivileges, func(e *env.Env, _ *emulator.Options) {
		e.Manager.Settings.Kinds = []string{"EntraTenant", "RegistrationPolicy", "AppRegistration", "FederatedCredential"}
	})
	addPrivilegedIdentity(base, "Application.Read.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All")
	api, worker := base.AppRegistration("orders-api", with.AppRoles("Orders.Read.All")), base.AppRegistration("orders-worker")
	assignment := base.Assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All")
	base.Cluster.Create(api, worker, assignment)
	base.Status.WaitReady(api, worker)
	tenant := base.EntraTenant()
	base.Status.CheckMessage(base.Status.WaitCondition(tenant, v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonInSync),
		"AppRoleAssignments are left to another process", "spec.privilegedAuth (application "+secondClientID+") is not used here")
	if tenant.Status.PrivilegedServicePrincipalObjectID == "" || tenant.Status.PrivilegedPermissions != nil {
		t.Errorf("status names %q, %v", tenant.Status.PrivilegedServicePrincipalObjectID, tenant.Status.PrivilegedPermissions)
	}
	if base.Cluster.Get(assignment); len(assignment.Status.Conditions) > 0 {
		t.Errorf("the assignment was reconciled: %v", assignment.Status.Conditions)
	}

	privileged := *base
	privileged.Manager.Settings.Kinds = []string{"AppRoleAssignment", "DelegatedPermissionGrant"}
	privileged.Manager.Start()
	t.Cleanup(privileged.Manager.Stop)
	base.Status.WaitReady(assignment)
	base.Tenant.CheckInventory(env.Inventory{Applications: 2, Principals: 2, Assignments: 1})
}

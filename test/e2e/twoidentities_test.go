package e2e

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
)

const (
	secondClientID = "5f0a6c2e-0000-4000-8000-000000000009"
	secondSecret   = "the-privileged-secret"
)

// unprivileged leaves the operator's own identity without what is as good as Global Administrator.
func unprivileged(_ *stage, o *emulator.Options) {
	o.Client.Roles = []string{"Application.ReadWrite.OwnedBy", "Application.Read.All"}
}

// empowers gives the tenant a second identity.
func (s *stage) empowers(roles ...string) {
	s.t.Helper()
	client := directory.SeedClient{ClientID: secondClientID, Secret: secondSecret, DisplayName: "privileged", Roles: roles}
	if _, err := s.entra.Directory().Seed(client); err != nil {
		s.t.Fatal(err)
	}
	name := s.tenant + "-privileged"
	s.create(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: operatorNamespace, Name: name}, StringData: map[string]string{"client-secret": secondSecret},
	})
	edit(s, s.tenantObject(), func(o *v1alpha1.EntraTenant) {
		o.Spec.PrivilegedAuth = &v1alpha1.TenantAuth{
			Type: v1alpha1.AuthClientSecret, ClientID: secondClientID, SecretRef: &v1alpha1.SecretReference{Name: name},
		}
	})
}

func TestTwoIdentitiesEachDoWhatIsTheirs(t *testing.T) {
	t.Parallel()
	s := newStage(t, unprivileged, allowing(consenting("User.Read")))
	tenant := s.tenantObject()
	message := s.has(tenant, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonForbidden)
	s.says(message, "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", operatorClientID)

	s.empowers("Application.Read.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All")
	c := s.enters()
	grant := s.grant("worker-reads", "orders-worker", microsoftGraph, "User.Read")
	s.create(grant)
	s.ready(grant)
	same(t, "granted", []string{"User.Read"}, s.granted(c.worker))
	s.says(s.has(tenant, v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonInSync),
		"AppRoleAssignments are on", "spec.auth signs in as application "+operatorClientID,
		"spec.privilegedAuth signs in as application "+secondClientID)
	if tenant.Status.PrivilegedAppID != secondClientID || tenant.Status.PrivilegedServicePrincipalObjectID == "" {
		t.Errorf("status tells of %q, %q", tenant.Status.PrivilegedAppID, tenant.Status.PrivilegedServicePrincipalObjectID)
	}
	s.leaves(grant, c.assignment)
	same(t, "granted", []string(nil), s.granted(c.worker))
}

func TestTwoProcessesEachHaveTheirKinds(t *testing.T) {
	t.Parallel()
	base := newStage(t, unprivileged, func(s *stage, _ *emulator.Options) {
		s.settings.Kinds = []string{"EntraTenant", "RegistrationPolicy", "AppRegistration", "FederatedCredential"}
	})
	base.empowers("Application.Read.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All")
	api, worker := base.app("orders-api", exposing("Orders.Read.All")), base.app("orders-worker")
	given := base.assignment("orders-worker-reads", "orders-worker", "orders-api", "Orders.Read.All")
	base.create(api, worker, given)
	base.ready(api, worker)
	tenant := base.tenantObject()
	base.says(base.has(tenant, v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonInSync),
		"AppRoleAssignments are left to another process", "spec.privilegedAuth (application "+secondClientID+") is not used here")
	if tenant.Status.PrivilegedServicePrincipalObjectID == "" || tenant.Status.PrivilegedPermissions != nil {
		t.Errorf("status tells %q, %v", tenant.Status.PrivilegedServicePrincipalObjectID, tenant.Status.PrivilegedPermissions)
	}
	if base.get(given); len(given.Status.Conditions) > 0 {
		t.Errorf("the assignment was looked at: %v", given.Status.Conditions)
	}

	privileged := *base
	privileged.settings.Kinds = []string{"AppRoleAssignment", "DelegatedPermissionGrant"}
	privileged.startManager()
	t.Cleanup(privileged.stopManager)
	base.ready(given)
	base.holds(census{applications: 2, principals: 2, assignments: 1})
}

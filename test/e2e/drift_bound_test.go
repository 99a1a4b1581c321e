package e2e

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/outofband"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// A field of a federated credential that somebody has edited is put right by one write of this field alone.
func TestDrift_CredentialFieldIsRepairedByOneWrite(t *testing.T) {
	t.Parallel()
	drifts := []drift{
		{"another issuer", "Issuer", fixed(odata.Document{"issuer": "https://evil.example.com"}), []string{"PATCH [issuer]"}},
		{"another subject", "Subject", fixed(odata.Document{"subject": "system:serviceaccount:elsewhere:evil"}), []string{"PATCH [subject]"}},
		{"another audience", "Audience", fixed(odata.Document{"audiences": odata.Strings("evil")}), []string{"PATCH [audiences]"}},
		{"another description", "Description", fixed(odata.Document{"description": "x"}), []string{"PATCH [description]"}},
	}
	checkCoverage[entra.FederatedCredentialPatch](t, drifts)
	e := env.New(t)
	c := e.CreateOrders()
	checkRepairs(e, t, c.Credential, c.Worker.Status.ObjectID, outofband.PatchFederatedCredential, drifts)
}

func TestDrift_RemovedIsCreatedAgainByOneWrite(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	e.SkipTenMinutes() // else what is missing may only not be shown yet
	e.Requests.Reset()
	e.Tenant.OutOfBand(outofband.RemoveFederatedCredential, c.Worker.Status.ObjectID)
	e.Reconcile(c.Credential)
	e.Tenant.OutOfBand(outofband.TakeRoles, c.Worker.Status.ServicePrincipalObjectID)
	e.Reconcile(c.Assignment)
	want := []string{"POST [audiences issuer name subject]", "POST [appRoleId principalId resourceId]"}
	if diff := cmp.Diff(want, e.Requests.WrittenProperties()); diff != "" {
		t.Errorf("the writes (-want +got)\n%s", diff)
	}
	e.Tenant.CheckInventory(env.Inventory{Applications: 2, Principals: 2, Credentials: 1, Assignments: 1})
}

// addUnmanagedProperties adds everything to an application that the operator's schema does not have.
func addUnmanagedProperties(session *directory.Session, objectID string) error {
	return outofband.PatchApplication(odata.Document{
		"notes": "call Eve", "serviceManagementReference": "CMDB-7", "groupMembershipClaims": "SecurityGroup",
		"info":           odata.Document{"supportUrl": "https://orders.example.com/help"},
		"optionalClaims": odata.Document{"idToken": []any{odata.Document{"name": "email", "essential": false}}},
		"web": odata.Document{
			"homePageUrl": "https://orders.example.com", "logoutUrl": "https://orders.example.com/logout",
			"implicitGrantSettings": odata.Document{"enableIdTokenIssuance": true},
		},
		"api": odata.Document{"acceptMappedClaims": true},
	})(session, objectID)
}

// What the operator's schema does not have is left alone.
func TestDrift_UnmanagedPropertiesAreLeftAlone(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	ids := []string{c.API.Status.ObjectID, c.API.Status.ServicePrincipalObjectID, c.Worker.Status.ObjectID, c.Worker.Status.ServicePrincipalObjectID}
	for _, edit := range []outofband.Edit{addUnmanagedProperties, outofband.AddPassword, outofband.AddFederatedCredential, env.AddNewOwner(e)} {
		e.Tenant.OutOfBand(edit, c.API.Status.ObjectID)
	}
	e.Tenant.OutOfBand(outofband.AddFederatedCredential, c.Worker.Status.ObjectID)
	e.Tenant.OutOfBand(outofband.PatchPrincipal(odata.Document{
		"notes": "call Eve", "description": "orders", "loginUrl": "https://orders.example.com/login",
		"notificationEmailAddresses": odata.Strings("eve@example.com"), "preferredSingleSignOnMode": "oidc",
	}), c.API.Status.ServicePrincipalObjectID)
	e.Tenant.GiveRole(c.API.Status.ServicePrincipalObjectID, c.API.Status.ServicePrincipalObjectID, c.API.Status.AppRoles[0].ID)
	theirState := liveEntries(e, ids)

	e.Requests.Reset()
	for _, obj := range c.All() {
		e.Reconcile(obj)
	}
	e.Requests.CheckCost("a reconcile of what others have added to", 7, 0)

	env.Edit(e.Cluster, c.API, func(o *v1alpha1.AppRegistration) {
		o.Spec.DisplayName = "Orders"
		o.Spec.API.RequestedAccessTokenVersion = new(int32(2))
		o.Spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/callback"}}
	})
	env.Edit(e.Cluster, c.Credential, func(o *v1alpha1.FederatedCredential) { o.Spec.Description = "the worker" })
	e.Status.WaitReady(c.API, c.Credential)
	env.Edit(e.Cluster, c.API, func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName, o.Spec.Web = "orders-api", nil })
	env.Edit(e.Cluster, c.Credential, func(o *v1alpha1.FederatedCredential) { o.Spec.Description = "" })
	e.Status.WaitReady(c.API, c.Credential)
	if diff := cmp.Diff(theirState, liveEntries(e, ids), env.AnyOrder, emptyEqualsNil); diff != "" {
		t.Errorf("after an edit and back (-before +after)\n%s", diff)
	}
	e.Remove(c.Assignment, c.Credential)
	e.Tenant.CheckInventory(env.Inventory{Applications: 2, Principals: 2, Credentials: 2, Assignments: 1})
}

// emptyEqualsNil takes a text that was emptied for one that was never set.
var emptyEqualsNil = cmp.FilterValues(func(a, b any) bool { return (a == nil || a == "") && (b == nil || b == "") }, cmp.Ignore())

func liveEntries(e *env.Env, ids []string) map[string]directory.Entry {
	e.T.Helper()
	found := map[string]directory.Entry{}
	for _, id := range ids {
		found[id] = e.Tenant.LiveEntry(id)
	}
	return found
}

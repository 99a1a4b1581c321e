package e2e

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func TestAnEditedFieldOfATrustIsPutRightByOneWriteOfItAlone(t *testing.T) {
	t.Parallel()
	drifts := []drift{
		{"another issuer", "Issuer", to(odata.Document{"issuer": "https://evil.example.com"}), []string{"PATCH [issuer]"}},
		{"another subject", "Subject", to(odata.Document{"subject": "system:serviceaccount:elsewhere:evil"}), []string{"PATCH [subject]"}},
		{"another audience", "Audience", to(odata.Document{"audiences": odata.Strings("evil")}), []string{"PATCH [audiences]"}},
		{"another description", "Description", to(odata.Document{"description": "x"}), []string{"PATCH [description]"}},
	}
	covers[entra.FederatedCredentialPatch](t, drifts)
	s := newStage(t)
	c := s.enters()
	s.repairs(t, c.trust, c.worker.Status.ObjectID, patchesTheTrust, drifts)
}

func TestWhatSomebodyTookAwayIsMadeAgainByOneWrite(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	s.later() // what is new may only not be shown yet
	s.forget()
	s.somebody(takesTheTrustAway, c.worker.Status.ObjectID)
	s.look(c.trust)
	s.somebody(takesTheRolesAway, c.worker.Status.ServicePrincipalObjectID)
	s.look(c.assignment)
	want := []string{"POST [audiences issuer name subject]", "POST [appRoleId principalId resourceId]"}
	if diff := cmp.Diff(want, s.writtenProperties()); diff != "" {
		t.Errorf("the writes (-want +got)\n%s", diff)
	}
	s.holds(census{applications: 2, principals: 2, credentials: 1, assignments: 1})
}

// theirs is all that somebody may add to an application of ours, and that the schema does not have.
func theirs(session *directory.Session, objectID string) error {
	return patchesTheApplication(odata.Document{
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

func TestWhatTheSchemaDoesNotHaveIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	ids := []string{c.api.Status.ObjectID, c.api.Status.ServicePrincipalObjectID, c.worker.Status.ObjectID, c.worker.Status.ServicePrincipalObjectID}
	for _, does := range []mischief{theirs, addsAPassword, addsATrust, s.addsAnOwner()} {
		s.somebody(does, c.api.Status.ObjectID)
	}
	s.somebody(addsATrust, c.worker.Status.ObjectID)
	s.somebody(patchesThePrincipal(odata.Document{
		"notes": "call Eve", "description": "orders", "loginUrl": "https://orders.example.com/login",
		"notificationEmailAddresses": odata.Strings("eve@example.com"), "preferredSingleSignOnMode": "oidc",
	}), c.api.Status.ServicePrincipalObjectID)
	s.gives(c.api.Status.ServicePrincipalObjectID, c.api.Status.ServicePrincipalObjectID, c.api.Status.AppRoles[0].ID)
	theirState := s.entries(ids)

	s.forget()
	for _, obj := range c.all() {
		s.look(obj)
	}
	s.costs("a look at what others added", 7, 0)

	edit(s, c.api, func(o *v1alpha1.AppRegistration) {
		o.Spec.DisplayName = "Orders"
		o.Spec.API.RequestedAccessTokenVersion = new(int32(2))
		o.Spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/callback"}}
	})
	edit(s, c.trust, func(o *v1alpha1.FederatedCredential) { o.Spec.Description = "the worker" })
	s.ready(c.api, c.trust)
	edit(s, c.api, func(o *v1alpha1.AppRegistration) { o.Spec.DisplayName, o.Spec.Web = "orders-api", nil })
	edit(s, c.trust, func(o *v1alpha1.FederatedCredential) { o.Spec.Description = "" })
	s.ready(c.api, c.trust)
	if diff := cmp.Diff(theirState, s.entries(ids), anyOrder, empty); diff != "" {
		t.Errorf("after an edit and back (-before +after)\n%s", diff)
	}
	s.leaves(c.assignment, c.trust)
	s.holds(census{applications: 2, principals: 2, credentials: 2, assignments: 1})
}

// empty : a text that was emptied is as good as one that never was.
var empty = cmp.FilterValues(func(a, b any) bool { return (a == nil || a == "") && (b == nil || b == "") }, cmp.Ignore())

func (s *stage) entries(ids []string) map[string]directory.Entry {
	s.t.Helper()
	found := map[string]directory.Entry{}
	for _, id := range ids {
		found[id] = s.entry(id)
	}
	return found
}

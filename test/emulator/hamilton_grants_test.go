package emulator_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/manicminer/hamilton/msgraph"
	"github.com/manicminer/hamilton/odata"

	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
)

func TestHamilton_ManagesGrants(t *testing.T) {
	t.Parallel()
	s := &signInTenant{testEmulator: startEmulator(t, emulator.Options{Client: emulator.Client{
		ID: clientID, Secret: secret, Roles: []string{"DelegatedPermissionGrant.ReadWrite.All", "User.Read.All", "Group.Read.All"},
	}})}
	adaID := s.Directory().SeedPerson(directory.SeedPerson{DisplayName: "Ada", UserPrincipalName: ada})
	groupID := s.Directory().SeedGroup("Readers")
	s.Directory().AddMember(groupID, adaID)
	s.api = s.register(nil)
	client := s.register(nil)
	grants := msgraph.NewDelegatedPermissionGrantsClient(s.TenantID())
	s.target(&grants.BaseClient)
	ctx := t.Context()

	everybody := msgraph.DelegatedPermissionGrantConsentTypeAllPrincipals
	made := must[msgraph.DelegatedPermissionGrant](t)(grants.Create(ctx, msgraph.DelegatedPermissionGrant{
		ClientId: &client.principal, ResourceId: &s.api.principal, ConsentType: &everybody, Scopes: &[]string{"Read"},
	}))
	made.Scopes = &[]string{"Read", "Write"}
	status, err := grants.Update(ctx, msgraph.DelegatedPermissionGrant{Id: made.Id, Scopes: made.Scopes})
	checkDone(t, status, err)
	read := must[msgraph.DelegatedPermissionGrant](t)(grants.Get(ctx, *made.Id, odata.Query{}))
	if diff := cmp.Diff(*made.Scopes, *read.Scopes); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
	one := msgraph.DelegatedPermissionGrantConsentTypePrincipal
	must[msgraph.DelegatedPermissionGrant](t)(grants.Create(ctx, msgraph.DelegatedPermissionGrant{
		ClientId: &client.principal, ResourceId: &s.api.principal, ConsentType: &one, PrincipalId: &adaID, Scopes: &[]string{"Read"},
	}))
	found := must[[]msgraph.DelegatedPermissionGrant](t)(grants.List(ctx, odata.Query{Filter: "principalId eq '" + adaID + "'"}))
	if len(*found) != 1 {
		t.Errorf("the filter finds %d", len(*found))
	}
	status, err = grants.Delete(ctx, *made.Id)
	checkDone(t, status, err)

	users, groups := msgraph.NewUsersClient(s.TenantID()), msgraph.NewGroupsClient(s.TenantID())
	s.target(&users.BaseClient)
	s.target(&groups.BaseClient)
	if user := must[msgraph.User](t)(users.Get(ctx, ada, odata.Query{})); *user.ID != adaID {
		t.Errorf("user %v", *user.ID)
	}
	if members := must[[]string](t)(groups.ListMembers(ctx, groupID)); len(*members) != 1 || (*members)[0] != adaID {
		t.Errorf("members %v", *members)
	}
}

func TestHamilton_DeclaresRequiredResourceAccess(t *testing.T) {
	t.Parallel()
	s := startEmulator(t, emulator.Options{})
	client := msgraph.NewApplicationsClient(s.TenantID())
	s.target(&client.BaseClient)
	required := []msgraph.RequiredResourceAccess{{ResourceAppId: new(firstparty.GraphAppID), ResourceAccess: &[]msgraph.ResourceAccess{
		{ID: new(userRead), Type: msgraph.ResourceAccessTypeScope}, {ID: new(mailRead), Type: msgraph.ResourceAccessTypeScope},
	}}}
	made := must[msgraph.Application](t)(client.Create(t.Context(), msgraph.Application{
		DisplayName: new("orders"), SignInAudience: new(msgraph.SignInAudience("AzureADMyOrg")), RequiredResourceAccess: &required,
	}))
	read := must[msgraph.Application](t)(client.Get(t.Context(), *made.ID, odata.Query{}))
	if diff := cmp.Diff(required, *read.RequiredResourceAccess); diff != "" {
		t.Errorf("required (-want +got):\n%s", diff)
	}
}

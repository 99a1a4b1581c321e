package graphapi_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func TestPeople_UsersAndGroupsAreRead(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	f.as = "all"
	ada := f.dir.SeedPerson(directory.SeedPerson{DisplayName: "Ada", UserPrincipalName: "ada@contoso.com", Password: "p"})
	group := f.dir.SeedGroup("Readers")
	if !f.dir.AddMember(group, ada) || f.dir.AddMember(ada, group) {
		t.Error("members")
	}
	if got := f.must(200, "GET", "users/ada@contoso.com", "").body["id"]; got != ada {
		t.Errorf("found %v", got)
	}
	for path, want := range map[string]string{
		"users?$filter=userPrincipalName%20eq%20'ada@contoso.com'": ada, "groups?$filter=displayName%20eq%20'Readers'": group,
		"groups/" + group + "/members": ada,
	} {
		value := odata.Documents(f.must(200, "GET", path, "").body, "value")
		if len(value) != 1 || value[0]["id"] != want {
			t.Errorf("%s: %v", path, value)
		}
	}
	f.dir.RemoveMember(group, ada)
	if value := odata.List(f.must(200, "GET", "groups/"+group+"/members", "").body, "value"); len(value) != 0 {
		t.Errorf("members left: %v", value)
	}
	f.as = "owned"
	f.must(403, "GET", "users", "")
	f.must(403, "GET", "groups/"+group+"/members", "")
}

func TestPeople_OnlyDirectMembersHaveGroupsRoles(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	_, api, _ := f.principal(someRoles)
	ada, group, nested := f.dir.SeedUser("Ada", "ada@contoso.com"), f.dir.SeedGroup("Readers"), f.dir.SeedGroup("Inner")
	f.must(201, "POST", "servicePrincipals/"+api+"/appRoleAssignedTo", grant(group, api, userID))
	f.dir.AddMember(group, nested)
	f.dir.AddMember(nested, ada)
	if roles := f.signin().UserRoles(ada, api); roles != nil || f.signin().UserAssigned(ada, api) {
		t.Errorf("a member of a member has %v", roles)
	}
	f.dir.AddMember(group, ada)
	if diff := cmp.Diff([]string{"Orders.Use"}, f.signin().UserRoles(ada, api)); diff != "" || !f.signin().UserAssigned(ada, api) {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	listed := odata.Documents(f.must(200, "GET", "users/"+ada+"/appRoleAssignments?$filter=resourceId%20eq%20"+api, "").body, "value")
	if len(listed) != 1 || listed[0]["principalId"] != group {
		t.Errorf("the group's role is not listed with its member: %v", listed)
	}
}

func TestPeople_ManagedIdentityIsReadOnly(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	f.as = "all"
	_, api, _ := f.principal(someRoles)
	clientID, id := f.dir.SeedManagedIdentity("orders-identity")
	got := f.must(200, "GET", "servicePrincipals(appId='"+clientID+"')", "").body
	if got["servicePrincipalType"] != "ManagedIdentity" || got["displayName"] != "orders-identity" || got["id"] != id {
		t.Errorf("got %v", got)
	}
	f.must(403, "PATCH", "servicePrincipals/"+id, `{"notes":"x"}`)
	f.must(403, "DELETE", "servicePrincipals/"+id, "")
	f.must(201, "POST", "servicePrincipals/"+api+"/appRoleAssignedTo", grant(id, api, readID))
	if diff := cmp.Diff([]string{"Orders.Read"}, f.signin().Roles(id, api)); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
}

func TestPeople_AssignmentsNeedDirectoryRead(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	f.client("reader", "Application.Read.All")
	_, api, _ := f.principal(someRoles)
	ada, group := f.dir.SeedUser("Ada", "ada@contoso.com"), f.dir.SeedGroup("Readers")
	f.must(403, "POST", "groups/"+group+"/appRoleAssignments", grant(group, api, userID))
	f.as = "all"
	f.must(201, "POST", "groups/"+group+"/appRoleAssignments", grant(group, api, userID))
	f.must(201, "POST", "users/ada@contoso.com/appRoleAssignments", grant(ada, api, userID))
	for _, path := range []string{"users/ada@contoso.com/appRoleAssignments", "groups/" + group + "/appRoleAssignments"} {
		f.as = "reader"
		f.must(403, "GET", path, "")
		f.as = "owned" // may assign
		value := odata.List(f.must(200, "GET", path+"?$filter=resourceId%20eq%20"+api, "").body, "value")
		if len(value) != 1 || len(odata.List(f.must(200, "GET", path+"?$filter=resourceId%20eq%20"+ada, "").body, "value")) != 0 {
			t.Errorf("%s lists %v", path, value)
		}
	}
	f.as = "reader"
	f.must(200, "GET", "servicePrincipals/"+api+"/appRoleAssignedTo", "")
	f.must(403, "GET", "users/"+ada, "")
}

package graphapi_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const (
	readID = "00000000-0000-4000-8000-000000000001"
	userID = "00000000-0000-4000-8000-000000000002"
	offID  = "00000000-0000-4000-8000-000000000003"
	noRole = "00000000-0000-0000-0000-000000000000"
)

const someRoles = `"appRoles":[
	{"id":"` + readID + `","value":"Orders.Read","displayName":"r","description":"r","isEnabled":true,"allowedMemberTypes":["Application"]},
	{"id":"` + userID + `","value":"Orders.Use","displayName":"u","description":"u","isEnabled":true,"allowedMemberTypes":["User"]},
	{"id":"` + offID + `","value":"Orders.Off","displayName":"o","description":"o","isEnabled":false,"allowedMemberTypes":["Application"]}]`

func grant(principal, resource, role string) string {
	return `{"principalId":"` + principal + `","resourceId":"` + resource + `","appRoleId":"` + role + `"}`
}

func TestAssignment_IsSameObjectFromBothEnds(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	_, api, _ := f.principal(someRoles)
	_, client, clientAppID := f.principal("")
	made := f.must(201, "POST", "servicePrincipals/"+api+"/appRoleAssignedTo", grant(client, api, readID)).body
	want := strings.Fields(`@odata.context appRoleId createdDateTime deletedDateTime id principalDisplayName principalId principalType
		resourceDisplayName resourceId`)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(made))); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	id := odata.Text(made, "id")
	if len(id) != 43 || made["principalType"] != "ServicePrincipal" {
		t.Errorf("made %v", made)
	}
	for _, list := range []string{"servicePrincipals/" + api + "/appRoleAssignedTo", "servicePrincipals(appId='" + clientAppID + "')/appRoleAssignments"} {
		value := odata.Documents(f.must(200, "GET", list, "").body, "value")
		if len(value) != 1 || value[0]["id"] != id {
			t.Errorf("%s lists %v", list, value)
		}
		f.must(200, "GET", list+"/"+id, "")
	}
	got := f.must(200, "GET", "servicePrincipals/"+client+"?$expand=appRoleAssignments", "").body
	if len(odata.List(got, "appRoleAssignments")) != 1 {
		t.Errorf("$expand shows %v", got["appRoleAssignments"])
	}
	f.refused(404, "does not exist", "DELETE", "servicePrincipals/"+client+"/appRoleAssignedTo/"+id, "")
	f.must(204, "DELETE", "servicePrincipals/"+client+"/appRoleAssignments/"+id, "")
	f.refused(404, "does not exist", "DELETE", "servicePrincipals/"+client+"/appRoleAssignments/"+id, "")
}

func TestAssignment_Refusals(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, api, appID := f.principal(someRoles)
	_, client, _ := f.principal("")
	user := f.dir.SeedUser("Ada", "ada@contoso.com")
	f.must(201, "POST", "servicePrincipals/"+api+"/appRoleAssignedTo", grant(client, api, readID))
	const notFound, reference = "Permission being assigned was not found on application", "Not a valid reference update."
	for _, row := range []struct {
		name, path, body, want string
		status                 int
	}{
		{"a second one", "servicePrincipals/" + api + "/appRoleAssignedTo", grant(client, api, readID), "Permission being assigned already exists on the object", 400},
		{"the mirror's second one", "servicePrincipals/" + client + "/appRoleAssignments", grant(client, api, readID), `"InvalidUpdate"`, 400},
		{"an unknown role", "servicePrincipals/" + api + "/appRoleAssignedTo", grant(client, api, app), notFound + " '" + appID + "'", 400},
		{"a disabled role", "servicePrincipals/" + api + "/appRoleAssignedTo", grant(client, api, offID), notFound, 400},
		{"a user's role for a client", "servicePrincipals/" + api + "/appRoleAssignedTo", grant(client, api, userID), notFound, 400},
		{"a client's role for a user", "servicePrincipals/" + api + "/appRoleAssignedTo", grant(user, api, readID), notFound, 400},
		{"default access where there are roles", "servicePrincipals/" + api + "/appRoleAssignedTo", grant(client, api, noRole), notFound, 400},
		{"an application for a principal", "servicePrincipals/" + api + "/appRoleAssignedTo", grant(app, api, readID), reference, 400},
		{"another resource than the path's", "servicePrincipals/" + client + "/appRoleAssignedTo", grant(client, api, readID), reference, 400},
		{"another principal than the path's", "servicePrincipals/" + api + "/appRoleAssignments", grant(client, api, readID), reference, 400},
		{"a principal that is not there", "servicePrincipals/" + api + "/appRoleAssignedTo", grant(appID, api, readID), "does not exist", 404},
		{"an application in the path", "servicePrincipals/" + app + "/appRoleAssignedTo", grant(client, api, readID), "does not exist", 404},
		{"no role", "servicePrincipals/" + api + "/appRoleAssignedTo", `{"principalId":"` + client + `","resourceId":"` + api + `"}`, "appRoleId", 400},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := *f
			f.t = t
			f.refused(row.status, row.want, "POST", row.path, row.body)
		})
	}
	f.must(201, "POST", "users/"+user+"/appRoleAssignments", grant(user, api, userID))
	f.must(201, "POST", "servicePrincipals/"+client+"/appRoleAssignedTo", grant(api, client, noRole))
}

func TestToken_HasAssignedEnabledRoles(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, api, appID := f.principal(someRoles)
	clientApp, client, _ := f.principal("")
	f.must(201, "POST", "servicePrincipals/"+api+"/appRoleAssignedTo", grant(client, api, readID))
	if diff := cmp.Diff([]string{"Orders.Read"}, f.signin().Roles(client, api)); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	f.must(204, "DELETE", "applications/"+clientApp, "")
	if roles := f.signin().Roles(client, api); roles != nil {
		t.Errorf("a deleted client has the roles %v", roles)
	}
	f.must(204, "PATCH", "applications/"+app, `{"identifierUris":["api://`+appID+`"],"api":{"requestedAccessTokenVersion":2}}`)
	resource, ok := f.signin().Resource("api://" + appID + "/")
	if !ok || resource.TokenVersion != 2 || resource.ServicePrincipalID != api {
		t.Errorf("resource %+v %t", resource, ok)
	}
}

func TestTokenService_KnowsClientsSecretAndDisabled(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, sp, appID := f.principal("")
	shown := f.must(200, "POST", "applications/"+app+"/addPassword", `{"passwordCredential":{"displayName":"x"}}`).body
	known, ok := f.signin().Client(appID)
	if !ok || known.Disabled || len(known.Secrets) != 1 {
		t.Fatalf("client %+v %t", known, ok)
	}
	if secret := known.Secrets[0]; !secret.Matches(odata.Text(shown, "secretText")) || secret.Matches("x") {
		t.Errorf("secret %+v", secret)
	}
	f.dir.Set(sp, map[string]any{"accountEnabled": false})
	if known, _ := f.signin().Client(appID); !known.Disabled {
		t.Error("a client whose account is switched off is not disabled")
	}
}

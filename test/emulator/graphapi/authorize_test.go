package graphapi_test

import (
	"strings"
	"testing"
)

// TestAuthorize_ByTokenAndOwnership asks with each client what it may do to objects of "owned".
func TestAuthorize_ByTokenAndOwnership(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	f.client("reader", "Application.Read.All")
	f.client("nonowner", "Application.ReadWrite.OwnedBy")
	f.client("assigner", "AppRoleAssignment.ReadWrite.All")
	app, sp, appID := f.principal("")
	deleted, _ := f.application("")
	f.must(204, "DELETE", "applications/"+deleted, "")
	mine := f.clients["owned"].ObjectID
	fic := `{"name":"abc","issuer":"https://i","subject":"s","audiences":["a"]}`
	link := `{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/` + f.clients["all"].ObjectID + `"}`
	grant := `{"principalId":"` + mine + `","resourceId":"` + sp + `","appRoleId":"00000000-0000-0000-0000-000000000001"}`
	for _, row := range []struct{ method, path, body, allowed string }{
		{"GET", "applications", "", "reader nonowner owned all"},
		{"GET", "applications/" + app, "", "reader nonowner owned all"},
		{"GET", "applications/" + app + "/owners", "", "reader nonowner owned all"},
		{"GET", "applications/" + app + "/federatedIdentityCredentials", "", "reader nonowner owned all"},
		{"GET", "servicePrincipals/" + sp, "", "reader nonowner owned all"},
		{"GET", "directory/deletedItems/microsoft.graph.application", "", "reader nonowner owned all"},
		{"GET", "organization", "", "reader nonowner assigner owned all"},
		{"GET", "servicePrincipals/" + sp + "/appRoleAssignedTo", "", "reader nonowner assigner owned all"},
		{"POST", "applications", `{"displayName":"x"}`, "nonowner owned all"},
		{"PATCH", "applications/" + app, `{"notes":"x"}`, "owned all"},
		{"PATCH", "servicePrincipals/" + sp, `{"notes":"x"}`, "owned all"},
		{"POST", "applications/" + app + "/federatedIdentityCredentials", fic, "owned all"},
		{"POST", "applications/" + app + "/addPassword", "", "owned all"},
		{"POST", "servicePrincipals/" + sp + "/addPassword", "", "owned all"},
		{"POST", "applications/" + app + "/owners/$ref", link, "all"},
		{"POST", "servicePrincipals/" + sp + "/owners/$ref", link, "all"},
		{"POST", "servicePrincipals", `{"appId":"` + appID + `"}`, "owned all"},
		{"POST", "directory/deletedItems/" + deleted + "/restore", "", "owned all"},
		{"POST", "servicePrincipals/" + sp + "/appRoleAssignedTo", grant, "owned all"},
		{"PATCH", "servicePrincipals/" + sp, `{"customSecurityAttributes":{"A":{"B":"c"}}}`, ""},
	} {
		for _, client := range []string{"none", "reader", "nonowner", "assigner", "owned", "all"} {
			t.Run(client+" "+row.method+" "+row.path, func(t *testing.T) {
				f := *f
				f.t, f.as = t, client
				got := f.call(row.method, row.path, row.body)
				allowed := strings.Contains(" "+row.allowed+" ", " "+client+" ")
				if allowed == (got.status == 403) {
					t.Errorf("allowed must be %t, answered %d: %s", allowed, got.status, got.raw)
				}
			})
		}
	}
}

func TestAuthorize_OwnedBySetsNoClaimMappingAtCreate(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	const body = `{"displayName":"x","api":{"acceptMappedClaims":true}}`
	f.refused(403, "Insufficient privileges", "POST", "applications", body)
	id, _ := f.application("")
	f.must(204, "PATCH", "applications/"+id, `{"api":{"acceptMappedClaims":true}}`)
	f.as = "all"
	f.must(201, "POST", "applications", body)
}

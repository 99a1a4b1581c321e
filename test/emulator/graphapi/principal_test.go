package graphapi_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const inUse = "is already in use."

func TestPrincipal_NeedsApplication(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	const nowhere = "0929d713-0000-4000-8000-000000000000"
	f.refused(403, "must in the local tenant", "POST", "servicePrincipals", `{"appId":"`+nowhere+`"}`)
	f.as = "all"
	got := f.refused(400, "does not reference a valid application object.", "POST", "servicePrincipals", `{"appId":"`+nowhere+`"}`)
	detail := odata.Documents(got.body, "error", "details")[0]
	want := odata.Document{
		"code": "NoBackingApplicationObject", "target": "appId", "blockedWord": nil,
		"message": "The appId '" + nowhere + "' of the service principal does not reference a valid application object.",
	}
	if diff := cmp.Diff(want, detail); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
	f.refused(400, "A value is required for property 'appId'", "POST", "servicePrincipals", `{}`)
}

func TestPrincipal_DeletedKeepsNames(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, sp, appID := f.principal("")
	body := `{"appId":"` + appID + `"}`
	f.refused(409, inUse, "POST", "servicePrincipals", body)
	f.must(204, "PATCH", "servicePrincipals(appId='"+appID+"')", `{"notes":"x"}`, createIfMissing)
	f.must(204, "DELETE", "applications/"+app, "")
	f.refused(404, "does not exist", "GET", "servicePrincipals/"+sp, "")
	restored := f.must(200, "POST", "directory/deletedItems/"+app+"/restore", "").body
	if restored["@odata.type"] != "#microsoft.graph.application" || restored["deletedDateTime"] != nil {
		t.Errorf("restored %v", restored)
	}
	f.refused(404, "does not exist", "GET", "servicePrincipals(appId='"+appID+"')", "")
	f.refused(409, inUse, "POST", "servicePrincipals", body)
	f.refused(409, inUse, "PATCH", "servicePrincipals(appId='"+appID+"')", `{}`, createIfMissing)
	f.must(200, "POST", "directory/deletedItems/"+sp+"/restore", "")
	f.must(200, "GET", "servicePrincipals(appId='"+appID+"')", "")
}

func TestPrincipal_IsRestoredAfterApplication(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, sp, _ := f.principal("")
	f.must(204, "DELETE", "applications/"+app, "")
	f.refused(400, "NoBackingApplicationObject", "POST", "directory/deletedItems/"+sp+"/restore", "")
}

func TestPrincipal_CopiesItsApplication(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, sp, appID := f.principal(`"tags":["from:app"]`)
	f.must(204, "PATCH", "servicePrincipals/"+sp, `{"tags":["own"],"displayName":"other"}`)
	f.must(204, "PATCH", "applications/"+app, `{"displayName":"New","identifierUris":["api://`+appID+`"],"web":{"redirectUris":["https://a.com"],"logoutUrl":"https://a.com/out"}}`)
	f.clock.SetTime(f.clock.Now().Add(1))
	got := f.must(200, "GET", "servicePrincipals/"+sp+"?$select=displayName,appDisplayName,servicePrincipalNames,replyUrls,logoutUrl,tags", "").body
	delete(got, "@odata.context")
	want := odata.Document{
		"displayName": "New", "appDisplayName": "New", "servicePrincipalNames": odata.Strings("api://"+appID, appID),
		"replyUrls": odata.Strings("https://a.com"), "logoutUrl": "https://a.com/out", "tags": odata.Strings("own", "from:app"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	f.refused(400, "Property replyUrls on the service principal does not match the application object.", "PATCH",
		"servicePrincipals/"+sp, `{"replyUrls":["https://b.com"]}`)
	f.refused(400, "read-only", "PATCH", "servicePrincipals/"+sp, `{"appId":"`+app+`"}`)
	f.refused(400, "null", "PATCH", "servicePrincipals/"+sp, `{"appRoleAssignmentRequired":null}`)
	f.refused(400, "preferredSingleSignOnMode", "PATCH", "servicePrincipals/"+sp, `{"preferredSingleSignOnMode":"magic"}`)
}

func TestDeletedItem_IsPurgedAfterThirtyDays(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, sp, _ := f.principal(`"uniqueName":"kept","identifierUris":["api://` + tenantID + `/x"]`)
	f.must(204, "DELETE", "applications/"+app, "")
	f.refused(400, "property uniqueName already exists.", "POST", "applications", `{"displayName":"x","uniqueName":"kept"}`)
	f.refused(400, "property identifierUris already exists.", "POST", "applications", `{"displayName":"x","identifierUris":["api://`+tenantID+`/x"]}`)
	list := odata.Documents(f.must(200, "GET", "directory/deletedItems/microsoft.graph.application", "").body, "value")
	if len(list) != 1 || list[0]["id"] != app || list[0]["deletedDateTime"] == nil {
		t.Errorf("deleted applications are %v", list)
	}
	f.refused(400, "Request_UnsupportedQuery", "GET", "directory/deletedItems/microsoft.graph.application?$filter=appId%20eq%20'x'", "")
	f.must(204, "DELETE", "directory/deletedItems/"+sp, "")
	f.refused(404, "does not exist", "GET", "directory/deletedItems/"+sp, "")
	f.clock.SetTime(f.clock.Now().AddDate(0, 0, 30))
	f.refused(404, "does not exist", "GET", "directory/deletedItems/"+app, "")
	f.must(201, "POST", "applications", `{"displayName":"x","uniqueName":"kept"}`)
	if left := f.dir.Snapshot().Deleted; len(left) != 0 {
		t.Errorf("deleted items are %v", left)
	}
}

func TestRestore_KeepsOwnersAndFederatedCredentials(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, _ := f.application("")
	f.must(201, "POST", "applications/"+app+"/federatedIdentityCredentials", federated("abc", "s"))
	f.must(204, "DELETE", "applications/"+app, "")
	f.refused(404, "does not exist", "GET", "applications/"+app+"/owners", "")
	f.must(200, "POST", "directory/deletedItems/"+app+"/restore", "")
	entry := directory.OfKind(directory.Application, f.dir.Snapshot().Live)[3]
	if len(entry.Owners) != 1 || len(entry.Federated) != 1 {
		t.Errorf("restored with %v and %v", entry.Owners, entry.Federated)
	}
}

package graphapi_test

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func (f *tenant) asGranter() *tenant {
	f.client("granter", "DelegatedPermissionGrant.ReadWrite.All", "Application.ReadWrite.All", "Application.Read.All", "Directory.Read.All")
	f.as = "granter"
	return f
}

func delegation(client, resource, scope string) string {
	return `{"clientId":"` + client + `","consentType":"AllPrincipals","resourceId":"` + resource + `","scope":"` + scope + `"}`
}

func TestGrant_ExistsUntilDeleted(t *testing.T) {
	t.Parallel()
	f := newTenant(t).asGranter()
	_, api, _ := f.principal("")
	_, client, clientAppID := f.principal("")
	made := f.must(201, "POST", "oauth2PermissionGrants", delegation(client, api, "a b"))
	id := odata.Text(made.body, "id")
	want := odata.Document{
		"id": id, "clientId": client, "resourceId": api, "consentType": "AllPrincipals", "principalId": nil, "scope": "a b",
		"@odata.context": f.server.URL + "/v1.0/$metadata#oauth2PermissionGrants/$entity",
	}
	if diff := cmp.Diff(want, made.body); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	if !strings.HasSuffix(made.header.Get("Location"), "/oauth2PermissionGrants/"+id) || len(id) != 43 {
		t.Errorf("Location %q", made.header.Get("Location"))
	}
	f.refused(409, "Permission entry already exists.", "POST", "oauth2PermissionGrants", delegation(client, api, "c"))
	f.must(204, "PATCH", "oauth2PermissionGrants/"+id, `{"scope":" c a "}`)
	got := f.must(200, "GET", "oauth2PermissionGrants/"+id, "")
	if diff := cmp.Diff(" c a ", odata.Text(got.body, "scope")); diff != "" || got.header.Get("x-ms-resource-unit") != "2" {
		t.Errorf("scope (-want +got):\n%s cost %s", diff, got.header.Get("x-ms-resource-unit"))
	}
	f.refused(400, "read-only", "PATCH", "oauth2PermissionGrants/"+id, `{"resourceId":"`+client+`"}`)
	for _, list := range []string{
		"oauth2PermissionGrants?$filter=clientId%20eq%20'" + client + "'%20and%20consentType%20eq%20'AllPrincipals'",
		"oauth2PermissionGrants?$filter=resourceId%20eq%20'" + api + "'", "servicePrincipals(appId='" + clientAppID + "')/oauth2PermissionGrants",
	} {
		if n := len(odata.List(f.must(200, "GET", list, "").body, "value")); n != 1 {
			t.Errorf("%s lists %d", list, n)
		}
	}
	f.must(204, "DELETE", "oauth2PermissionGrants/"+id, "")
	f.refused(404, "does not exist", "GET", "oauth2PermissionGrants/"+id, "")
	f.must(201, "POST", "oauth2PermissionGrants", delegation(client, api, "d"))
}

func TestGrant_IDIsMadeOfItsEnds(t *testing.T) {
	t.Parallel()
	f := newTenant(t).asGranter()
	_, api, _ := f.principal("")
	_, client, _ := f.principal("")
	made := f.must(201, "POST", "oauth2PermissionGrants", delegation(client, api, "a"))
	raw, err := base64.RawURLEncoding.DecodeString(odata.Text(made.body, "id"))
	if err != nil || len(raw) != 32 {
		t.Fatalf("id of %d bytes: %v", len(raw), err)
	}
	for i, want := range []string{client, api} {
		half := raw[16*i : 16*i+16]
		got := fmt.Sprintf("%08x-%04x-%04x-%x-%x", binary.LittleEndian.Uint32(half), binary.LittleEndian.Uint16(half[4:]),
			binary.LittleEndian.Uint16(half[6:]), half[8:10], half[10:])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("end %d (-want +got):\n%s", i, diff)
		}
	}
}

func TestGrant_Refusals(t *testing.T) {
	t.Parallel()
	f := newTenant(t).asGranter()
	app, api, appID := f.principal("")
	_, client, _ := f.principal("")
	user := f.dir.SeedUser("Ada", "ada@contoso.com")
	one := func(consent, principal string) string {
		return `{"clientId":"` + client + `","consentType":"` + consent + `","resourceId":"` + api + `","principalId":` + principal + `,"scope":"a"}`
	}
	for name, row := range map[string]struct {
		body, text string
		status     int
	}{
		"an application for a client":  {delegation(app, api, "a"), "clientId", 400},
		"a client that is not there":   {delegation(appID, api, "a"), "does not exist", 404},
		"a user for an API":            {delegation(client, user, "a"), "resourceId", 400},
		"another consent type":         {one("Some", "null"), "consentType", 400},
		"one principal without one":    {one("Principal", "null"), "principalId", 400},
		"all principals with one":      {one("AllPrincipals", `"`+user+`"`), "principalId", 400},
		"a principal that is no user":  {one("Principal", `"`+api+`"`), "principalId", 400},
		"scopes of 3851 characters":    {delegation(client, api, strings.Repeat("x", 3851)), "scope", 400},
		"a property that is not there": {`{"startTime":"2026-01-01T00:00:00Z"}`, "startTime", 400},
		"no client":                    {`{"consentType":"AllPrincipals"}`, "clientId", 400},
	} {
		t.Run(name, func(t *testing.T) {
			f := *f
			f.t = t
			f.refused(row.status, row.text, "POST", "oauth2PermissionGrants", row.body)
		})
	}
	f.must(201, "POST", "oauth2PermissionGrants", one("Principal", `"`+user+`"`))
	f.as = "owned"
	f.refused(403, "Insufficient privileges", "POST", "oauth2PermissionGrants", delegation(client, api, "a"))
	f.refused(403, "Insufficient privileges", "GET", "oauth2PermissionGrants", "")
}

func TestGrant_IsDeletedWithEitherEnd(t *testing.T) {
	t.Parallel()
	f := newTenant(t).asGranter()
	app, api, _ := f.principal("")
	_, client, _ := f.principal("")
	id := odata.Text(f.must(201, "POST", "oauth2PermissionGrants", delegation(client, api, "a")).body, "id")
	f.must(204, "DELETE", "servicePrincipals/"+api, "")
	f.must(404, "GET", "oauth2PermissionGrants/"+id, "")
	f.must(404, "DELETE", "oauth2PermissionGrants/"+id, "")
	f.must(204, "DELETE", "directory/deletedItems/"+api, "")
	f.must(204, "DELETE", "applications/"+app, "")
	if left := directory.OfKind(directory.Grant, append(f.dir.Snapshot().Live, f.dir.Snapshot().Deleted...)); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestGrant_Lags(t *testing.T) {
	t.Parallel()
	f := newTenant(t).asGranter()
	_, api, _ := f.principal("")
	_, client, _ := f.principal("")
	f.clock.SetTime(f.clock.Now().Add(time.Minute))
	f.dir.SetLag(directory.Lag{Min: 10 * time.Second, Max: 10 * time.Second})
	id := odata.Text(f.must(201, "POST", "oauth2PermissionGrants", delegation(client, api, "a")).body, "id")
	f.must(404, "GET", "oauth2PermissionGrants/"+id, "")
	f.must(404, "PATCH", "oauth2PermissionGrants/"+id, `{"scope":"b"}`)
	f.must(409, "POST", "oauth2PermissionGrants", delegation(client, api, "a"))
	f.clock.SetTime(f.clock.Now().Add(10 * time.Second))
	f.must(200, "GET", "oauth2PermissionGrants/"+id, "")
}

package graphapi_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func TestList_PagesByAbsoluteLinks(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	for i := range 7 {
		f.must(201, "POST", "applications", fmt.Sprintf(`{"displayName":"page %d","tags":["paged"]}`, i))
	}
	next := "applications?$top=3&$select=displayName&$filter=" + url.QueryEscape("tags/any(t:t eq 'paged')")
	var names []string
	for pages := 0; next != ""; pages++ {
		if pages > 2 {
			t.Fatal("the list does not end")
		}
		got := f.must(200, "GET", next, "").body
		for _, doc := range odata.Documents(got, "value") {
			if len(doc) != 1 {
				t.Errorf("selected %v", doc)
			}
			names = append(names, odata.Text(doc, "displayName"))
		}
		next = odata.Text(got, "@odata.nextLink")
		if next != "" && !strings.HasPrefix(next, f.server.URL+"/v1.0/applications?") {
			t.Errorf("nextLink is %s", next)
		}
		if pages == 0 {
			f.application("") // a new object in between moves nothing
		}
	}
	if got := strings.Join(names, ","); got != "page 0,page 1,page 2,page 3,page 4,page 5,page 6" {
		t.Errorf("listed %s", got)
	}
}

func TestList_PageTokenExpires(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	next := odata.Text(f.must(200, "GET", "applications?$top=1", "").body, "@odata.nextLink")
	f.must(200, "GET", next, "")
	f.dir.ExpirePageTokens()
	f.refused(400, "Directory_ExpiredPageToken", "GET", next, "")
	f.refused(400, "Directory_ExpiredPageToken", "GET", "applications?$skiptoken=junk", "")
}

func TestList_CountNeedsAdvancedIndex(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	const eventual = "ConsistencyLevel: eventual"
	f.refused(400, "Request_UnsupportedQuery", "GET", "applications/$count", "")
	got := f.must(200, "GET", "applications/$count", "", eventual)
	if got.raw != "3" || got.header.Get("Content-Type") != "text/plain" {
		t.Errorf("counted %q as %s", got.raw, got.header.Get("Content-Type"))
	}
	f.refused(400, "Request_UnsupportedQuery", "GET", "applications?$count=true", "")
	if n := f.must(200, "GET", "applications?$count=true&$top=1", "", eventual).body["@odata.count"]; n != 3.0 {
		t.Errorf("@odata.count is %v", n)
	}
	f.refused(400, "for property 'uniqueName' of resource 'Application'.", "GET", "applications?$filter="+url.QueryEscape("uniqueName eq 'x'"), "", eventual)
}

func TestList_FilterByDeletedClientIsEmpty(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	_, sp, appID := f.principal("")
	f.must(204, "DELETE", "servicePrincipals/"+sp, "")
	got := f.must(200, "GET", "servicePrincipals?$filter="+url.QueryEscape("appId eq '"+appID+"'"), "")
	if n := len(odata.List(got.body, "value")); n != 0 {
		t.Errorf("listed %d", n)
	}
	f.refused(404, "Resource '"+appID+"' does not exist", "GET", "servicePrincipals/"+appID, "")
}

func TestOrganization_IsShown(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	got := odata.Documents(f.must(200, "GET", "organization", "").body, "value")
	if len(got) != 1 || got[0]["id"] != tenantID || odata.Documents(got[0], "verifiedDomains")[0]["name"] != domain {
		t.Errorf("organization is %v", got)
	}
}

package conformance

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSelect_GivesOnlyWhatWasAsked(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	for selected, want := range map[string][]string{
		"displayName":                     {"@odata.context", "displayName"},
		"id,appId":                        {"@odata.context", "appId", "id"},
		"uniqueName,tags":                 {"@odata.context", "tags", "uniqueName"},
		"authenticationBehaviors":         {"@odata.context", "authenticationBehaviors"},
		"id,oauth2RequirePostResponse":    {"@odata.context", "id", "oauth2RequirePostResponse"},
		"id, displayName":                 {"@odata.context", "displayName", "id"},
		"api,appRoles,web,keyCredentials": {"@odata.context", "api", "appRoles", "keyCredentials", "web"},
	} {
		t.Run(selected, func(t *testing.T) {
			t.Parallel()
			got := examined.first.waitPresent(t, query(applicationPath(made), "select", selected))
			if diff := cmp.Diff(want, keys(got.body)); diff != "" {
				t.Errorf("property names (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSelect_InList(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	path := query(applications, "filter", "appId eq '"+made.text("appId")+"'", "select", "id,displayName")
	want := asJSON(list{object{"id": made.id(), "displayName": made.text("displayName")}})
	got, ok := examined.first.until(t, path, func(got reply) bool { return cmp.Equal(got.body["value"], want) })
	if !ok {
		t.Errorf("want exactly %v\ngot  %s", want, got)
	}
}

func TestExpand_Owners(t *testing.T) {
	t.Parallel()
	self := examined.first.self(t)
	made := examined.first.newApplication(t, examined.owned(self))
	examined.first.waitShown(t, query(applicationPath(made), "expand", "owners"), object{
		"id": made.id(), "displayName": made.text("displayName"),
		"owners": list{object{"id": self, "@odata.type": "#microsoft.graph.servicePrincipal", "appId": examined.first.id}},
	})
	got := examined.first.waitShown(t, query(applicationPath(made), "select", "id", "expand", "owners($select=id)"), object{"owners": list{object{"id": self}}})
	for _, one := range objects(got.body["owners"]) {
		if diff := cmp.Diff([]string{"@odata.type", "id"}, keys(one)); diff != "" {
			t.Errorf("an owner's names under $select=id (-want +got):\n%s", diff)
		}
	}
}

func TestFilter_OfDefaultIndex(t *testing.T) {
	t.Parallel()
	first := examined.first
	uri := "api://" + examined.tenantID + "/" + random(8)
	tag := "filtered-" + random(6)
	made := first.newApplication(t, changed(identifiers(uri), object{
		"displayName": examined.prefix() + "o'brien & sons " + random(3), "tags": list{suiteTag, tag}, "signInAudience": multiTenant,
	}))
	read := first.waitPresent(t, applicationPath(made))
	name := read.text("displayName")
	quoted := "'" + doubleQuotes(name) + "'"
	created := read.text("createdDateTime")
	own := " and appId eq '" + made.text("appId") + "'"
	for _, filter := range []string{
		"appId eq '" + made.text("appId") + "'",
		"displayName eq " + quoted,
		"startswith(displayName," + quoted + ")",
		"startsWith(displayName,'" + doubleQuotes(name[:len(name)-2]) + "')",
		"displayName in ('nobody'," + quoted + ")",
		"id eq '" + made.id() + "'",
		"id in ('" + made.id() + "','" + guid() + "')",
		"identifierUris/any(u:u eq '" + uri + "')",
		"tags/any(t:t eq '" + tag + "')",
		"tags/any(x: x eq '" + tag + "')",
		"signInAudience eq '" + multiTenant + "'" + own,
		"createdDateTime ge " + created + own,
		"createdDateTime le " + created[:len(created)-1] + ".9999999Z" + own,
		"displayName eq " + quoted + " and signInAudience eq '" + multiTenant + "'",
		"displayName eq " + quoted + " or displayName eq 'nobody'",
	} {
		t.Run(filter, func(t *testing.T) {
			t.Parallel()
			first.find(t, query(applications, "filter", filter), made.id())
		})
	}
	for _, filter := range []string{
		"displayName eq 'nobody-" + random(6) + "'",
		"appId eq '" + guid() + "'",
		"tags/any(t:t eq 'filtered')",
		"createdDateTime ge 2999-01-01T00:00:00Z" + own,
		"signInAudience eq '" + singleTenant + "'" + own,
	} {
		t.Run("nothing for "+filter, func(t *testing.T) {
			t.Parallel()
			got := first.must(t, http.StatusOK, http.MethodGet, query(applications, "filter", filter), nil)
			if len(got.values()) != 0 {
				t.Errorf("want an empty list\ngot  %s", got)
			}
		})
	}
}

func doubleQuotes(in string) string {
	var out []byte
	for _, one := range []byte(in) {
		if one == '\'' {
			out = append(out, one)
		}
		out = append(out, one)
	}
	return string(out)
}

func TestQuery_OptionNamesMayBeEncoded(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	path := applications + "?%24filter=" + url.QueryEscape("appId eq '"+made.text("appId")+"'") + "&%24select=id"
	examined.first.find(t, path, made.id())
}

func TestFilter_Unsupported(t *testing.T) {
	t.Parallel()
	for _, filter := range []string{
		"uniqueName eq 'x'", "notes eq 'x'", "startswith(uniqueName,'x')", "passwordCredentials/any(p:p/displayName eq 'x')", "requiredResourceAccess/any(r:r/resourceAppId eq 'x')",
	} {
		t.Run(filter, func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, unsupported, http.MethodGet, query(applications, "filter", filter), nil)
		})
	}
	for _, filter := range []string{"displayName eq", "displayName = 'x'", "displayName eq 'x", "noSuchProperty eq 'x'", "frobnicate(displayName,'x')", "tags/any(t:u eq 'x')"} {
		t.Run("malformed: "+filter, func(t *testing.T) {
			t.Parallel()
			examined.first.refused(t, badRequest, http.MethodGet, query(applications, "filter", filter), nil)
		})
	}
}

func TestQuery_EscapesSpecialCharacters(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"') or (1 eq 1", "a' or displayName ne 'b", "100% & more?=#/\\", "ünïcödé 漢字"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := examined.first.newApplication(t, object{"displayName": examined.prefix() + name})
			path := query(applications, "filter", "displayName eq '"+doubleQuotes(made.text("displayName"))+"'")
			examined.first.find(t, path, made.id())
			if got, ok := examined.first.until(t, path, func(got reply) bool { return len(got.values()) == 1 }); !ok {
				t.Errorf("want one application\ngot  %s", got)
			}
		})
	}
}

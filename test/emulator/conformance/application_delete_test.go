package conformance

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func deletedPath(deleted reply) string { return "/directory/deletedItems/" + deleted.id() }

// softDelete deletes an application or service principal and waits until it is in deletedItems.
func (c *caller) softDelete(t testing.TB, path string, made reply) reply {
	t.Helper()
	c.must(t, http.StatusNoContent, http.MethodDelete, path, nil)
	return c.waitPresent(t, deletedPath(made))
}

func TestApplicationDelete_ByEveryKeyIsSoft(t *testing.T) {
	t.Parallel()
	rows := map[string]func(reply) string{
		"object ID":  applicationPath,
		"appId":      func(made reply) string { return by(applications, "appId", made.text("appId")) },
		"uniqueName": func(made reply) string { return by(applications, "uniqueName", made.text("uniqueName")) },
	}
	for name, path := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := examined.first.newApplication(t, object{"uniqueName": examined.name(), "notes": "kept"})
			got := examined.first.softDelete(t, path(made), made)
			if len(got.text("deletedDateTime")) == 0 {
				t.Errorf("deletedDateTime: want a time, got %v", got.body["deletedDateTime"])
			}
			want := object{
				"@odata.type": "#microsoft.graph.application", "id": made.id(), "appId": made.text("appId"),
				"uniqueName": made.text("uniqueName"), "notes": "kept", "createdByAppId": examined.first.id,
			}
			if !includes(got.body, asJSON(want)) {
				t.Errorf("want %v\ngot  %s", want, got)
			}
			for _, other := range rows {
				examined.first.waitAbsent(t, other(made))
			}
			examined.first.refused(t, notFound, http.MethodDelete, path(made), nil)
			examined.first.refused(t, notFound, http.MethodPatch, applicationPath(made), object{"notes": "too late"})
		})
	}
}

func TestApplicationDelete_IsListedAsDeleted(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	alone := examined.first.softDelete(t, applicationPath(made), made)
	listed := examined.first.find(t, deletedApplications, made.id())
	drop := []string{"@odata.context", "@odata.type"}
	if diff := cmp.Diff(without(alone.body, drop...), without(listed, drop...)); diff != "" {
		t.Errorf("in a list and alone (-alone +listed):\n%s", diff)
	}
}

// find waits until an object is on some page of a collection.
func (c *caller) find(t testing.TB, path, id string) object {
	t.Helper()
	var found object
	ok := c.tenant.retry.until(t.Context(), func() bool {
		for page := path; page != "" && found == nil; {
			got := c.must(t, http.StatusOK, http.MethodGet, page, nil)
			found = member(got, id)
			page = got.text("@odata.nextLink")
		}
		return found != nil
	})
	if !ok {
		t.Fatalf("%s is on no page of %s", id, path)
	}
	return found
}

// member is the object with that ID in a collection; nil where it is not there.
func member(in reply, id string) object {
	for _, one := range in.values() {
		if text(one, "id") == id {
			return one
		}
	}
	return nil
}

func TestDeletedItems_FilteredOnlyByAdvancedQueries(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	examined.first.softDelete(t, applicationPath(made), made)
	filter := "displayName eq '" + made.text("displayName") + "'"
	examined.first.refused(t, badRequest, http.MethodGet, query(deletedApplications, "filter", filter), nil)
	path := query(deletedApplications, "filter", filter, "count", "true")
	got, ok := examined.first.until(t, path, func(got reply) bool { return len(got.values()) == 1 }, eventual)
	if !ok || text(got.values()[0], "id") != made.id() {
		t.Errorf("want the one application\ngot  %s", got)
	}
}

func TestApplicationDelete_DeletesItsServicePrincipal(t *testing.T) {
	t.Parallel()
	application, principal := examined.first.newPair(t, nil)
	examined.first.softDelete(t, applicationPath(application), application)
	examined.first.waitAbsent(t, principalPath(principal))
	examined.first.waitAbsent(t, by(principals, "appId", application.text("appId")))
	got := examined.first.waitPresent(t, deletedPath(principal))
	if got.text("@odata.type") != "#microsoft.graph.servicePrincipal" || got.text("deletedDateTime") == "" {
		t.Errorf("want a deleted service principal\ngot  %s", got)
	}
}

func TestApplicationRestore_LeavesServicePrincipalDeleted(t *testing.T) {
	t.Parallel()
	first := examined.first
	application, principal := first.newPair(t, object{"uniqueName": examined.name(), "notes": "kept"})
	first.softDelete(t, applicationPath(application), application)

	got := first.must(t, http.StatusOK, http.MethodPost, deletedPath(application)+"/restore", nil)
	if got.id() != application.id() || got.text("@odata.type") != "#microsoft.graph.application" || !strings.HasSuffix(got.text("@odata.context"), "$metadata#directoryObjects/$entity") {
		t.Errorf("want the application as a directory object\ngot  %s", got)
	}
	first.waitShown(t, by(applications, "uniqueName", application.text("uniqueName")), object{
		"id": application.id(), "appId": application.text("appId"), "notes": "kept", "deletedDateTime": nil,
	})
	first.waitAbsent(t, deletedPath(application))
	first.waitAbsent(t, principalPath(principal))

	first.must(t, http.StatusOK, http.MethodPost, deletedPath(principal)+"/restore", nil)
	first.waitShown(t, by(principals, "appId", application.text("appId")), object{"id": principal.id(), "deletedDateTime": nil})
}

func TestApplicationPurge_Removes(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	examined.first.refused(t, notFound, http.MethodDelete, deletedPath(made), nil) // alive
	examined.first.softDelete(t, applicationPath(made), made)
	got := examined.first.must(t, http.StatusNoContent, http.MethodDelete, deletedPath(made), nil)
	if len(got.raw) != 0 {
		t.Errorf("want an empty body, got %s", got)
	}
	examined.first.waitAbsent(t, deletedPath(made))
	examined.first.refused(t, notFound, http.MethodPost, deletedPath(made)+"/restore", nil)
	examined.first.refused(t, notFound, http.MethodDelete, deletedPath(made), nil)
}

func TestApplicationRestore_RefusesLiveAndUnknownObjects(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	for _, id := range []string{made.id(), guid()} {
		examined.first.refused(t, notFound, http.MethodPost, "/directory/deletedItems/"+id+"/restore", nil)
	}
}

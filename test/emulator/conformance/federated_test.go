package conformance

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// federatedBody is a federated credential with a name and subject of its own.
func federatedBody(more object) object {
	body := object{
		"name": "k8s-" + random(4), "issuer": "https://oidc.conformance.example.com/" + random(4) + "/",
		"subject": "system:serviceaccount:shop:" + random(4), "audiences": list{"api://AzureADTokenExchange"},
	}
	maps.Copy(body, more)
	return body
}

func (c *caller) newFederated(t testing.TB, path string, more object) reply {
	t.Helper()
	made := c.must(t, http.StatusCreated, http.MethodPost, path+"/federatedIdentityCredentials", federatedBody(more))
	c.waitPresent(t, path+"/federatedIdentityCredentials/"+made.id())
	return made
}

func TestFederatedCredential_CreatedHasDocumentedShape(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, nil)
	path := applicationPath(application) + "/federatedIdentityCredentials"
	body := federatedBody(object{"description": "For orders."})
	made := examined.first.must(t, http.StatusCreated, http.MethodPost, path, body)
	hasKeys(t, made.body, federatedKeys)
	hasContext(t, made, "applications('"+application.id()+"')/federatedIdentityCredentials/$entity")
	if !includes(made.body, asJSON(body)) || !guidPattern.MatchString(made.id()) {
		t.Errorf("want %v\ngot  %s", body, made)
	}
	if location := made.header.Get("Location"); !strings.HasPrefix(location, "https://") || !strings.HasSuffix(location, "/federatedIdentityCredentials/"+made.id()) {
		t.Errorf("Location: want …/federatedIdentityCredentials/%s, got %q", made.id(), location)
	}
	examined.first.find(t, path, made.id())
}

func TestFederatedCredential_IsReadByIDAndName(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, object{"uniqueName": examined.name()})
	made := examined.first.newFederated(t, applicationPath(application), nil)
	tail := "/federatedIdentityCredentials"
	want := examined.first.waitPresent(t, applicationPath(application)+tail+"/"+made.id()).body
	name := made.text("name")
	for _, path := range []string{
		by(applicationPath(application)+tail, "name", name),
		applicationPath(application) + tail + "/" + name,
		by(applications, "appId", application.text("appId")) + tail + "/" + made.id(),
		by(applications, "uniqueName", application.text("uniqueName")) + tail + "/" + made.id(),
	} {
		got := examined.first.waitPresent(t, path).body
		if diff := cmp.Diff(without(want, "@odata.context", "@odata.id"), without(got, "@odata.context", "@odata.id")); diff != "" {
			t.Errorf("by id and by %s (-id +other):\n%s", path, diff)
		}
	}
	unknown := by(applicationPath(application)+tail, "name", "nobody-"+random(4))
	examined.first.refused(t, notFound, http.MethodGet, unknown, nil)
	examined.first.refused(t, notFound, http.MethodGet, applicationPath(application)+tail+"/"+guid(), nil)
	examined.first.refused(t, notFound, http.MethodGet, applications+"/"+guid()+tail, nil)
}

func TestFederatedCredential_IsUpsertedByName(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, nil)
	body := federatedBody(nil)
	path := by(applicationPath(application)+"/federatedIdentityCredentials", "name", text(body, "name"))
	content := without(body, "name")
	examined.first.refused(t, notFound, http.MethodPatch, path, content)
	made := examined.first.must(t, http.StatusCreated, http.MethodPatch, path, content, createIfMissing)
	hasKeys(t, made.body, federatedKeys)
	examined.first.waitShown(t, path, changed(body, object{"id": made.id()}))
	content["subject"] = "system:serviceaccount:shop:other"
	got := examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, content, createIfMissing)
	if len(got.raw) != 0 {
		t.Errorf("want an empty body, got %s", got)
	}
	after := changed(body, object{"id": made.id(), "subject": content["subject"]})
	examined.first.waitShown(t, path, after)
	content["name"] = "k8s-renamed"
	examined.first.refused(t, badRequest, http.MethodPatch, path, content, createIfMissing)
	examined.first.waitShown(t, path, after)
}

func TestFederatedCredential_IsPatched(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, nil)
	made := examined.first.newFederated(t, applicationPath(application), object{"description": "before"})
	path := applicationPath(application) + "/federatedIdentityCredentials/" + made.id()
	patch := func(body object) {
		examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, body)
	}
	patch(object{"description": "after"})
	examined.first.waitShown(t, path, object{"description": "after", "subject": made.text("subject"), "issuer": made.text("issuer")})
	patch(object{"name": made.text("name"), "subject": "another", "description": nil}) // the unchanged name may be sent
	examined.first.waitShown(t, path, object{"name": made.text("name"), "subject": "another", "description": nil})
	examined.first.refused(t, badRequest, http.MethodPatch, path, object{"name": "k8s-renamed"})
	examined.first.waitShown(t, path, object{"name": made.text("name")})
}

func TestFederatedCredential_IsDeletedByIDAndName(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, nil)
	tail := applicationPath(application) + "/federatedIdentityCredentials"
	for _, key := range []func(reply) string{
		func(made reply) string { return tail + "/" + made.id() },
		func(made reply) string { return by(tail, "name", made.text("name")) },
	} {
		made := examined.first.newFederated(t, applicationPath(application), nil)
		examined.first.must(t, http.StatusNoContent, http.MethodDelete, key(made), nil)
		examined.first.waitAbsent(t, tail+"/"+made.id())
		examined.first.refused(t, notFound, http.MethodDelete, key(made), nil)
		again := examined.first.newFederated(t, applicationPath(application), object{"name": made.text("name"), "issuer": made.text("issuer"), "subject": made.text("subject")})
		if again.id() == made.id() {
			t.Error("a deleted credential came back under its old id")
		}
	}
}

func TestFederatedCredential_ExpandsWithApplication(t *testing.T) {
	t.Parallel()
	application := examined.first.newApplication(t, object{"uniqueName": examined.name()})
	made := examined.first.newFederated(t, applicationPath(application), nil)
	want := object{"uniqueName": application.text("uniqueName"), "federatedIdentityCredentials": list{object{"id": made.id(), "name": made.text("name")}}}
	alone := query(applicationPath(application), "select", "uniqueName,tags", "expand", "federatedIdentityCredentials")
	examined.first.waitShown(t, alone, want)
	listed := query(applications, "filter", "appId eq '"+application.text("appId")+"'", "expand", "federatedIdentityCredentials")
	examined.first.waitShown(t, listed, object{"value": list{want}})
}

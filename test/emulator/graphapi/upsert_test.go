package graphapi_test

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const createIfMissing = "Prefer: create-if-missing"

func TestUpsert_CreatesWithoutOwnerAndUpdates(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	const path = "applications(uniqueName='k8s.one')"
	f.refused(404, "Resource 'k8s.one' does not exist", "PATCH", path, `{"displayName":"x"}`)
	f.refused(400, "A value is required for property 'displayName'", "PATCH", path, `{"notes":"x"}`, createIfMissing)
	f.refused(400, "uniqueName", "PATCH", path, `{"displayName":"x","uniqueName":"other"}`, createIfMissing)
	made := f.must(201, "PATCH", path, `{"displayName":"x"}`, createIfMissing).body
	if got := len(odata.List(f.must(200, "GET", path+"/owners", "").body, "value")); got != 0 {
		t.Errorf("%d owners after an upsert by an application", got)
	}
	f.refused(403, "Insufficient privileges", "PATCH", path, `{"displayName":"y"}`, createIfMissing)
	f.as = "all"
	f.must(204, "PATCH", path, `{"displayName":"y"}`, createIfMissing)
	f.must(204, "PATCH", "applications/"+odata.Text(made, "id"), `{"notes":"y"}`)
	f.must(204, "DELETE", path, "")
	f.refused(400, "Another object with the same value for property uniqueName already exists.", "PATCH", path, `{"displayName":"z"}`, createIfMissing)
}

func TestCreate_MakesCallerOwner(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	mine := f.clients["owned"].ObjectID
	link := `"owners@odata.bind":["https://graph.microsoft.com/v1.0/directoryObjects/` + mine + `"]`
	bound, _ := f.application(link)
	unbound, _ := f.application("")
	for _, id := range []string{bound, unbound} {
		owners := odata.Documents(f.must(200, "GET", "applications/"+id+"/owners", "").body, "value")
		if len(owners) != 1 || owners[0]["id"] != mine || owners[0]["@odata.type"] != "#microsoft.graph.servicePrincipal" {
			t.Errorf("owners are %v", owners)
		}
	}
	f.refused(404, "does not exist", "POST", "applications", `{"displayName":"x","owners@odata.bind":["https://graph.microsoft.com/v1.0/directoryObjects/`+bound[:35]+`x"]}`)
	f.refused(400, "Invalid object reference", "POST", "applications", `{"displayName":"x","owners@odata.bind":["`+mine+`"]}`)
	f.refused(400, "invalid for the 'owners' reference", "POST", "applications", `{"displayName":"x","owners@odata.bind":["https://graph.microsoft.com/v1.0/directoryObjects/`+bound+`"]}`)
}

func TestUniqueName_IsSetOnce(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	const taken = "Another object with the same value for property uniqueName already exists."
	id, _ := f.application("")
	f.application(`"uniqueName":"taken"`)
	f.refused(400, taken, "PATCH", "applications/"+id, `{"uniqueName":"taken"}`)
	f.refused(400, taken, "POST", "applications", `{"displayName":"x","uniqueName":"taken"}`)
	f.must(204, "PATCH", "applications/"+id, `{"uniqueName":"mine"}`)
	f.must(204, "PATCH", "applications/"+id, `{"uniqueName":"mine"}`)
	f.refused(400, "read-only", "PATCH", "applications/"+id, `{"uniqueName":"other"}`)
	f.refused(400, "read-only", "PATCH", "applications/"+id, `{"uniqueName":null}`)
	if _, err := f.dir.TakeUniqueName("mine", "x"); err == nil {
		t.Error("a name that is taken can be squatted")
	}
	if _, err := f.dir.TakeUniqueName("squatted", "x"); err != nil {
		t.Error(err)
	}
	f.refused(400, taken, "POST", "applications", `{"displayName":"x","uniqueName":"squatted"}`)
}

func TestCreate_WithFederatedCredentialsFailsAndCreates(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	f.refused(500, "Service_InternalServerError", "POST", "applications",
		`{"displayName":"x","uniqueName":"nested","federatedIdentityCredentials":[{"name":"abc"}]}`)
	f.must(200, "GET", "applications(uniqueName='nested')", "")
	if got := odata.List(f.must(200, "GET", "applications(uniqueName='nested')/federatedIdentityCredentials", "").body, "value"); len(got) != 0 {
		t.Errorf("federated credentials are %v", got)
	}
}

func TestPatch_AllowsUnchangedReadOnlyProperties(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	id, appID := f.application("")
	f.must(204, "PATCH", "applications/"+id, `{"appId":"`+appID+`","publisherDomain":"`+domain+`","info":{"logoUrl":null}}`)
	f.refused(400, "read-only", "PATCH", "applications/"+id, `{"createdByAppId":"`+appID+`"}`)
	f.refused(400, "read-only", "PATCH", "applications/"+id, `{"info":{"logoUrl":"https://x"}}`)
	f.refused(400, "read-only", "POST", "applications", `{"displayName":"x","appId":"`+appID+`"}`)
	f.refused(400, "Links cannot be changed", "PATCH", "applications/"+id, `{"owners@odata.bind":[]}`)
}

package graphapi_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func TestObjectQuota_CountsDeletedObjects(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	f.dir.SetObjectQuota(f.clients["owned"].ObjectID, 2)
	app, _, _ := f.principal("")
	const exceeded = "The directory object quota limit for the Principal has been exceeded."
	f.refused(403, exceeded, "POST", "applications", `{"displayName":"x"}`)
	f.must(204, "DELETE", "applications/"+app, "")
	f.refused(403, "Directory_QuotaExceeded", "POST", "applications", `{"displayName":"x"}`)
	f.must(204, "DELETE", "directory/deletedItems/"+app, "")
	f.must(201, "POST", "applications", `{"displayName":"x"}`)
}

func TestCreatedByAppID_CanBeForged(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	created := func() any {
		return f.must(201, "POST", "applications", `{"displayName":"x"}`).body["createdByAppId"]
	}
	other := "0929d713-0000-4000-8000-000000000000"
	f.dir.OverrideCreatedByAppID(&other)
	forged := created()
	f.dir.OverrideCreatedByAppID(nil)
	missing := created()
	f.dir.ResetCreatedByAppID()
	if diff := cmp.Diff([]any{other, nil, f.clients["owned"].AppID}, []any{forged, missing, created()}); diff != "" {
		t.Errorf("createdByAppId (-want +got):\n%s", diff)
	}
}

func TestSet_WritesWhatGraphDoesNot(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, _ := f.application("")
	f.dir.Set(app, map[string]any{"isDisabled": true, "disabledByMicrosoftStatus": "DisabledDueToViolationOfServicesAgreement"})
	got := f.must(200, "GET", "applications/"+app+"?$select=isDisabled,disabledByMicrosoftStatus", "").body
	if got["isDisabled"] != true || got["disabledByMicrosoftStatus"] == nil {
		t.Errorf("read %v", got)
	}
	if f.dir.Set("nothing", nil) {
		t.Error("an object that is not there was set")
	}
}

// TestSeed_GivesSameAnswers sends the same requests in two tenants.
func TestSeed_GivesSameAnswers(t *testing.T) {
	t.Parallel()
	story := func() (statuses []int, live []directory.Entry) {
		f := newTenant(t)
		f.dir.SetLag(directory.Lag{Max: 20 * time.Second})
		id, appID := f.application(`"uniqueName":"k8s.one"`)
		for range 20 {
			f.wait(time.Second)
			statuses = append(statuses, f.call("GET", "applications/"+id, "").status,
				f.call("POST", "servicePrincipals", `{"appId":"`+appID+`"}`).status,
				f.call("POST", "applications/"+id+"/addPassword", "").status)
		}
		return statuses, f.dir.Snapshot().Live
	}
	first, one := story()
	second, two := story()
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("statuses:\n%s", diff)
	}
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("snapshots:\n%s", diff)
	}
}

func TestOwner_IsAddedAndRemoved(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, sp, _ := f.principal("")
	user, group := f.dir.SeedUser("Ada", "ada@contoso.com"), f.dir.SeedGroup("Everybody")
	mine := f.clients["owned"].ObjectID
	link := func(id string) string { return `{"@odata.id":"` + f.server.URL + `/v1.0/directoryObjects/` + id + `"}` }
	for _, path := range []string{"applications/" + app, "servicePrincipals/" + sp} {
		f.as = "all"
		f.must(204, "POST", path+"/owners/$ref", link(user))
		f.refused(400, "already exist for the following modified properties: 'owners'.", "POST", path+"/owners/$ref", link(user))
		f.refused(400, "invalid for the 'owners' reference", "POST", path+"/owners/$ref", link(group))
		f.refused(404, "does not exist", "POST", path+"/owners/$ref", link("nobody"))
		if n := len(odata.List(f.must(200, "GET", path+"/owners/$ref", "").body, "value")); n != 2 {
			t.Errorf("%s has %d owners", path, n)
		}
		got := f.must(200, "GET", path+"?$expand=owners($select=id)", "").body
		if owners := odata.Documents(got, "owners"); len(owners) != 2 || len(owners[0]) != 2 {
			t.Errorf("%s expands %v", path, owners)
		}
		f.refused(404, "does not exist", "DELETE", path+"/owners/"+group+"/$ref", "")
		f.as = "owned"
		f.must(204, "DELETE", path+"/owners/"+mine+"/$ref", "")
		f.refused(403, "Insufficient privileges", "PATCH", path, `{"notes":"x"}`)
		f.as = "all"
		f.must(204, "POST", path+"/owners/$ref", link(mine))
	}
}

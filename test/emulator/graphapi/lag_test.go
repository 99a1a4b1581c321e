package graphapi_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// oneMinute lags by exactly that.
func oneMinute() *directory.Span { return &directory.Span{Min: time.Minute, Max: time.Minute} }

func (f *tenant) wait(d time.Duration) { f.clock.SetTime(f.clock.Now().Add(d)) }

func TestLag_NewObjectIsNotFoundYet(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	f.dir.SetLag(directory.Lag{Min: 30 * time.Second, Max: 30 * time.Second})
	id, appID := f.application(`"uniqueName":"k8s.one"`)
	early := func(status int) {
		t.Helper()
		f.must(status, "GET", "applications/"+id, "")
		f.must(status, "GET", "applications(uniqueName='k8s.one')", "")
		f.must(status, "GET", "applications(appId='"+appID+"')/federatedIdentityCredentials", "")
	}
	early(404)
	f.must(404, "PATCH", "applications/"+id, `{"notes":"x"}`)
	f.must(404, "POST", "applications/"+id+"/addPassword", "")
	f.must(404, "POST", "applications/"+id+"/federatedIdentityCredentials", federated("abc", "s"))
	f.must(404, "DELETE", "applications/"+id, "")
	f.refused(400, "property uniqueName already exists.", "POST", "applications", `{"displayName":"x","uniqueName":"k8s.one"}`)
	f.refused(400, "property uniqueName already exists.", "PATCH", "applications(uniqueName='k8s.one')", `{"displayName":"x"}`, createIfMissing)
	f.wait(30 * time.Second)
	early(200)
	f.must(204, "PATCH", "applications/"+id, `{"notes":"x"}`)
}

func TestLag_OfNewApplicationShowsAsOtherErrors(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	f.dir.SetLag(directory.Lag{Backing: oneMinute()})
	_, appID := f.application("")
	body := `{"appId":"` + appID + `"}`
	var seen []int
	for range 40 {
		seen = append(seen, f.call("POST", "servicePrincipals", body).status)
	}
	slices.Sort(seen)
	if got := slices.Compact(seen); !slices.Equal(got, []int{400, 403}) {
		t.Errorf("answered %v, want 400 and 403", got)
	}
	f.as = "all"
	f.refused(400, "NoBackingApplicationObject", "POST", "servicePrincipals", body)
	f.as = "owned"
	f.wait(time.Minute)
	f.must(201, "POST", "servicePrincipals", body)
}

func TestLag_OfOwnershipIsForbidden(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	f.dir.SetLag(directory.Lag{Owners: oneMinute()})
	id, _ := f.application("")
	f.refused(403, "Insufficient privileges", "PATCH", "applications/"+id, `{"notes":"x"}`)
	f.wait(time.Minute)
	f.must(204, "PATCH", "applications/"+id, `{"notes":"x"}`)
}

func TestLag_ReadsFlipFlop(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	id, _ := f.application("")
	f.wait(time.Hour)
	f.dir.SetLag(directory.Lag{Max: 30 * time.Second})
	f.wait(time.Hour)
	f.must(204, "PATCH", "applications/"+id, `{"notes":"new"}`)
	f.wait(15 * time.Second)
	changes, last := 0, ""
	for range 40 {
		notes := odata.Text(f.must(200, "GET", "applications/"+id, "").body, "notes")
		if notes != last {
			changes++
		}
		last = notes
	}
	if changes < 3 {
		t.Errorf("40 reads half way through the lag changed their mind %d times", changes)
	}
	f.wait(15 * time.Second)
	for range 40 {
		if notes := odata.Text(f.must(200, "GET", "applications/"+id, "").body, "notes"); notes != "new" {
			t.Fatalf("a read after the lag shows %q", notes)
		}
	}
}

func TestLag_DisabledRoleMayStillLookEnabled(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	id, _ := f.application(`"appRoles":[{"id":"` + readID + `","value":"a","displayName":"a","description":"a","isEnabled":true,"allowedMemberTypes":["User"]}]`)
	f.wait(time.Hour)
	f.dir.SetLag(directory.Lag{Write: oneMinute()})
	f.must(204, "PATCH", "applications/"+id, `{"appRoles":[{"id":"`+readID+`","value":"a","displayName":"a","description":"a","isEnabled":false,"allowedMemberTypes":["User"]}]}`)
	if roles := odata.Documents(f.must(200, "GET", "applications/"+id, "").body, "appRoles"); odata.Flag(roles[0], "isEnabled") {
		t.Error("a read does not show the role disabled")
	}
	f.refused(400, "CannotDeleteOrUpdateEnabledEntitlement", "PATCH", "applications/"+id, `{"appRoles":[]}`)
	f.wait(time.Minute)
	f.must(204, "PATCH", "applications/"+id, `{"appRoles":[]}`)
}

func TestLag_ListsAreStaleAfterDelete(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	id, _ := f.application("")
	list := "applications/" + id + "/federatedIdentityCredentials"
	f.must(201, "POST", list, federated("abc", "s"))
	f.wait(time.Hour)
	f.dir.SetLag(directory.Lag{Lists: oneMinute()})
	f.must(204, "DELETE", list+"/abc", "")
	if n := len(odata.List(f.must(200, "GET", list, "").body, "value")); n != 1 {
		t.Errorf("the stale list has %d entries", n)
	}
	f.must(404, "DELETE", list+"/abc", "")
	f.refused(409, "FederatedIdentityCredential with name abc already exists.", "POST", list, federated("abc", "s"))
	f.wait(time.Minute)
	if n := len(odata.List(f.must(200, "GET", list, "").body, "value")); n != 0 {
		t.Errorf("the list has %d entries", n)
	}
	f.must(201, "POST", list, federated("abc", "s"))
}

func TestLag_ServicePrincipalCopiesLate(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, api, _ := f.principal("")
	_, client, _ := f.principal("")
	f.wait(time.Hour)
	f.dir.SetLag(directory.Lag{Copy: oneMinute()})
	f.must(204, "PATCH", "applications/"+app, `{`+someRoles+`}`)
	body := grant(client, api, readID)
	f.refused(400, "Permission being assigned was not found", "POST", "servicePrincipals/"+api+"/appRoleAssignedTo", body)
	f.wait(time.Minute)
	f.must(201, "POST", "servicePrincipals/"+api+"/appRoleAssignedTo", body)
}

func TestLag_SecretReachesTokenServiceLate(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, appID := f.application("")
	f.wait(time.Hour)
	f.dir.SetLag(directory.Lag{Tokens: oneMinute()})
	f.must(200, "POST", "applications/"+app+"/addPassword", "")
	f.must(201, "POST", "applications/"+app+"/federatedIdentityCredentials", federated("abc", "s"))
	if known, _ := f.signin().Client(appID); len(known.Secrets)+len(known.Federated) != 0 {
		t.Errorf("the token service knows %+v at once", known)
	}
	f.wait(time.Minute)
	if known, _ := f.signin().Client(appID); len(known.Secrets) != 1 || len(known.Federated) != 1 {
		t.Errorf("the token service knows %+v", known)
	}
}

func TestLag_CredentialWritesTooCloseAreRefused(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	id, _ := f.application("")
	f.dir.SetLag(directory.Lag{Spacing: 10 * time.Second})
	f.must(200, "POST", "applications/"+id+"/addPassword", "")
	var seen []int
	for range 40 {
		got := f.call("POST", "applications/"+id+"/addPassword", "")
		if odata.Text(got.body, "error", "code") != "Directory_ConcurrencyViolation" {
			t.Fatal(got.raw)
		}
		seen = append(seen, got.status)
	}
	slices.Sort(seen)
	if got := slices.Compact(seen); !slices.Equal(got, []int{409, 503}) {
		t.Errorf("answered %v, want 409 and 503", got)
	}
	f.wait(10 * time.Second)
	f.must(200, "POST", "applications/"+id+"/addPassword", "")
}

func TestLag_OfAdvancedIndexIsTwice(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	f.wait(time.Hour)
	f.dir.SetLag(directory.Lag{Min: time.Minute, Max: time.Minute})
	id, _ := f.application(`"tags":["late"]`)
	f.wait(time.Minute)
	f.must(200, "GET", "applications/"+id, "")
	path := "applications?$count=true&$filter=" + url.QueryEscape("tags/any(t:t eq 'late')")
	for _, want := range []float64{0, 1} {
		if n := f.must(200, "GET", path, "", "ConsistencyLevel: eventual").body["@odata.count"]; n != want {
			t.Errorf("counted %v, want %v", n, want)
		}
		f.wait(time.Minute)
	}
}

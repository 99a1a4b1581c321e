package graphapi_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func federated(name, subject string) string {
	return `{"name":"` + name + `","issuer":"https://issuer","subject":"` + subject + `","audiences":["api://AzureADTokenExchange"]}`
}

func TestFederatedCredential_IsFoundByIDAndName(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, appID := f.application(`"uniqueName":"k8s.one"`)
	list := "applications/" + app + "/federatedIdentityCredentials"
	made := f.must(201, "POST", "applications(appId='"+appID+"')/federatedIdentityCredentials", federated("k8s-orders", "s"))
	keys := slices.Sorted(maps.Keys(made.body))
	if diff := cmp.Diff(strings.Fields("@odata.context @odata.id audiences description id issuer name subject"), keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	id := odata.Text(made.body, "id")
	if location := made.header.Get("Location"); !strings.HasSuffix(location, "/federatedIdentityCredentials/"+id) {
		t.Errorf("Location is %q", location)
	}
	for _, key := range []string{"/" + id, "/k8s-orders", "(name='k8s-orders')", "(name='K8S-Orders')"} {
		f.must(200, "GET", list+key, "")
		f.must(200, "GET", "applications(uniqueName='k8s.one')/federatedIdentityCredentials"+key, "")
	}
	f.must(204, "PATCH", list+"/"+id, `{"name":"k8s-orders","description":"d"}`)
	f.must(204, "PATCH", list+"(name='k8s-orders')", `{"subject":"t"}`, createIfMissing)
	f.refused(400, "read-only", "PATCH", list+"/"+id, `{"name":"k8s-other"}`)
	got := f.must(200, "GET", list+"/"+id, "").body
	if got["subject"] != "t" || got["description"] != "d" || got["issuer"] != "https://issuer" {
		t.Errorf("after two patches: %v", got)
	}
	f.refused(404, "does not exist", "PATCH", list+"(name='k8s-new')", federated("k8s-new", "n"))
	f.must(201, "PATCH", list+"(name='k8s-new')", `{"issuer":"https://issuer","subject":"n","audiences":["a"]}`, createIfMissing)
	f.must(204, "DELETE", list+"(name='k8s-new')", "")
	f.must(204, "DELETE", list+"/"+id, "")
	f.refused(404, "does not exist", "DELETE", list+"/"+id, "")
}

func TestFederatedCredential_Refusals(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, _ := f.application("")
	list := "applications/" + app + "/federatedIdentityCredentials"
	f.must(201, "POST", list, federated("main", "s"))
	for name, row := range map[string]struct {
		body, want string
		status     int
	}{
		"a name that is taken": {federated("main", "t"), `Request_MultipleObjectsWithSameKeyValue","innerError`, 409},
		"a taken name's words": {federated("main", "t"), "FederatedIdentityCredential with name main already exists.", 409},
		"a subject that is taken": {federated("other", "s"), "The combination of issuer and subject must be unique for the application. " +
			"Issuer https://issuer and Subject: s already exist. paramName: FederatedIdentityCredential.Subject, paramValue: s, " +
			"objectType: Microsoft.Online.DirectoryServices.Application", 400},
		"a short name":         {federated("ab", "t"), "'ab' is invalid", 400},
		"a name with a dash":   {federated("-abc", "t"), "'-abc' is invalid", 400},
		"a name with a dot":    {federated("a.bc", "t"), "'a.bc' is invalid", 400},
		"no subject":           {federated("abc", ""), "empty properties", 400},
		"two audiences":        {`{"name":"abc","issuer":"https://i","subject":"s","audiences":["a","b"]}`, "exactly one audience", 400},
		"no audience":          {`{"name":"abc","issuer":"https://i","subject":"s","audiences":[]}`, "exactly one audience", 400},
		"an issuer by http":    {`{"name":"abc","issuer":"http://i","subject":"s","audiences":["a"]}`, "https", 400},
		"a long subject":       {federated("abc", strings.Repeat("x", 601)), "longer than 600", 400},
		"an expression":        {`{"name":"abc","claimsMatchingExpression":{}}`, "Invalid property 'claimsMatchingExpression'.", 400},
		"an ID of one's own":   {`{"id":"abc"}`, "read-only", 400},
		"null for an issuer":   {`{"issuer":null}`, "does not allow null", 400},
		"the application's ID": {`{"appId":"x"}`, "Invalid property 'appId'.", 400},
	} {
		t.Run(name, func(t *testing.T) {
			f := *f
			f.t = t
			got := f.must(row.status, "POST", list, row.body)
			if !strings.Contains(got.raw, row.want) {
				t.Errorf("want %q in %s", row.want, got.raw)
			}
		})
	}
}

func TestFederatedCredential_AtMostTwenty(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, _ := f.application("")
	list := "applications/" + app + "/federatedIdentityCredentials"
	for i := range 20 {
		f.must(201, "POST", list, federated(fmt.Sprintf("name-%d", i), fmt.Sprint(i)))
	}
	f.refused(400, "maximum number of federated identity credentials (20)", "POST", list, federated("one-more", "x"))
	got := f.must(200, "GET", "applications/"+app+"?$select=uniqueName,tags&$expand=federatedIdentityCredentials", "").body
	if n := len(odata.List(got, "federatedIdentityCredentials")); n != 20 {
		t.Errorf("$expand shows %d", n)
	}
	if diff := cmp.Diff(strings.Fields("@odata.context federatedIdentityCredentials tags uniqueName"), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

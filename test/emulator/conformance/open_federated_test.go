package conformance

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/entra-registrar/entra-registrar/test/emulator/conformance/issuer"
)

func TestOpenQuestion_CodesOfFederatedRefusals(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil)) + "/federatedIdentityCredentials"
	for name, body := range map[string]object{
		"a bad name":     federatedBody(object{"name": "-bad name-"}),
		"two audiences":  federatedBody(object{"audiences": list{"a", "b"}}),
		"an empty list":  federatedBody(object{"audiences": list{}}),
		"a long issuer":  federatedBody(object{"issuer": "https://oidc.conformance.example.com/" + textOf(600)}),
		"an http issuer": federatedBody(object{"issuer": "http://oidc.conformance.example.com/"}),
	} {
		got := examined.first.oneOf(t, []int{http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusCreated}, http.MethodPost, path, body)
		record(t, "c: how is a federated credential refused for "+name+"?", statusAndCode(got))
	}
	full := applicationPath(examined.first.newApplication(t, nil))
	for range 20 {
		examined.first.newFederated(t, full, nil)
	}
	got := examined.first.oneOf(t, []int{http.StatusBadRequest, http.StatusForbidden, http.StatusConflict}, http.MethodPost, full+"/federatedIdentityCredentials", federatedBody(nil))
	record(t, "c: how is the 21st federated credential refused?", statusAndCode(got))
}

func TestOpenQuestion_CodesOfPolicyRefusals(t *testing.T) {
	t.Parallel()
	const question = "c: does a policy of the tenant block credentials, and how?"
	path := applicationPath(examined.first.newApplication(t, nil))
	for name, body := range map[string]object{
		"of 2 years":   {"displayName": "x"},
		"of 100 years": {"displayName": "x", "endDateTime": "2126-01-01T00:00:00Z"},
	} {
		got := examined.first.oneOf(t, []int{http.StatusOK, http.StatusBadRequest, http.StatusForbidden}, http.MethodPost, path+"/addPassword", object{"passwordCredential": body})
		record(t, question, "a password "+name+": "+statusAndCode(got))
	}
	key := keyCredentials(newCertificate(t).credential(nil))
	got := examined.first.oneOf(t, []int{http.StatusNoContent, http.StatusBadRequest, http.StatusForbidden}, http.MethodPatch, path, key)
	record(t, question, "a self-signed certificate: "+statusAndCode(got))
}

func TestOpenQuestion_StatusOfFederationErrors(t *testing.T) {
	t.Parallel()
	const issuerURL, audience, subject = "https://oidc.conformance.example.com/open", "api://AzureADTokenExchange", "system:serviceaccount:shop:orders"
	client, _ := examined.client(t)
	examined.first.newFederated(t, applications+"/"+client.object, object{"issuer": issuerURL, "subject": subject})
	key := newCertificate(t).key
	for name, claims := range map[string]object{
		"700211, no such issuer":   foreignClaims(issuerURL+"/other", subject, audience),
		"700212, no such audience": foreignClaims(issuerURL, subject, "orders"),
		"700213, no such subject":  foreignClaims(issuerURL, subject+"-other", audience),
	} {
		form := client.asserting(issuer.Sign(t, key, object{"kid": "one"}, claims))
		got := examined.noToken(t, form, 0, "")
		isOneOf(t, got, http.StatusBadRequest, http.StatusUnauthorized)
		record(t, "f: which status has AADSTS"+name+"?", fmt.Sprintf("%d %s %v", got.status, got.text("error"), got.body["error_codes"]), got.text("error_description"))
	}
	bare, _ := examined.client(t)
	got := examined.noToken(t, bare.asserting(issuer.Sign(t, key, object{"kid": "one"}, foreignClaims(issuerURL, subject, audience))), 0, "")
	record(t, "f: which error gets a client without any federated credential?", fmt.Sprintf("%d %s %v", got.status, got.text("error"), got.body["error_codes"]), got.text("error_description"))
}

func TestOpenQuestion_ConcurrentFederatedWrites(t *testing.T) {
	t.Parallel()
	const question = "g: do concurrent writes of federated credentials fail or get lost?"
	const writers = 5
	path := applicationPath(examined.first.newApplication(t, nil)) + "/federatedIdentityCredentials"
	statuses := make([]int, writers)
	failures := make([]error, writers)
	var all sync.WaitGroup
	for i := range writers {
		body := federatedBody(nil)
		all.Go(func() {
			got, err := examined.first.sendWithRetry(t.Context(), newRequest(http.MethodPost, path, body, nil), func(got reply) bool { return got.status != http.StatusNotFound })
			statuses[i], failures[i] = got.status, err
		})
	}
	all.Wait()
	created := 0
	for i, status := range statuses {
		if failures[i] != nil {
			t.Fatal(failures[i])
		}
		isOneOf(t, reply{method: http.MethodPost, path: path, status: status}, http.StatusCreated, http.StatusConflict, http.StatusServiceUnavailable, http.StatusInternalServerError, http.StatusTooManyRequests)
		if status == http.StatusCreated {
			created++
		}
	}
	got, ok := examined.first.untilShort(t, path, func(got reply) bool { return len(got.values()) == created })
	record(t, question, fmt.Sprintf("%d of %d refused, %d lost", writers-created, writers, max(0, created-len(got.values()))), fmt.Sprint(statuses), fmt.Sprintf("all that were answered 201 are listed: %t", ok))
}

func TestOpenQuestion_FederatedCredentialsInCreate(t *testing.T) {
	t.Parallel()
	const question = "does POST /applications with federated credentials inside still answer 500 and create it all the same?"
	name := examined.name()
	body := examined.application(object{"displayName": name, "federatedIdentityCredentials": list{federatedBody(nil)}})
	got, err := examined.first.send(t.Context(), newRequest(http.MethodPost, applications, body, nil))
	if err != nil {
		t.Fatal(err)
	}
	examined.cleanUp(t, got)
	isOneOf(t, got, http.StatusInternalServerError, http.StatusBadRequest, http.StatusCreated)
	path := applications + "?$filter=" + url.QueryEscape("displayName eq '"+name+"'")
	listed, _ := examined.first.untilShort(t, path, func(got reply) bool { return len(got.values()) > 0 })
	record(t, question, fmt.Sprintf("%d, and %d applications are there", got.status, len(listed.values())), statusAndCode(got))
}

package record_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/record"
)

const canary = "canary-8c1f"

func TestRecorder_MasksSecrets(t *testing.T) {
	t.Parallel()
	const asJSON, asForm = "application/json", "application/x-www-form-urlencoded"
	for name, test := range map[string]struct {
		contentType, request, answerType, answer string
	}{
		"a secret in a form":                {asForm, "client_id=a&client_secret=" + canary, asJSON, `{}`},
		"a token in an answer":              {asForm, "", asJSON, `{"access_token":"` + canary + `"}`},
		"a new password":                    {asJSON, `{}`, asJSON + "; charset=utf-8", `{"value":[{"secretText":"` + canary + `"}]}`},
		"a header inside a batch":           {asJSON, `{"requests":[{"headers":{"Authorization":"` + canary + `"}}]}`, asJSON, `{}`},
		"a body that is not what it claims": {asJSON, `{"secretText":"` + canary, asJSON, `{}`},
		"a body of an unknown type":         {"text/plain", canary, "text/html", canary},
		"two documents in one body":         {asJSON, `{} {"secretText":"` + canary + `"}`, asJSON, `{}`},
		"a secret that is not a string":     {asJSON, `{"password":["` + canary + `"]}`, asJSON, `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var lines bytes.Buffer
			recorder := record.New(&lines)
			handler := recorder.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Type", test.answerType)
				_, _ = io.WriteString(w, test.answer)
			}))
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/x?code="+canary, strings.NewReader(test.request))
			request.Header.Set("Content-Type", test.contentType)
			request.Header.Set("Authorization", "Bearer "+canary)
			handler.ServeHTTP(httptest.NewRecorder(), request)

			if strings.Contains(lines.String(), canary) {
				t.Errorf("the secret shows: %s", lines.String())
			}
			if len(recorder.Exchanges()) != 1 {
				t.Errorf("want one exchange, got %v", recorder.Exchanges())
			}
		})
	}
}

func TestRecorder_ExchangeHasRequestAndAnswer(t *testing.T) {
	t.Parallel()
	recorder := record.New(nil)
	handler := recorder.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"error":{"code":"Request_ResourceNotFound"}}`)
	}))
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write([]byte(`{"displayName":"orders"}`))
	_ = zip.Close()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPatch, "/v1.0/applications/1?%24select=id%2CappId", &packed)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Content-Encoding", "gzip")
	handler.ServeHTTP(httptest.NewRecorder(), request)

	want := []record.Exchange{{
		Method: "PATCH", Path: "/v1.0/applications/1", Query: "$select=id,appId", Status: 404,
		Request:  json.RawMessage(`{"displayName":"orders"}`),
		Response: json.RawMessage(`{"error":{"code":"Request_ResourceNotFound"}}`),
	}}
	if diff := cmp.Diff(want, recorder.Exchanges()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	recorder.Reset()
	if left := recorder.Exchanges(); len(left) != 0 {
		t.Errorf("Reset left %v", left)
	}
}

func TestExchange_BriefQuery(t *testing.T) {
	t.Parallel()
	const many = "$select=id,a,b,c,d,e,f,g,h,i"
	for _, test := range []struct{ path, query, want string }{
		{"/v1.0/applications/1", many, "$select=<application>"},
		{"/v1.0/servicePrincipals(appId='1')", "$expand=appRoleAssignments&" + many, "$expand=appRoleAssignments&$select=<servicePrincipal>"},
		{"/v1.0/directory/deletedItems/microsoft.graph.application", many + "&$top=999", "$select=<application>&$top=999"},
		{"/v1.0/directory/deletedItems/microsoft.graph.servicePrincipal", many + "&$top=999", "$select=<servicePrincipal>&$top=999"},
		{"/v1.0/applications/1/owners", "$select=id", "$select=id"},
		{"/v1.0/applications/1", "", ""},
	} {
		if got := (record.Exchange{Path: test.path, Query: test.query}).BriefQuery(); got != test.want {
			t.Errorf("%s?%s: %s, want %s", test.path, test.query, got, test.want)
		}
	}
}

func TestRecorder_DroppedConnectionStaysDropped(t *testing.T) {
	t.Parallel()
	recorder := record.New(nil)
	server := httptest.NewServer(recorder.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	})))
	defer server.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, server.URL+"/v1.0/applications/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(request)
	if err == nil {
		_ = response.Body.Close()
		t.Fatalf("got %s", response.Status)
	}
	want := []record.Exchange{{Method: "DELETE", Path: "/v1.0/applications/1"}}
	if diff := cmp.Diff(want, recorder.Exchanges()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

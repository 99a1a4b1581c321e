package graphapi_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func TestWire_WithoutValidTokenIsUnauthorized(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	for token, message := range map[string]string{
		"":    "Access token is empty.",
		"old": "Access token has expired or is not yet valid.",
		"?":   "CompactToken parsing failed with error code: 80049217",
	} {
		f.as = token
		got := f.must(401, "GET", "no/such/path", "")
		failure := odata.Document{
			"code": "InvalidAuthenticationToken", "message": message,
			"innerError": odata.Document{
				"date": "2026-11-21T10:00:00", "request-id": got.header.Get("request-id"), "client-request-id": got.header.Get("request-id"),
			},
		}
		if diff := cmp.Diff(odata.Document{"error": failure}, got.body); diff != "" {
			t.Errorf("token %q (-want +got):\n%s", token, diff)
		}
		if challenge := got.header.Get("WWW-Authenticate"); !strings.HasPrefix(challenge, `Bearer realm="", authorization_uri=`) {
			t.Errorf("WWW-Authenticate is %q", challenge)
		}
	}
}

func TestWire_AnswersHaveRecordedHeaders(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	const mine = "client-request-id: 3a3b1bf7-0000-4000-8000-000000000000"
	for path, contentType := range map[string]string{
		"applications":   "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
		"applications/x": "application/json",
		"nothing":        "application/json",
	} {
		got := f.call("GET", path, "", mine).header
		want := map[string]string{
			"Content-Type": contentType, "client-request-id": strings.TrimPrefix(mine, "client-request-id: "), "OData-Version": "4.0",
			"Cache-Control": "no-cache", "Date": "Sat, 21 Nov 2026 10:00:00 GMT",
		}
		for name, value := range want {
			if got.Get(name) != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got.Get(name), value)
			}
		}
		for _, name := range []string{"request-id", "x-ms-ags-diagnostic", "Strict-Transport-Security"} {
			if got.Get(name) == "" {
				t.Errorf("%s: no %s", path, name)
			}
		}
	}
}

func TestWire_ResourceUnitsFollowQuery(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, sp, _ := f.principal("")
	for path, want := range map[string]string{
		"applications":                                       "2",
		"applications?$select=id":                            "1",
		"applications?$top=5":                                "1",
		"applications?$top=5&$select=id":                     "1",
		"applications?$expand=owners":                        "3",
		"applications/" + app:                                "1",
		"applications/" + app + "?$expand=owners":            "2",
		"applications/" + app + "?$expand=owners&$select=id": "1",
		"servicePrincipals/" + sp + "/appRoleAssignments":    "2",
	} {
		if got := f.must(200, "GET", path, "").header.Get("x-ms-resource-unit"); got != want {
			t.Errorf("%s costs %s, want %s", path, got, want)
		}
	}
}

func TestWire_BodyMayBeChunkedOrCompressed(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	const body = `{"displayName":"Orders","@odata.type":"#microsoft.graph.application"}`
	var packed bytes.Buffer
	pack := gzip.NewWriter(&packed)
	_, _ = pack.Write([]byte(body))
	if err := pack.Close(); err != nil {
		t.Fatal(err)
	}
	f.must(201, "POST", "applications", packed.String(), "Content-Encoding: gzip")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.server.URL+"/v1.0/applications", io.MultiReader(strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer owned")
	r.Header.Set("Content-Type", "application/json")
	response, err := f.server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != 201 {
		t.Errorf("a chunked body is answered %d", response.StatusCode)
	}
}

func TestWire_RefusesMalformedRequests(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	for _, row := range []struct {
		name, method, path, body, want string
		status                         int
		header                         []string
	}{
		{"malformed JSON", "POST", "applications", `{"a`, "Unable to read JSON request payload", 400, nil},
		{"a list for an object", "POST", "applications", `[]`, "Unable to read JSON request payload", 400, nil},
		{"another content type", "POST", "applications", `{}`, "Unable to read JSON request payload", 400, []string{"Content-Type: text/plain"}},
		{"no body", "POST", "applications", ``, "Empty Payload", 400, nil},
		{"no gzip where it is claimed", "POST", "applications", `{}`, "Unable to read JSON request payload", 400, []string{"Content-Encoding: gzip"}},
		{"another method", "PUT", "applications/x", `{}`, "Specified HTTP method is not allowed for the request target.", 405, nil},
		{"another path", "GET", "applications/x/y", ``, "Resource not found for the segment 'y'.", 400, nil},
		{"another alternate key", "GET", "applications(displayName='x')", ``, "Resource not found for the segment", 400, nil},
		{"an open quote", "GET", "applications(appId='x)", ``, "Resource not found for the segment", 400, nil},
		{"an unknown key", "GET", "applications(appId='x')", ``, "Resource 'x' does not exist or one of its queried reference-property objects are not present.", 404, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := *f
			f.t = t
			f.refused(row.status, row.want, row.method, row.path, row.body, row.header...)
		})
	}
}

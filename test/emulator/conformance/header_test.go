package conformance

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

const successType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

func TestHeader_OfSuccess(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	got := examined.first.waitPresent(t, applicationPath(made))
	for name, want := range map[string]string{
		"Content-Type": successType, "OData-Version": "4.0", "Cache-Control": "no-cache", "client-request-id": got.header.Get("request-id"),
	} {
		if found := got.header.Get(name); !strings.EqualFold(found, want) {
			t.Errorf("%s: want %q, got %q", name, want, found)
		}
	}
	checkEveryHeader(t, got)
}

// checkEveryHeader looks at what every answer carries, whatever its status.
func checkEveryHeader(t testing.TB, got reply) {
	t.Helper()
	if !guidPattern.MatchString(got.header.Get("request-id")) {
		t.Errorf("request-id: want a GUID, got %q", got.header.Get("request-id"))
	}
	for _, name := range []string{"Date", "client-request-id", "Strict-Transport-Security"} {
		if got.header.Get(name) == "" {
			t.Errorf("%s is missing from %s", name, got)
		}
	}
	var diagnostic struct {
		ServerInfo map[string]string
	}
	text := got.header.Get("x-ms-ags-diagnostic")
	if err := json.Unmarshal([]byte(text), &diagnostic); err != nil {
		t.Errorf("x-ms-ags-diagnostic: %v in %q", err, text)
	}
	for _, name := range []string{"DataCenter", "Slice", "Ring", "ScaleUnit", "RoleInstance"} {
		if _, present := diagnostic.ServerInfo[name]; !present {
			t.Errorf("x-ms-ags-diagnostic: want ServerInfo.%s, got %q", name, text)
		}
	}
}

func TestHeader_SameOnEveryAnswer(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil))
	for _, got := range []reply{
		examined.first.call(t, http.MethodPatch, path, object{"notes": "x"}),
		examined.first.call(t, http.MethodPatch, path, object{"noSuchProperty": "x"}),
		examined.first.call(t, http.MethodGet, applications+"/"+guid(), nil),
		examined.first.call(t, http.MethodGet, applications, nil, anonymous),
		examined.first.call(t, http.MethodGet, query(applications, "top", "1"), nil),
	} {
		checkEveryHeader(t, got)
	}
}

func TestHeader_ResourceUnits(t *testing.T) {
	t.Parallel()
	made := newRoleOffer(t)
	path := applicationPath(made.apiApp)
	for _, row := range []struct {
		name, method, path string
		body               any
		units              int
	}{
		{"a list of applications", http.MethodGet, applications, nil, 2},
		{"a list with $select", http.MethodGet, query(applications, "select", "id"), nil, 1},
		{"a small page", http.MethodGet, query(applications, "top", "5"), nil, 1},
		{"a small page with $select", http.MethodGet, query(applications, "top", "5", "select", "id"), nil, 1},
		{"a small page with $expand", http.MethodGet, query(applications, "top", "5", "expand", "owners"), nil, 2},
		{"a list with $expand", http.MethodGet, query(applications, "expand", "owners"), nil, 3},
		{"a service principal", http.MethodGet, principalPath(made.api), nil, 1},
		{"a service principal with $expand", http.MethodGet, query(principalPath(made.api), "expand", "appRoleAssignments"), nil, 2},
		{"a service principal's assignments", http.MethodGet, made.assigned, nil, 2},
		{"a service principal's assignments with $select", http.MethodGet, query(made.assigned, "select", "id"), nil, 1},
		{"a PATCH", http.MethodPatch, path, object{"notes": "x"}, 1},
		{"an addPassword", http.MethodPost, path + "/addPassword", password("x"), 1},
		{"a DELETE", http.MethodDelete, principalPath(made.client), nil, 1},
	} {
		got := examined.first.oneOf(t, []int{http.StatusOK, http.StatusNoContent}, row.method, row.path, row.body)
		if units := got.header.Get("x-ms-resource-unit"); units != strconv.Itoa(row.units) {
			t.Errorf("x-ms-resource-unit of %s: want %d, got %q", row.name, row.units, units)
		}
	}
}

func TestRequest_CompressedAndChunkedBodies(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil))
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if _, err := writer.Write([]byte(`{"notes":"packed"}`)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	either := []int{http.StatusNoContent, http.StatusUnsupportedMediaType} // a server that wants no gzip says so
	got := examined.first.oneOf(t, either, http.MethodPatch, path, packed.Bytes(), with("Content-Encoding", "gzip"))
	if got.status == http.StatusNoContent {
		examined.first.waitShown(t, path, object{"notes": "packed"})
	}
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, streamed(`{"notes":"in pieces"}`))
	examined.first.waitShown(t, path, object{"notes": "in pieces"})
}

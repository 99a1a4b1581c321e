package graphapi_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"k8s.io/utils/clock"
	testingclock "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/graphapi"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const (
	tenantID = "11111111-2222-4333-8444-555555555555"
	domain   = "contoso.onmicrosoft.com"
)

// bearer stands for the token service: the token is the name of a seeded client.
type bearer map[string]graphapi.Caller

func (b bearer) Verify(_ *http.Request, raw string) (graphapi.Caller, error) {
	if caller, ok := b[raw]; ok {
		return caller, nil
	}
	if raw == "old" {
		return graphapi.Caller{}, graphapi.ErrExpired
	}
	return graphapi.Caller{}, io.ErrUnexpectedEOF
}

// tenant is an emulated tenant behind a server, with three clients: "owned" has the base permissions of an operator,
// "all" may write everything, "none" holds nothing.
type tenant struct {
	t       *testing.T
	dir     *directory.Directory
	clock   *testingclock.FakePassiveClock
	server  *httptest.Server
	clients bearer
	as      string
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	now := testingclock.NewFakePassiveClock(time.Date(2026, 11, 21, 10, 0, 0, 123456700, time.UTC))
	f := &tenant{t: t, clock: now, clients: bearer{}, as: "owned"}
	f.dir = directory.New(directory.Options{Clock: now, TenantID: tenantID, DisplayName: "Contoso", VerifiedDomain: domain, Seed: 1})
	f.client("owned", "Application.ReadWrite.OwnedBy", "Application.Read.All", "AppRoleAssignment.ReadWrite.All")
	f.client("all", "Application.ReadWrite.All", "Directory.Read.All", "AppRoleAssignment.ReadWrite.All")
	f.client("none")
	f.server = httptest.NewServer(graphapi.New(graphapi.Options{
		Directory: f.dir, Tokens: f.clients, Clock: clock.PassiveClock(now),
		BaseURL: func(r *http.Request) string { return "http://" + r.Host },
	}))
	t.Cleanup(f.server.Close)
	return f
}

// signin is the directory as the token service sees it.
func (f *tenant) signin() signin.Directory { return signin.Directory{Directory: f.dir} }

// client seeds a client whose token is its name.
func (f *tenant) client(name string, roles ...string) {
	f.t.Helper()
	seeded, err := f.dir.Seed(directory.SeedClient{DisplayName: name, Secret: "secret-of-" + name, Roles: roles})
	if err != nil {
		f.t.Fatal(err)
	}
	f.clients[name] = graphapi.Caller{AppID: seeded.ClientID, ObjectID: seeded.ServicePrincipalID, Roles: roles}
}

// reply is an answer.
type reply struct {
	status int
	header http.Header
	body   odata.Document
	raw    string
}

// call makes a request as the current client; header lines are "Name: value".
func (f *tenant) call(method, path, body string, header ...string) reply {
	f.t.Helper()
	response, err := f.server.Client().Do(f.request(method, path, body, header))
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	out := reply{status: response.StatusCode, header: response.Header, raw: string(raw)}
	if len(raw) > 0 && strings.Contains(response.Header.Get("Content-Type"), "json") {
		if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&out.body); err != nil {
			f.t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
	return out
}

func (f *tenant) request(method, path, body string, header []string) *http.Request {
	f.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = f.server.URL + "/v1.0/" + path
	}
	r, err := http.NewRequestWithContext(f.t.Context(), method, path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if f.as != "" {
		r.Header.Set("Authorization", "Bearer "+f.as)
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	return r
}

// must is call for a request that has to succeed with a status.
func (f *tenant) must(status int, method, path, body string, header ...string) reply {
	f.t.Helper()
	out := f.call(method, path, body, header...)
	if out.status != status {
		f.t.Fatalf("%s %s answered %d, not %d: %s", method, path, out.status, status, out.raw)
	}
	return out
}

// refused is call for a request that has to fail with a status and a text in its error.
func (f *tenant) refused(status int, text, method, path, body string, header ...string) reply {
	f.t.Helper()
	out := f.must(status, method, path, body, header...)
	if !strings.Contains(out.raw, text) {
		f.t.Fatalf("%s %s does not say %q: %s", method, path, text, out.raw)
	}
	return out
}

// application makes an application with more properties, and returns its object ID and appId.
func (f *tenant) application(more string) (id, appID string) {
	f.t.Helper()
	if more != "" {
		more = "," + more
	}
	body := f.must(201, "POST", "applications", `{"displayName":"Orders","signInAudience":"AzureADMyOrg"`+more+`}`).body
	return odata.Text(body, "id"), odata.Text(body, "appId")
}

// principal makes an application with a service principal, and returns the object IDs of both and the appId.
func (f *tenant) principal(more string) (app, sp, appID string) {
	f.t.Helper()
	app, appID = f.application(more)
	body := f.must(201, "POST", "servicePrincipals", `{"appId":"`+appID+`"}`).body
	return app, odata.Text(body, "id"), appID
}

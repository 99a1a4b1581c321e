package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

const (
	operatorID = "5f0a1111-2222-4333-8444-555555555555"
	canary     = "canary~secret-of-the-operator"
	scopeID    = "00000000-0000-4000-8000-00000000000a"
	roleID     = "00000000-0000-4000-8000-00000000000b"
)

var (
	update    = flag.Bool("update", false, "write the golden wire logs anew")
	tenantKey = entra.TenantKey{UID: "tenant"}
	noon      = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
)

// env is an emulated tenant with a connection to it, on one clock.
type env struct {
	*emulator.Emulator
	entra.Directory

	t       *testing.T
	clock   *clocktesting.FakePassiveClock
	tenants *graph.Tenants
	self    entra.Identity
}

func newEnv(t *testing.T, options emulator.Options) *env {
	t.Helper()
	clock := clocktesting.NewFakePassiveClock(noon)
	options.Clock, options.Seed = clock, 1
	if options.Client.ID == "" {
		options.Client = emulator.Client{ID: operatorID, Secret: canary, Roles: []string{
			"Application.ReadWrite.OwnedBy", "Application.Read.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All",
		}}
	}
	running, err := emulator.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.Close() })
	e := &env{Emulator: running, t: t, clock: clock}
	e.restart()
	e.self, err = e.Self(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e.ResetExchanges()
	return e
}

// restart drops all that the process remembers.
func (e *env) restart() {
	e.t.Helper()
	recordingServer := strings.TrimPrefix(e.URL(), "https://")
	e.tenants = graph.NewTenants(graph.Options{Clock: e.clock, CustomHosts: []string{recordingServer}, UserAgent: "graph-test"})
	if _, err := e.tenants.Open(tenantKey, "1", e.connection()); err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { e.tenants.Close(tenantKey) })
	directory, err := e.tenants.Directory(tenantKey)
	if err != nil {
		e.t.Fatal(err)
	}
	e.Directory = directory
}

func (e *env) connection() entra.Connection {
	return entra.Connection{
		TenantID: e.TenantID(), Authority: e.URL(), Graph: e.URL(), CABundle: string(e.CA()), Custom: true, Size: "Small",
		Auth: entra.Auth{Type: "ClientSecret", ClientID: operatorID, Secret: entra.Hide(canary)},
	}
}

func (e *env) advance(d time.Duration) { e.clock.SetTime(e.clock.Now().Add(d)) }

// newApplication is one with a scope and a role.
func (e *env) newApplication(name string) entra.NewApplication {
	return entra.NewApplication{
		UniqueName: name, OwnerID: e.self.ObjectID,
		ApplicationSettings: entra.ApplicationSettings{
			DisplayName: name, Description: "made by a test", SignInAudience: "AzureADMyOrg", Tags: []string{"managed-by:test"},
			AccessTokenVersion: 2,
			Scopes: []entra.Scope{{
				ID: scopeID, Value: "Orders.Read", Type: "Admin", Enabled: true,
				AdminConsentDisplayName: "Read orders", AdminConsentDescription: "Read all orders",
			}},
			AppRoles: []entra.AppRole{{
				ID: roleID, Value: "Orders.Read.All", DisplayName: "Read orders", Description: "Read all orders",
				AllowedMemberTypes: []string{"Application", "User"}, Enabled: true,
			}},
			WebRedirectURIs: []string{"https://orders.example.com/callback"},
			Lock:            entra.Lock{Enabled: true, AllProperties: true},
		},
	}
}

func (e *env) create(name string) (entra.Application, entra.ServicePrincipal) {
	e.t.Helper()
	app := must(e.CreateApplication(e.t.Context(), e.newApplication(name)))(e.t)
	principal := must(e.CreateServicePrincipal(e.t.Context(), entra.NewServicePrincipal{AppID: app.AppID, OwnerID: e.self.ObjectID}))(e.t)
	return app, principal
}

// must gives a value or ends the test.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func assertEqual(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(entra.Sensitive{})); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

// golden compares the requests to Graph since the last reset with a file.
func (e *env) golden(name string) {
	e.t.Helper()
	var log strings.Builder
	for _, exchange := range e.Exchanges() {
		if !strings.HasPrefix(exchange.Path, "/v1.0") {
			continue
		}
		target := exchange.Path
		if query := exchange.BriefQuery(); query != "" {
			target += "?" + query
		}
		fmt.Fprintf(&log, "%s %s\n%s-> %d\n\n", exchange.Method, target, indented(exchange.Request), exchange.Status)
	}
	got := withNumberedIDs(strings.ReplaceAll(log.String(), e.URL(), "https://graph"))
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			e.t.Fatal(err)
		}
	}
	want := must(os.ReadFile(file))(e.t)
	assertEqual(e.t, name, string(want), got)
}

// madeUpID finds the IDs that the directory makes up: GUIDs, and the longer names of assignments and grants.
var madeUpID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[A-Za-z0-9_-]{43,}`)

// withNumberedIDs names made-up IDs in the order in which they appear; those that the tests choose stay.
func withNumberedIDs(log string) string {
	names := map[string]string{}
	return madeUpID.ReplaceAllStringFunc(log, func(id string) string {
		if strings.HasPrefix(id, "00000") || id == operatorID {
			return id
		}
		if names[id] == "" {
			names[id] = fmt.Sprintf("id-%d", len(names)+1)
		}
		return names[id]
	})
}

func indented(body json.RawMessage) string {
	var value any
	if len(body) == 0 || json.Unmarshal(body, &value) != nil {
		return ""
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out) // sorts keys
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	_ = encoder.Encode(value)
	return out.String()
}

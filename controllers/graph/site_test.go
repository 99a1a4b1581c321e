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

// site is an emulated tenant with a connection to it, on one clock.
type site struct {
	*emulator.Emulator
	entra.Directory

	t       *testing.T
	clock   *clocktesting.FakePassiveClock
	tenants *graph.Tenants
	self    entra.Identity
}

func start(t *testing.T, options emulator.Options) *site {
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
	s := &site{Emulator: running, t: t, clock: clock}
	s.restart()
	s.self, err = s.Self(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.ResetExchanges()
	return s
}

// restart drops all that the process remembers.
func (s *site) restart() {
	s.t.Helper()
	host := strings.TrimPrefix(s.URL(), "https://")
	s.tenants = graph.NewTenants(graph.Options{Clock: s.clock, CustomHosts: []string{host}, UserAgent: "graph-test"})
	if _, err := s.tenants.Open(tenantKey, "1", s.connection()); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { s.tenants.Close(tenantKey) })
	directory, err := s.tenants.Directory(tenantKey)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Directory = directory
}

func (s *site) connection() entra.Connection {
	return entra.Connection{
		TenantID: s.TenantID(), Authority: s.URL(), Graph: s.URL(), CABundle: string(s.CA()), Custom: true, Size: "Small",
		Auth: entra.Auth{Type: "ClientSecret", ClientID: operatorID, Secret: entra.Hide(canary)},
	}
}

func (s *site) pass(d time.Duration) { s.clock.SetTime(s.clock.Now().Add(d)) }

// newApplication is one with a scope and a role.
func (s *site) newApplication(name string) entra.NewApplication {
	return entra.NewApplication{
		UniqueName: name, OwnerID: s.self.ObjectID,
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

func (s *site) create(name string) (entra.Application, entra.ServicePrincipal) {
	s.t.Helper()
	app := must(s.CreateApplication(s.t.Context(), s.newApplication(name)))(s.t)
	principal := must(s.CreateServicePrincipal(s.t.Context(), entra.NewServicePrincipal{AppID: app.AppID, OwnerID: s.self.ObjectID}))(s.t)
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

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(entra.Sensitive{})); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

// golden compares the requests to Graph since the last reset with a file.
func (s *site) golden(name string) {
	s.t.Helper()
	var log strings.Builder
	for _, exchange := range s.Exchanges() {
		if !strings.HasPrefix(exchange.Path, "/v1.0") {
			continue
		}
		target := exchange.Path
		if exchange.Query != "" {
			target += "?" + exchange.Query
		}
		fmt.Fprintf(&log, "%s %s\n%s-> %d\n\n", exchange.Method, target, indented(exchange.Request), exchange.Status)
	}
	got := numbered(strings.ReplaceAll(log.String(), s.URL(), "https://graph"))
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	want := must(os.ReadFile(file))(s.t)
	same(s.t, name, string(want), got)
}

// made finds the IDs that the directory makes up: GUIDs, and the longer names of assignments and grants.
var made = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[A-Za-z0-9_-]{43,}`)

// numbered names made-up IDs in the order in which they appear; those that the tests choose stay.
func numbered(log string) string {
	names := map[string]string{}
	return made.ReplaceAllStringFunc(log, func(id string) string {
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

package graph_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	clocktesting "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph"
	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// validConnection is a connection that can be opened.
func validConnection() entra.Connection {
	return entra.Connection{
		TenantID: "c0a1e5ce-0000-4000-8000-e01a702e0001", Authority: "https://login.example.com", Graph: "https://graph.example.com:8443", Custom: true,
		Auth: entra.Auth{Type: "ClientSecret", ClientID: operatorID, Secret: entra.Hide(canary)},
	}
}

func TestTenants_OpenOnlyValidConnections(t *testing.T) {
	t.Parallel()
	certificate, key := newCertificate(t)
	tests := []struct {
		name  string
		spoil func(*entra.Connection)
		want  string // part of the refusal; empty: it opens
	}{
		{"listed hosts", func(*entra.Connection) {}, ""},
		{"Microsoft's hosts need no list", func(c *entra.Connection) {
			c.Custom, c.Authority, c.Graph = false, "https://login.microsoftonline.us/", "https://graph.microsoft.us"
		}, ""},
		{"a certificate", func(c *entra.Connection) {
			c.Auth = entra.Auth{Type: "ClientCertificate", ClientID: operatorID, Certificate: entra.Hide(certificate), Key: entra.Hide(key)}
		}, ""},
		{"a managed identity", func(c *entra.Connection) { c.Auth = entra.Auth{Type: "ManagedIdentity"} }, ""},
		{"a host that is not listed", func(c *entra.Connection) { c.Graph = "https://graph.example.org" }, "--custom-endpoint-hosts=graph.example.org:443"},
		{"a listed host with another port", func(c *entra.Connection) { c.Graph = "https://graph.example.com" }, "graph.example.com:443 is not allowed"},
		{"a listed host as a suffix", func(c *entra.Connection) { c.Authority = "https://evil-login.example.com" }, "is not allowed"},
		{"plain http", func(c *entra.Connection) { c.Authority = "http://login.example.com" }, "https://host"},
		{"credentials in the URL", func(c *entra.Connection) { c.Authority = "https://user@login.example.com" }, "https://host"},
		{"a path", func(c *entra.Connection) { c.Graph += "/v1.0" }, "https://host"},
		{"no CA in the bundle", func(c *entra.Connection) { c.CABundle = "not PEM" }, "caBundle"},
		{"no secret", func(c *entra.Connection) { c.Auth.Secret = entra.Sensitive{} }, "client-secret"},
		{"a certificate that does not parse", func(c *entra.Connection) {
			c.Auth = entra.Auth{Type: "ClientCertificate", ClientID: operatorID, Certificate: entra.Hide(canary), Key: entra.Hide(canary)}
		}, "tls.crt"},
		{"an unknown way to sign in", func(c *entra.Connection) { c.Auth.Type = "Password" }, "auth"},
		{"a tenant ID that is none", func(c *entra.Connection) { c.TenantID = "a/b" }, "auth"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tenants := graph.NewTenants(graph.Options{
				Clock: clocktesting.NewFakePassiveClock(noon), CustomHosts: []string{"login.example.com", "Graph.example.com:8443"},
			})
			connection := validConnection()
			test.spoil(&connection)
			_, err := tenants.Open(tenantKey, "1", connection)
			var refused entra.Refused
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (!errors.As(err, &refused) || refused.Reason != entra.RefusedInvalid || !strings.Contains(err.Error(), test.want)):
				t.Errorf("%v, want a refusal with %q", err, test.want)
			case err != nil && strings.Contains(err.Error(), canary):
				t.Errorf("the secret is in: %v", err)
			}
		})
	}
}

func TestTenants_ReconnectOnlyForANewVersion(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	first := e.Directory
	again := must(e.tenants.Open(tenantKey, "1", entra.Connection{}))(t)
	assertEqual(t, "the same version is the same connection", true, again == entra.Reader(first))

	app := must(first.CreateApplication(ctx, e.newApplication("orders")))(t)
	if err := first.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	renewed := must(e.tenants.Open(tenantKey, "2", e.connection()))(t)
	assertEqual(t, "a new version is another", false, renewed == entra.Reader(first))
	if _, err := renewed.Application(ctx, app.ObjectID); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("it does not know what the former one did: %v", err)
	}
	must(first.Organization(ctx))(t) // who still uses the former one can finish

	broken := e.connection()
	broken.CABundle = "broken"
	if _, err := e.tenants.Open(tenantKey, "3", broken); err == nil {
		t.Error("a broken connection was opened")
	}
	if _, err := e.tenants.Directory(tenantKey); !errors.Is(err, entra.ErrUnreachable) {
		t.Errorf("the former credentials are still in use: %v", err)
	}
}

func TestSignIn_FailsWithAdvice(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(*entra.Connection)
		want  entra.Refused
	}{
		{"a wrong secret", func(c *entra.Connection) { c.Auth.Secret = entra.Hide("wrong") },
			entra.Refused{Reason: entra.RefusedForbidden, Code: "AADSTS7000215", Message: "not its ID"}},
		{"an unknown client", func(c *entra.Connection) { c.Auth.ClientID = "5f0a1111-2222-4333-8444-000000000000" },
			entra.Refused{Reason: entra.RefusedInvalid, Code: "AADSTS700016", Message: "Check clientID"}},
		{"an unknown tenant", func(c *entra.Connection) { c.TenantID = "5f0a1111-2222-4333-8444-000000000001" },
			entra.Refused{Reason: entra.RefusedInvalid, Code: "AADSTS90002", Message: "Check tenantID"}},
	}
	e := newEnv(t, emulator.Options{})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			connection := e.connection()
			test.spoil(&connection)
			_, err := must(e.tenants.Open(entra.TenantKey{UID: test.name}, "1", connection))(t).Self(t.Context())
			var refused entra.Refused
			if !errors.As(err, &refused) || refused.Reason != test.want.Reason || refused.Code != test.want.Code || !strings.Contains(refused.Message, test.want.Message) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
	e.SetDown(true)
	if _, err := must(e.tenants.Open(entra.TenantKey{UID: "down"}, "1", e.connection()))(t).Self(t.Context()); !errors.Is(err, entra.ErrUnreachable) {
		t.Errorf("while the token service is down: %v", err)
	}
}

func TestRequest_NamesTheHostThatIsUnreachable(t *testing.T) {
	t.Parallel()
	e := newEnv(t, emulator.Options{})
	e.SetDown(true)
	reader := must(e.tenants.Open(entra.TenantKey{UID: "down"}, "1", e.connection()))(t)
	_, discovery := reader.Endpoints(t.Context())
	_, signIn := reader.Self(t.Context())
	for what, err := range map[string]error{"discovery": discovery, "signing in": signIn} {
		if recordingServer := strings.TrimPrefix(e.URL(), "https://"); err == nil || !strings.Contains(err.Error(), recordingServer) {
			t.Errorf("%s does not name %s: %v", what, recordingServer, err)
		}
	}
}

func TestTenants_WrapSeesEveryRequest(t *testing.T) {
	t.Parallel()
	e := newEnv(t, emulator.Options{})
	var seen []string
	tenants := graph.NewTenants(graph.Options{
		Clock: e.clock, CustomHosts: []string{strings.TrimPrefix(e.URL(), "https://")},
		Wrap: func(next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(r *http.Request) (*http.Response, error) {
				seen = append(seen, r.Method+" "+r.URL.Path)
				return next.RoundTrip(r)
			})
		},
	})
	must(must(tenants.Open(tenantKey, "1", e.connection()))(t).Organization(t.Context()))(t)
	assertEqual(t, "requests", []string{
		"GET /" + e.TenantID() + "/v2.0/.well-known/openid-configuration", "POST /" + e.TenantID() + "/oauth2/v2.0/token", "GET /v1.0/organization",
	}, seen)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTenants_IdentitiesShareWhatIsKnown(t *testing.T) {
	t.Parallel()
	e, ctx := newEnv(t, emulator.Options{}), t.Context()
	app, _ := e.create("orders")
	privileged := entra.TenantKey{UID: tenantKey.UID, Privileged: true}
	must(e.tenants.Open(privileged, "1", e.connection()))(t)
	t.Cleanup(func() { e.tenants.Close(privileged) })
	other := must(e.tenants.Directory(privileged))(t)
	must(other.ServicePrincipal(ctx, app.AppID))(t)
	if err := e.DeleteApplication(ctx, app.ObjectID); err != nil {
		t.Fatal(err)
	}
	if _, err := other.ServicePrincipal(ctx, app.AppID); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("%v, want it gone", err)
	}
}

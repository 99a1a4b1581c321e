package webapp_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/test/browserclient"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
	"github.com/entra-registrar/entra-registrar/test/webapp"
)

const (
	ada      = "ada@contoso.onmicrosoft.com"
	password = "canary~of-ada"
)

// testEnvironment is an emulator with a person and a managed identity.
type testEnvironment struct {
	*emulator.Emulator

	t          *testing.T
	http       *http.Client
	identityID string
}

func newTestEnvironment(t *testing.T) testEnvironment {
	t.Helper()
	entra, err := emulator.Start(emulator.Options{Population: directory.Population{
		Users: []directory.SeedPerson{{UserPrincipalName: ada, DisplayName: "Ada", Password: password}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = entra.Close() })
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(entra.CA())
	s := testEnvironment{Emulator: entra, t: t, http: &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true,
	}}}
	_, s.identityID = entra.Directory().SeedManagedIdentity("orders-identity")
	return s
}

// register makes an application with a service principal, a secret, and trust in the managed identity.
func (s testEnvironment) register(more odata.Document) (id, secret string) {
	s.t.Helper()
	body := odata.Document{"displayName": "Orders", "signInAudience": "AzureADMyOrg"}
	maps.Copy(body, more)
	err := s.Directory().Within(directory.Caller{}, func(d *directory.Session) error {
		app, _, err := d.CreateApplication(body, nil)
		if err != nil {
			return err
		}
		id = odata.Text(app.Doc, "appId")
		if _, err := d.CreateServicePrincipal(app, odata.Document{}, nil); err != nil {
			return err
		}
		if _, err := d.AddFederated(app, odata.Document{
			"name": "identity", "issuer": s.issuer(), "subject": s.identityID, "audiences": odata.Strings("api://AzureADTokenExchange"),
		}); err != nil {
			return err
		}
		app, _, err = d.Editable(directory.Application, directory.Key{Value: app.ID})
		if err != nil {
			return err
		}
		shown, err := d.AddPassword(app, odata.Document{"displayName": "x"})
		secret = odata.Text(shown, "secretText")
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return id, secret
}

func (s testEnvironment) issuer() string { return s.URL() + "/" + s.TenantID() + "/v2.0" }

func (s testEnvironment) api() string {
	s.t.Helper()
	id, _ := s.register(odata.Document{"api": odata.Document{"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": []any{odata.Document{
		"id": "11111111-0000-4000-8000-000000000001", "value": "Orders.Read", "type": "User", "isEnabled": true,
		"adminConsentDisplayName": "x", "adminConsentDescription": "x", "userConsentDisplayName": "x", "userConsentDescription": "x",
	}}}})
	return id
}

// serve starts an application, and a browser's client that signs in to it.
func (s testEnvironment) serve(options webapp.Options) (*browserclient.Client, string) {
	s.t.Helper()
	server := httptest.NewUnstartedServer(nil)
	options.URL = strings.Replace("http://"+server.Listener.Addr().String(), "127.0.0.1", "localhost", 1)
	options.Issuer, options.HTTP = s.issuer(), s.http
	handler, err := webapp.New(s.t.Context(), options)
	if err != nil {
		s.t.Fatal(err)
	}
	server.Config.Handler = handler
	server.Start()
	s.t.Cleanup(server.Close)
	browser, err := browserclient.New(s.URL(), s.CA(), ada, password)
	if err != nil {
		s.t.Fatal(err)
	}
	browser.FollowedSites = []string{options.URL}
	return browser, options.URL
}

func site() odata.Document {
	return odata.Document{"web": odata.Document{"redirectUris": odata.Strings("http://localhost/callback")}}
}

func TestWebApp_SignsUserIn(t *testing.T) {
	t.Parallel()
	s := newTestEnvironment(t)
	api := s.api()
	site, secret := s.register(site())
	for name, row := range map[string]struct {
		options webapp.Options
		shows   []string
	}{
		"with a secret": {
			webapp.Options{ClientSecret: secret, Scopes: []string{api + "/Orders.Read"}, Audience: api},
			[]string{`<b id="name">Ada</b>`, ada, `<code id="scp">Orders.Read</code>`},
		},
		"with an assertion": {
			webapp.Options{Scopes: []string{api + "/Orders.Read"}, Audience: api, Assertion: func(context.Context) (string, error) {
				return s.IdentityToken(s.identityID, "api://AzureADTokenExchange")
			}},
			[]string{`<code id="scp">Orders.Read</code>`},
		},
		"for Microsoft Graph": {
			webapp.Options{ClientSecret: secret, Scopes: []string{"https://graph.microsoft.com/User.Read"}, Graph: s.URL()},
			[]string{`<span id="me">` + ada + `</span>`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			row.options.ClientID = site
			browser, address := s.serve(row.options)
			page, err := browser.SignIn(t.Context(), address+"/login")
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range row.shows {
				if !strings.Contains(page.Text, text) {
					t.Errorf("no %s in %s", text, page.Text)
				}
			}
		})
	}
}

func TestWebApp_SignInFailures(t *testing.T) {
	t.Parallel()
	s := newTestEnvironment(t)
	site, _ := s.register(site())
	browser, address := s.serve(webapp.Options{ClientID: site, ClientSecret: "wrong"})
	for path, want := range map[string]string{"/login": "AADSTS7000215", "/callback?state=forged&code=x": "not the sign-in that has begun"} {
		if path != "/login" { // one that has begun
			if _, err := browser.Open(t.Context(), address+"/login"); err != nil {
				t.Fatal(err)
			}
		}
		page, err := browser.SignIn(t.Context(), address+path)
		if err != nil || page.Status != http.StatusForbidden || !strings.Contains(page.Text, want) {
			t.Errorf("%s: %v, %d %s", path, err, page.Status, page.Text)
		}
	}
}

package sts_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
	"github.com/entra-registrar/entra-registrar/test/emulator/sts"
)

const (
	tenantID = "11111111-2222-4333-8444-555555555555"
	domain   = "contoso.onmicrosoft.com"
	host     = "login.test:8443"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// rsaKey is one key for every test: making it takes longer than using it.
var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// tenant is a directory with a token service before it.
type tenant struct {
	*testing.T

	directory *directory.Directory
	clock     *clocktesting.FakePassiveClock
	service   *sts.Service
}

func newTenant(t *testing.T, issuers *http.Client) *tenant {
	t.Helper()
	clock := clocktesting.NewFakePassiveClock(noon)
	d := directory.New(directory.Options{Clock: clock, TenantID: tenantID, DisplayName: "Contoso", VerifiedDomain: domain, Seed: 1})
	service, err := sts.New(sts.Options{Directory: signin.Directory{Directory: d}, Clock: clock, Issuers: issuers, NewID: uuid.NewString})
	if err != nil {
		t.Fatal(err)
	}
	return &tenant{T: t, directory: d, clock: clock, service: service}
}

// app is an application with a service principal.
type app struct{ id, object, principal string }

func (t *tenant) within(request func(*directory.Session) error) {
	t.Helper()
	if err := t.directory.Within(directory.Caller{}, request); err != nil {
		t.Fatal(err)
	}
}

func (t *tenant) app(name string, body odata.Document) app {
	t.Helper()
	made := t.bareApp(name, body)
	t.within(func(s *directory.Session) error {
		o, _ := s.BackingApplication(made.id)
		sp, err := s.CreateServicePrincipal(o, odata.Document{}, nil)
		made.principal = sp.ID
		return err
	})
	return made
}

// bareApp has no service principal.
func (t *tenant) bareApp(name string, body odata.Document) (made app) {
	t.Helper()
	document := odata.Document{"displayName": name, "signInAudience": "AzureADMyOrg"}
	maps.Copy(document, body)
	t.within(func(s *directory.Session) error {
		o, _, err := s.CreateApplication(document, nil)
		if err != nil {
			return err
		}
		made.id, made.object = odata.Text(o.Doc, "appId"), o.ID
		return nil
	})
	return made
}

// edit changes the application's object.
func (t *tenant) edit(of app, change func(s *directory.Session, primary, replica *directory.Object) error) {
	t.Helper()
	t.within(func(s *directory.Session) error {
		primary, replica, err := s.Editable(directory.Application, directory.Key{Value: of.object})
		if err != nil {
			return err
		}
		return change(s, primary, replica)
	})
}

func (t *tenant) secret(of app) (text string) {
	t.Helper()
	t.edit(of, func(s *directory.Session, primary, _ *directory.Object) error {
		shown, err := s.AddPassword(primary, odata.Document{"displayName": "test"})
		text = odata.Text(shown, "secretText")
		return err
	})
	return text
}

// certify registers a new certificate of rsaKey that is valid for a day.
func (t *tenant) certify(of app) (der []byte) {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: noon.Add(-time.Hour), NotAfter: noon.AddDate(0, 0, 1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, rsaKey().Public(), rsaKey())
	if err != nil {
		t.Fatal(err)
	}
	t.edit(of, func(s *directory.Session, primary, replica *directory.Object) error {
		return s.PatchApplication(primary, replica, odata.Document{"keyCredentials": []any{odata.Document{
			"type": "AsymmetricX509Cert", "usage": "Verify", "key": base64.StdEncoding.EncodeToString(der),
		}}})
	})
	return der
}

func (t *tenant) federate(of app, name, issuer, subject string) {
	t.Helper()
	t.edit(of, func(s *directory.Session, primary, _ *directory.Object) error {
		_, err := s.AddFederated(primary, odata.Document{
			"name": name, "issuer": issuer, "subject": subject, "audiences": []any{"api://AzureADTokenExchange"},
		})
		return err
	})
}

func (t *tenant) assign(client, resource app, role string) {
	t.Helper()
	t.within(func(s *directory.Session) error {
		_, err := s.Assign(odata.Document{"principalId": client.principal, "resourceId": resource.principal, "appRoleId": role})
		return err
	})
}

// post asks the tenant's token endpoint.
func (t *tenant) post(path string, form url.Values, header http.Header) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+host+path, strings.NewReader(form.Encode()))
	for name := range header {
		r.Header.Set(name, header.Get(name))
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return t.serve(r)
}

func (t *tenant) get(path string) (int, map[string]any) {
	t.Helper()
	return t.serve(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+host+path, nil))
}

func (t *tenant) serve(r *http.Request) (int, map[string]any) {
	t.Helper()
	answer := httptest.NewRecorder()
	t.service.ServeHTTP(answer, r)
	var body map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
		t.Fatalf("%d %s: %v", answer.Code, answer.Body, err)
	}
	return answer.Code, body
}

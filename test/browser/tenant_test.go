package browser

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	tenantID   = "c0a1e5ce-0000-4000-8000-e01a702e0001"
	clientID   = "c0a1e5ce-0000-4000-8000-e01a702e0002"
	secret     = "canary~of-the-first-caller"
	ada        = "ada@contoso.onmicrosoft.com"
	password   = "canary~of-ada"
	scopeID    = "c0a1e5ce-0000-4000-8000-e01a702e0003"
	population = `{"users": [{"userPrincipalName": "` + ada + `", "displayName": "Ada", "password": "` + password + `"}]}`
)

// object is a JSON object.
type object = map[string]any

// tenant is an emulated tenant with a person in it.
type tenant struct {
	url  string
	t    *testing.T
	http *http.Client
	ca   string // file
	pin  string // what a browser trusts the server by
	key  string // access token for Graph
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	folder := t.TempDir()
	people := filepath.Join(folder, "population.json")
	if err := os.WriteFile(people, []byte(population), 0o600); err != nil {
		t.Fatal(err)
	}
	made := &tenant{t: t, ca: filepath.Join(folder, "ca.pem")}
	made.url = start(t, program("emulator"), nil, "--listen", "127.0.0.1:0", "--ca-out", made.ca, "--tenant-id", tenantID,
		"--client-id", clientID, "--client-secret", secret, "--client-roles", "Application.ReadWrite.All", "--population", people)
	made.trust()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {secret}, "scope": {made.url + "/.default"}}
	token := made.ask(http.MethodPost, "/"+tenantID+"/oauth2/v2.0/token", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	made.key, _ = token["access_token"].(string)
	return made
}

// api makes an API with a scope, and gives its client ID.
func (e *tenant) api() string {
	e.t.Helper()
	id, _ := e.register(object{"displayName": "Orders API", "api": object{"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": []object{{
		"id": scopeID, "value": "Orders.Read", "type": "User", "isEnabled": true, "adminConsentDisplayName": "Read orders",
		"adminConsentDescription": "Read orders", "userConsentDisplayName": "Read orders", "userConsentDescription": "Read orders",
	}}}})
	return id
}

// trust makes the client that trusts the tenant's CA, and the pin of the server's key.
func (e *tenant) trust() {
	e.t.Helper()
	text, err := os.ReadFile(e.ca)
	if err != nil {
		e.t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	config := &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	e.http = &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
	connection, err := (&tls.Dialer{Config: config}).DialContext(e.t.Context(), "tcp", strings.TrimPrefix(e.url, "https://"))
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	leaf := connection.(*tls.Conn).ConnectionState().PeerCertificates[0]
	sum := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	e.pin = base64.StdEncoding.EncodeToString(sum[:])
}

// post makes something at Graph.
func (e *tenant) post(path string, body object) object {
	e.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		e.t.Fatal(err)
	}
	return e.ask(http.MethodPost, "/v1.0"+path, "application/json", bytes.NewReader(raw))
}

func (e *tenant) ask(method, path, contentType string, body io.Reader) object {
	e.t.Helper()
	request, err := http.NewRequestWithContext(e.t.Context(), method, e.url+path, body)
	if err != nil {
		e.t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	if e.key != "" {
		request.Header.Set("Authorization", "Bearer "+e.key)
	}
	response, err := e.http.Do(request)
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer object
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode >= http.StatusBadRequest {
		e.t.Fatalf("%s %s: %s %v %v", method, path, response.Status, answer, err)
	}
	return answer
}

// register makes an application with its service principal and a secret.
func (e *tenant) register(body object) (id, secret string) {
	e.t.Helper()
	body["signInAudience"] = "AzureADMyOrg"
	app := e.post("/applications", body)
	id, _ = app["appId"].(string)
	e.post("/servicePrincipals", object{"appId": id})
	objectID, _ := app["id"].(string)
	made := e.post("/applications/"+objectID+"/addPassword", object{"passwordCredential": object{"displayName": "x"}})
	secret, _ = made["secretText"].(string)
	return id, secret
}

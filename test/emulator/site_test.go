package emulator_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/test/emulator"
)

const (
	clientID = "5f0a1111-2222-4333-8444-555555555555"
	secret   = "canary~secret-of-the-operator"
)

var roles = []string{"Application.ReadWrite.OwnedBy", "Application.Read.All", "AppRoleAssignment.ReadWrite.All"}

// testEmulator is a running emulator with a client that trusts it.
type testEmulator struct {
	*emulator.Emulator

	t    *testing.T
	http *http.Client
}

func startEmulator(t *testing.T, options emulator.Options) *testEmulator {
	t.Helper()
	if options.Client.ID == "" {
		options.Client = emulator.Client{ID: clientID, Secret: secret, Roles: roles}
	}
	entra, err := emulator.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(entra.CA()) {
		t.Fatal("no CA")
	}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) { // every name leads here
			return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(entra.URL(), "https://"))
		},
	}
	t.Cleanup(func() {
		if err := entra.Close(); err != nil {
			t.Error(err)
		}
	})
	return &testEmulator{Emulator: entra, t: t, http: &http.Client{Transport: transport}}
}

// document is a JSON object.
type document = map[string]any

// call sends a request and returns the status and the decoded answer; 0 for a dropped connection.
func (s *testEmulator) call(method, address, token, contentType string, body io.Reader) (int, document) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, address, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return s.do(request)
}

// do sends a request; no answer is status 0.
func (s *testEmulator) do(request *http.Request) (int, document) {
	s.t.Helper()
	response, err := s.http.Do(request)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = response.Body.Close() }()
	var answer document
	if raw, err := io.ReadAll(response.Body); err != nil || len(raw) > 0 && json.Unmarshal(raw, &answer) != nil {
		s.t.Fatalf("%s %s: %s %q, %v", request.Method, request.URL, response.Status, raw, err)
	}
	return response.StatusCode, answer
}

// token is an access token of a client with a secret.
func (s *testEmulator) token(id, secret, scope string) string {
	s.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}, "scope": {scope}}
	status, answer := s.call("POST", s.URL()+"/"+s.TenantID()+"/oauth2/v2.0/token", "", "application/x-www-form-urlencoded",
		strings.NewReader(form.Encode()))
	raw, ok := answer["access_token"].(string)
	if !ok {
		s.t.Fatalf("no token: %d %v", status, answer)
	}
	return raw
}

// graph calls Graph as the first caller and wants a status.
func (s *testEmulator) graph(want int, method, path string, body any) document {
	s.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	status, answer := s.call(method, s.URL()+"/v1.0"+path, s.token(clientID, secret, s.URL()+"/.default"), "application/json", bytes.NewReader(raw))
	if status != want {
		s.t.Fatalf("%s %s: want %d, got %d %v", method, path, want, status, answer)
	}
	return answer
}

// register makes an application with a service principal and returns it with the principal's ID.
func (s *testEmulator) register(body document) (app document, principal string) {
	s.t.Helper()
	app = s.graph(http.StatusCreated, "POST", "/applications", body)
	sp := s.graph(http.StatusCreated, "POST", "/servicePrincipals", document{"appId": app["appId"]})
	return app, sp["id"].(string)
}

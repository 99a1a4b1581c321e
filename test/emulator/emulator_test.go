package emulator_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
	"github.com/entra-registrar/entra-registrar/test/emulator/record"
)

func TestEmulator_OnePortServesGraphAndTokenService(t *testing.T) {
	t.Parallel()
	s := startEmulator(t, emulator.Options{Names: []string{"graph.contoso.test", "login.contoso.test"}})
	for address, want := range map[string]string{
		s.URL() + "/v1.0/applications":                                                          "Graph",
		s.URL() + "/beta/applications":                                                          "Graph",
		"https://graph.contoso.test/v1.0/applications":                                          "Graph",
		"https://graph.contoso.test/applications":                                               "Graph",
		"https://login.contoso.test/" + s.TenantID() + "/v2.0/.well-known/openid-configuration": "tokens",
		s.URL() + "/" + s.TenantID() + "/v2.0/.well-known/openid-configuration":                 "tokens",
	} {
		_, answer := s.call("GET", address, "", "", nil)
		got := "neither"
		if failure, ok := answer["error"].(document); ok && failure["innerError"] != nil {
			got = "Graph"
		}
		if answer["token_endpoint"] != nil {
			got = "tokens"
		}
		if got != want {
			t.Errorf("%s is answered by %s, want %s: %v", address, got, want, answer)
		}
	}
}

func TestEmulator_OutageDropsEveryConnectionAndEnds(t *testing.T) {
	t.Parallel()
	s := startEmulator(t, emulator.Options{})
	discovery := s.URL() + "/" + s.TenantID() + "/v2.0/.well-known/openid-configuration"
	s.SetDown(true)
	for _, address := range []string{discovery, s.URL() + "/v1.0/applications"} {
		if status, _ := s.call("GET", address, "", "", nil); status != 0 {
			t.Errorf("%s answers %d", address, status)
		}
	}
	s.SetDown(false)
	if status, _ := s.call("GET", discovery, "", "", nil); status != http.StatusOK {
		t.Errorf("afterwards %d", status)
	}
}

func TestEmulator_ServesGivenCertificate(t *testing.T) {
	t.Parallel()
	own := httptest.NewTLSServer(http.NotFoundHandler())
	defer own.Close()
	s := startEmulator(t, emulator.Options{Certificate: &own.TLS.Certificates[0]})
	if status, _ := s.call("GET", s.URL()+"/"+s.TenantID()+"/v2.0/.well-known/openid-configuration", "", "", nil); status != http.StatusOK {
		t.Errorf("got %d", status)
	}
}

func TestEmulator_FaultOfPickedRequest(t *testing.T) {
	t.Parallel()
	s := startEmulator(t, emulator.Options{})
	s.SetFaultFunc(func(r *http.Request, n int) faults.Fault {
		if n == 1 && r.Method == http.MethodPost {
			return faults.ServerError(http.StatusInternalServerError).AfterCommit()
		}
		return faults.Fault{}
	})
	body := document{"displayName": "once", "signInAudience": "AzureADMyOrg", "uniqueName": "once"}
	s.graph(http.StatusInternalServerError, "POST", "/applications", body)
	s.graph(http.StatusBadRequest, "POST", "/applications", body) // the first one took effect
	s.graph(http.StatusOK, "GET", "/applications(uniqueName='once')", nil)
}

func TestEmulator_QuotaCountsCaller(t *testing.T) {
	t.Parallel()
	clock := clocktesting.NewFakePassiveClock(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
	s := startEmulator(t, emulator.Options{Clock: clock, Quota: faults.Quota{Units: faults.Limit{Count: 3, Per: 3 * time.Second}}})
	for range 3 {
		s.graph(http.StatusOK, "GET", "/applications?$select=id", nil)
	}
	s.graph(http.StatusTooManyRequests, "GET", "/applications?$select=id", nil)
	clock.SetTime(clock.Now().Add(3 * time.Second))
	s.graph(http.StatusOK, "GET", "/applications?$select=id", nil)
	s.SetQuota(faults.Quota{})
	for range 9 {
		s.graph(http.StatusOK, "GET", "/applications?$select=id", nil)
	}
}

// lines is a writer that the server's goroutines share.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestEmulator_RecordsEveryExchangeAndNoSecret(t *testing.T) {
	t.Parallel()
	var written lines
	s := startEmulator(t, emulator.Options{Record: &written})
	app, _ := s.register(document{"displayName": "orders", "signInAudience": "AzureADMyOrg"})
	id := app["id"].(string)
	password := s.graph(http.StatusOK, "POST", "/applications/"+id+"/addPassword", document{"passwordCredential": document{}})
	token := s.token(app["appId"].(string), password["secretText"].(string), s.URL()+"/.default")
	batch := document{"requests": []any{document{
		"id": "1", "method": "POST", "url": "/applications/" + id + "/addPassword", "headers": document{"Content-Type": "application/json"},
		"body": document{"passwordCredential": document{}},
	}}}
	answers := s.graph(http.StatusOK, "POST", "/$batch", batch)
	inBatch := answers["responses"].([]any)[0].(document)["body"].(document)["secretText"].(string)

	shown, err := json.Marshal(s.Exchanges())
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"the operator's secret": secret, "a new password": password["secretText"].(string), "a password made in a batch": inBatch,
		"a token": token,
	} {
		if strings.Contains(string(shown), value) || strings.Contains(written.String(), value) {
			t.Errorf("%s is in the record", name)
		}
	}
	if got, want := strings.Count(written.String(), "\n"), len(s.Exchanges()); got != want {
		t.Errorf("%d lines for %d exchanges", got, want)
	}

	s.ResetExchanges()
	s.graph(http.StatusOK, "GET", "/applications/"+id+"?$select=id", nil)
	var graph []record.Exchange
	for _, exchange := range s.Exchanges() {
		if strings.HasPrefix(exchange.Path, "/v1.0/") {
			exchange.Request, exchange.Response = nil, nil
			graph = append(graph, exchange)
		}
	}
	want := []record.Exchange{{Method: "GET", Path: "/v1.0/applications/" + id, Query: "$select=id", Status: 200}}
	if diff := cmp.Diff(want, graph); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEmulator_SameSeedMakesSameTenant(t *testing.T) {
	t.Parallel()
	body := document{"displayName": "orders", "signInAudience": "AzureADMyOrg"}
	var ids []any
	for _, seed := range []int64{3, 3, 4} {
		s := startEmulator(t, emulator.Options{Seed: seed})
		ids = append(ids, s.graph(http.StatusCreated, "POST", "/applications", body)["appId"])
	}
	if ids[0] != ids[1] || ids[0] == ids[2] {
		t.Errorf("seeds 3, 3, 4 made %v", ids)
	}
}

package graph_test

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph"
)

// unsignedToken is a token with the operator's claims, unsigned.
const unsignedToken = "eyJhbGciOiJub25lIn0.eyJvaWQiOiJvdXItb2JqZWN0IiwiYXpwIjoib3VyLWFwcCIsInRpZCI6InQiLCJyb2xlcyI6WyJBIl19.canarysignature"

// recordingServer is an HTTPS server that answers as told and remembers who came with a credential.
type recordingServer struct {
	*httptest.Server

	mu     sync.Mutex
	called int
	leaked []string
}

func newRecordingServer(t *testing.T, answer http.HandlerFunc) *recordingServer {
	t.Helper()
	h := &recordingServer{}
	h.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		h.mu.Lock()
		h.called++
		if seen := r.Header.Get("Authorization") + string(body); strings.Contains(seen, "canary") {
			h.leaked = append(h.leaked, seen)
		}
		h.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(h.Close)
	return h
}

// tokenService answers what the token service is asked, and leaves the rest to next. Its token endpoint is at base, its own if empty.
func tokenService(base string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		at := base
		if at == "" {
			at = "https://" + r.Host
		}
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/openid-configuration"):
			_, _ = fmt.Fprintf(w, `{"issuer":"https://%[1]s/t/v2.0","authorization_endpoint":"%[2]s/t/authorize","token_endpoint":"%[2]s/t/oauth2/v2.0/token"}`, r.Host, at)
		case strings.HasSuffix(r.URL.Path, "/token"):
			_, _ = fmt.Fprintf(w, `{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":%q}`, unsignedToken)
		default:
			next(w, r)
		}
	}
}

// connect opens a connection to a host that is both authority and Graph.
func connect(t *testing.T, h *recordingServer) entra.Directory {
	t.Helper()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.Certificate().Raw})
	tenants := graph.NewTenants(graph.Options{
		Clock: clocktesting.NewFakePassiveClock(noon), CustomHosts: []string{strings.TrimPrefix(h.URL, "https://")},
	})
	if _, err := tenants.Open(tenantKey, "1", entra.Connection{
		TenantID: "t", Authority: h.URL, Graph: h.URL, CABundle: string(ca), Custom: true,
		Auth: entra.Auth{Type: "ClientSecret", ClientID: operatorID, Secret: entra.Hide(canary)},
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tenants.Close(tenantKey) })
	return must(tenants.Directory(tenantKey))(t)
}

func TestRequest_GoesToNoOtherHost(t *testing.T) {
	t.Parallel()
	otherHost := newRecordingServer(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"value":[]}`) })
	const objectID = "00000000-0000-4000-8000-000000000001"
	tests := []struct {
		name            string
		recordingServer http.HandlerFunc
		call            func(entra.Directory) error
	}{
		{
			"a redirect is not followed",
			tokenService("", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, otherHost.URL+r.URL.Path, http.StatusTemporaryRedirect)
			}),
			func(d entra.Directory) error { _, err := d.Application(t.Context(), objectID); return err },
		},
		{
			"a link to the next page must be at Graph's own host",
			tokenService("", func(w http.ResponseWriter, _ *http.Request) {
				_, _ = fmt.Fprintf(w, `{"@odata.nextLink":"%s/v1.0/applications/x/owners?$skiptoken=1","value":[{"id":"a"}]}`, otherHost.URL)
			}),
			func(d entra.Directory) error { _, err := d.ApplicationOwners(t.Context(), objectID); return err },
		},
		{
			"a token endpoint elsewhere gets no secret",
			tokenService(otherHost.URL, http.NotFound),
			func(d entra.Directory) error { _, err := d.Self(t.Context()); return err },
		},
		{
			"endpoints elsewhere are told to nobody",
			tokenService(otherHost.URL, http.NotFound),
			func(d entra.Directory) error { _, err := d.Endpoints(t.Context()); return err },
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := newRecordingServer(t, test.recordingServer)
			err := test.call(connect(t, h))
			if !errors.Is(err, entra.ErrUnreachable) || strings.Contains(err.Error(), "canary") {
				t.Errorf("%v", err)
			}
		})
	}
	t.Cleanup(func() {
		assertEqual(t, "calls and leaks at the other host", []any{0, 0}, []any{otherHost.called, len(otherHost.leaked)})
	})
}

func TestList_FollowsPagesAtItsHostAndNotInACircle(t *testing.T) {
	t.Parallel()
	h := newRecordingServer(t, tokenService("", func(w http.ResponseWriter, r *http.Request) {
		next := ""
		if r.URL.Query().Get("$skiptoken") == "" {
			next = fmt.Sprintf(`"@odata.nextLink":"https://%s%s?$skiptoken=two",`, r.Host, r.URL.Path)
		}
		if strings.Contains(r.URL.Path, "00000000-0000-4000-8000-00000000000c") {
			next = fmt.Sprintf(`"@odata.nextLink":"https://%s%s?$skiptoken=again",`, r.Host, r.URL.Path)
		}
		_, _ = fmt.Fprintf(w, `{%s"value":[{"id":"page-%s"}]}`, next, r.URL.Query().Get("$skiptoken"))
	}))
	d := connect(t, h)
	assertEqual(t, "owners", []string{"page-", "page-two"}, must(d.ApplicationOwners(t.Context(), "00000000-0000-4000-8000-000000000001"))(t))
	if _, err := d.ApplicationOwners(t.Context(), "00000000-0000-4000-8000-00000000000c"); err == nil {
		t.Error("a circle has no end")
	}
}

func TestErrors_CarryNoSecretAndNoToken(t *testing.T) {
	t.Parallel()
	echo := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		message := strings.ReplaceAll(string(body)+canary+r.Header.Get("Authorization"), `"`, "'") + "\nforged: line"
		if strings.HasSuffix(r.URL.Path, "/openid-configuration") {
			tokenService("", nil)(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"error":"invalid_client","error_description":%q,"error_codes":[7000215]}`, message)
	}
	_, err := connect(t, newRecordingServer(t, echo)).Self(t.Context())
	var refused entra.Refused
	if !errors.As(err, &refused) || refused.Code != "AADSTS7000215" || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "\n") {
		t.Errorf("from the token service: %v", err)
	}

	h := newRecordingServer(t, tokenService("", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"error":{"code":"Request_BadRequest","message":"you sent %s"}}`, r.Header.Get("Authorization"))
	}))
	_, err = connect(t, h).Organization(t.Context())
	if !errors.As(err, &refused) || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "eyJ") {
		t.Errorf("from Graph: %v", err)
	}
}

func TestToken_IsRedactedWhereGraphRepeatsIt(t *testing.T) {
	t.Parallel()
	h := newRecordingServer(t, tokenService("", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"value":[{"id":"t","displayName":"you sent %s"}]}`, r.Header.Get("Authorization"))
	}))
	assertEqual(t, "the name", "you sent Bearer ***", must(connect(t, h).Organization(t.Context()))(t).DisplayName)
}

func TestSelf_ReadsIDsInSmallLetters(t *testing.T) {
	t.Parallel()
	claims := base64.RawURLEncoding.EncodeToString([]byte(`{"oid":"ABCDEF01","azp":"ABCDEF02","tid":"ABCDEF03","roles":["Application.Read.All"]}`))
	d := connect(t, newRecordingServer(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/token") {
			tokenService("", http.NotFound)(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"eyJhbGciOiJub25lIn0.%s."}`, claims)
	}))
	assertEqual(t, "the identity", entra.Identity{
		ObjectID: "abcdef01", AppID: "abcdef02", TenantID: "abcdef03", Roles: []string{"Application.Read.All"},
	}, must(d.Self(t.Context()))(t))
}

func TestRequest_NamesCannotChangeThePath(t *testing.T) {
	t.Parallel()
	var seen string
	h := newRecordingServer(t, tokenService("", func(w http.ResponseWriter, r *http.Request) {
		seen = r.RequestURI
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"error":{"code":"Request_ResourceNotFound","message":"no"}}`)
	}))
	d := connect(t, h)
	_, _ = d.ApplicationByName(t.Context(), "a')/owners?$filter=x&b='#%2F../")
	path, _, _ := strings.Cut(seen, "?")
	assertEqual(t, "the path", "/v1.0/applications(uniqueName='a%27%27%29%2Fowners%3F%24filter%3Dx%26b%3D%27%27%23%252F..%2F')", path)

	called := h.called
	for _, id := range []string{"", "..", "a/b", "a?b", "a b", "x'y", strings.Repeat("a", 200)} {
		var refused entra.Refused
		if err := d.DeleteApplication(t.Context(), id); !errors.As(err, &refused) {
			t.Errorf("ID %q: %v", id, err)
		}
	}
	assertEqual(t, "requests for these IDs", called, h.called)
}

func TestRequest_EndsWithItsCallersContext(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	h := newRecordingServer(t, tokenService("", func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := connect(t, h).Organization(ctx); !errors.Is(err, entra.ErrUnreachable) {
		t.Errorf("%v", err)
	}
}

package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/entra-registrar/entra-registrar/test/emulator"
)

// spy stands on the wire between the manager and the world: it knows where everything goes, what is secret in it, and can change
// what comes back.
type spy struct {
	mutex sync.Mutex
	hosts map[string]int
	// tokens and assertions that passed.
	tokens map[string]bool
	// forge changes the answer to a request; nil for none.
	forge func(*http.Request, *http.Response)
}

// listening puts a spy on a stage's wire.
func listening(sp *spy) prop {
	return func(s *stage, _ *emulator.Options) {
		inner := s.settings.Transport
		s.settings.Transport = func(next http.RoundTripper) http.RoundTripper { return spied{sp, inner(next)} }
	}
}

type spied struct {
	spy  *spy
	next http.RoundTripper
}

// RoundTrip notes, and lets through.
func (s spied) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil && strings.Contains(r.URL.Path, "/oauth2/") {
		body, _ := io.ReadAll(r.Body)
		r = r.Clone(r.Context())
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		r.Body, _ = r.GetBody()
		if form, err := url.ParseQuery(string(body)); err == nil {
			s.spy.heard(form.Get("client_assertion"))
		}
	}
	s.spy.heard(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	s.spy.note(r)
	answer, err := s.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil {
		return nil, err
	}
	var issued struct {
		Token string `json:"access_token"`
	}
	if strings.Contains(r.URL.Path, "/oauth2/") && json.Unmarshal(content, &issued) == nil {
		s.spy.heard(issued.Token)
	}
	replaced(answer, content)
	s.spy.change(r, answer)
	return answer, nil
}

func replaced(answer *http.Response, content []byte) {
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(content)), int64(len(content))
	answer.Header.Del("Content-Length")
}

func (s *spy) note(r *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.hosts == nil {
		s.hosts = map[string]int{}
	}
	s.hosts[r.URL.Host]++
}

func (s *spy) heard(secret string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.tokens == nil {
		s.tokens = map[string]bool{}
	}
	if secret != "" {
		s.tokens[secret] = true
	}
}

func (s *spy) change(r *http.Request, answer *http.Response) {
	s.mutex.Lock()
	forge := s.forge
	s.mutex.Unlock()
	if forge != nil {
		forge(r, answer)
	}
}

// forges what comes back from now on.
func (s *spy) forges(forge func(*http.Request, *http.Response)) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.forge = forge
}

// been is where requests went.
func (s *spy) been() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Sorted(maps.Keys(s.hosts))
}

// secrets that passed.
func (s *spy) secrets() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Sorted(maps.Keys(s.tokens))
}

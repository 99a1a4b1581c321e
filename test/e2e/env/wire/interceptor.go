package wire

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
)

// Alter changes the answer to a request.
type Alter func(*http.Request, *http.Response)

// Interceptor knows which hosts the manager sends requests to, and what is secret in them, and can change what is answered.
type Interceptor struct {
	mutex   sync.Mutex
	hosts   map[string]bool
	secrets map[string]bool // tokens and assertions that were sent or received
	alter   Alter
}

type intercepted struct {
	*Interceptor
	next http.RoundTripper
}

// RoundTripper stands before another one.
func (i *Interceptor) RoundTripper(next http.RoundTripper) http.RoundTripper {
	return intercepted{i, next}
}

// RoundTrip notes, and lets through.
func (i intercepted) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil && strings.Contains(r.URL.Path, "/oauth2/") {
		body, _ := io.ReadAll(r.Body)
		r = r.Clone(r.Context())
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		r.Body, _ = r.GetBody()
		if form, err := url.ParseQuery(string(body)); err == nil {
			i.AddSecret(form.Get("client_assertion"))
		}
	}
	i.AddSecret(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	i.addHost(r.URL.Host)
	answer, err := i.next.RoundTrip(r)
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
		i.AddSecret(issued.Token)
	}
	ReplaceBody(answer, content)
	if alter := i.altering(); alter != nil {
		alter(r, answer)
	}
	return answer, nil
}

// ReplaceBody of an answer.
func ReplaceBody(answer *http.Response, content []byte) {
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(content)), int64(len(content))
	answer.Header.Del("Content-Length")
}

func (i *Interceptor) addHost(host string) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if i.hosts == nil {
		i.hosts = map[string]bool{}
	}
	i.hosts[host] = true
}

// AddSecret is for one that passes elsewhere.
func (i *Interceptor) AddSecret(secret string) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if i.secrets == nil {
		i.secrets = map[string]bool{}
	}
	if secret != "" {
		i.secrets[secret] = true
	}
}

func (i *Interceptor) altering() Alter {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	return i.alter
}

// Alter changes answers from now on; it leaves them as they are where alter is nil.
func (i *Interceptor) Alter(alter Alter) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.alter = alter
}

// Hosts to which requests were sent.
func (i *Interceptor) Hosts() []string {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	return slices.Sorted(maps.Keys(i.hosts))
}

// Secrets that passed.
func (i *Interceptor) Secrets() []string {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	return slices.Sorted(maps.Keys(i.secrets))
}

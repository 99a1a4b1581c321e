package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// caller signs in with a client secret and calls Graph with what it gets.
type caller struct {
	tenant *tenant
	name   string
	id     string // appId
	secret string
	object string // the application's object ID; "" for the first caller

	mu      sync.Mutex
	token   string
	expires time.Time
}

func (s *tenant) caller(name, id, secret string) *caller {
	return &caller{tenant: s, name: name, id: id, secret: secret}
}

// request is one call, relative to /v1.0 unless the path is an absolute URL.
type request struct {
	method, path string
	body         any // nil: none; []byte: as it is; else JSON
	header       http.Header
	anonymous    bool
}

// streamed is a body of unknown length: it is sent in chunks.
type streamed string

// option changes a request before it is sent.
type option func(*request)

func with(name, value string) option {
	return func(r *request) { r.header.Set(name, value) }
}

func anonymous(r *request) { r.anonymous = true }

// createIfMissing turns a PATCH by alternate key into an upsert.
func createIfMissing(r *request) { r.header.Set("Prefer", "create-if-missing") }

// eventual asks for the advanced query engine.
func eventual(r *request) { r.header.Set("ConsistencyLevel", "eventual") }

func newRequest(method, path string, body any, options []option) request {
	made := request{method: method, path: path, body: body, header: http.Header{}}
	for _, apply := range options {
		apply(&made)
	}
	return made
}

// send performs one request once.
func (c *caller) send(ctx context.Context, r request) (reply, error) {
	token := ""
	if !r.anonymous && r.header.Get("Authorization") == "" {
		var err error
		if token, err = c.bearer(ctx); err != nil {
			return reply{}, fmt.Errorf("sign in as %s: %w", c.name, err)
		}
	}
	target := r.path
	if !strings.HasPrefix(target, "https://") {
		target = c.tenant.graph + "/v1.0" + target
	}
	payload, err := encode(r.body)
	if err != nil {
		return reply{}, err
	}
	made, err := http.NewRequestWithContext(ctx, r.method, target, payload)
	if err != nil {
		return reply{}, fmt.Errorf("make a request: %w", err)
	}
	if r.body != nil {
		made.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		made.Header.Set("Authorization", "Bearer "+token)
	}
	maps.Copy(made.Header, r.header)
	return c.tenant.exchange(made, r.path)
}

// exchange sends an HTTP request and reads the whole answer.
func (s *tenant) exchange(made *http.Request, path string) (reply, error) {
	answered, err := s.http.Do(made)
	if err != nil {
		return reply{}, fmt.Errorf("call %s %s: %w", made.Method, path, err)
	}
	defer func() { _ = answered.Body.Close() }()
	raw, err := io.ReadAll(answered.Body)
	if err != nil {
		return reply{}, fmt.Errorf("read the answer to %s %s: %w", made.Method, path, err)
	}
	got := reply{method: made.Method, path: path, status: answered.StatusCode, header: answered.Header, raw: raw}
	got.decode()
	return got, nil
}

func encode(body any) (io.Reader, error) {
	switch body := body.(type) {
	case nil:
		return http.NoBody, nil
	case []byte:
		return bytes.NewReader(body), nil
	case streamed:
		return io.MultiReader(strings.NewReader(string(body))), nil
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode a body: %w", err)
	}
	return bytes.NewReader(encoded), nil
}

// sendWithRetry repeats a request while its answer is one that passes by itself and does not satisfy enough.
func (c *caller) sendWithRetry(ctx context.Context, r request, enough func(reply) bool) (reply, error) {
	var got reply
	var err error
	c.tenant.retry.until(ctx, func() bool {
		got, err = c.send(ctx, r)
		if err != nil || enough(got) || !got.isTransient() {
			return true
		}
		c.tenant.retry.pause(ctx, got.retryAfter())
		return false
	})
	return got, err
}

// call sends a request and fails the test only where no answer comes. What it creates is removed when the test ends.
func (c *caller) call(t testing.TB, method, path string, body any, options ...option) reply {
	t.Helper()
	return c.answered(t, newRequest(method, path, body, options), func(reply) bool { return true })
}

func (c *caller) answered(t testing.TB, r request, enough func(reply) bool) reply {
	t.Helper()
	got, err := c.sendWithRetry(t.Context(), r, enough)
	if err != nil {
		t.Fatal(err)
	}
	c.tenant.cleanUp(t, got)
	return got
}

// query appends query options, given as name and value in turn, without the leading $.
func query(path string, pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set("$"+pairs[i], pairs[i+1])
	}
	encoded := strings.ReplaceAll(values.Encode(), "+", "%20")
	return path + "?" + strings.ReplaceAll(encoded, "%24", "$")
}

// by addresses an entity by an alternate key.
func by(collection, key, value string) string {
	return collection + "(" + key + "='" + url.PathEscape(strings.ReplaceAll(value, "'", "''")) + "')"
}

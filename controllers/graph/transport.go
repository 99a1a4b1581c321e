package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const (
	// timeout of one request, with its answer.
	timeout = 30 * time.Second
	// largest answer that is read.
	largest = 16 << 20
)

// transport is the way of every request of one tenant: it goes nowhere but to the tenant's Graph, within the budget, signed. It
// returns what is no success as an error, *failure or Throttled, which http.Client passes on unharmed; and it repeats nothing but
// a request whose token was refused.
type transport struct {
	home      home
	next      http.RoundTripper
	clock     clock.PassiveClock
	signer    *signer
	budget    *budget
	meters    *meters
	userAgent string
}

// RoundTrip carries one request.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := t.home.mustHold(request.URL); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(request.Context(), timeout)
	defer cancel()
	body, err := drain(request)
	if err != nil {
		return nil, err
	}
	request = request.Clone(ctx)
	request.Header.Set("client-request-id", uuid.NewString())
	request.Header.Set("return-client-request-id", "true")
	request.Header.Set("User-Agent", t.userAgent)

	answer, refused, err := t.send(request, body)
	if refused != nil && refused.status == http.StatusUnauthorized && t.signer.renew(request.Header.Get("Authorization")) {
		answer, refused, err = t.send(request, body)
	}
	if refused != nil {
		return nil, refused
	}
	return answer, err
}

// send pays, signs and sends a request, and reads the answer.
func (t *transport) send(request *http.Request, body []byte) (*http.Response, *failure, error) {
	expected := priceOf(request.Method, request.URL)
	if err := t.budget.take(expected); err != nil {
		t.meters.throttledBy("operator")
		return nil, nil, err
	}
	authorization, err := t.signer.sign(request.Context())
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Authorization", authorization)
	request.Body, request.ContentLength = http.NoBody, int64(len(body))
	if len(body) > 0 {
		request.Body = io.NopCloser(bytes.NewReader(body))
	}
	answer, content, err := read(t.next.RoundTrip(request))
	content = conceal(answer, content, authorization)
	if err != nil {
		t.meters.answered(request, 0, expected.units)
		return nil, nil, fmt.Errorf("%w: %w", entra.ErrUnreachable, err)
	}
	units := expected.units
	if charged, err := strconv.Atoi(answer.Header.Get("x-ms-resource-unit")); err == nil {
		units = charged
	}
	t.budget.settle(expected, units)
	t.meters.answered(request, answer.StatusCode, units)
	if request.Method != http.MethodGet {
		entra.Acknowledge(request.Context(), plain(answer.Header.Get("request-id")))
	}
	return t.judge(answer, content)
}

// judge makes a failure of what is no success, and pauses the tenant on a 429.
func (t *transport) judge(answer *http.Response, content []byte) (*http.Response, *failure, error) {
	if answer.StatusCode >= 200 && answer.StatusCode < 300 {
		if len(content) > 0 && !strings.Contains(answer.Header.Get("Content-Type"), "json") {
			return nil, nil, fmt.Errorf("%w: an answer that is not JSON", entra.ErrUnreachable)
		}
		return answer, nil, nil
	}
	f := failureOf(answer, content, t.clock.Now())
	if f.status == http.StatusTooManyRequests {
		t.meters.throttledBy("graph")
		t.budget.pause(f.retryAfter)
	}
	return nil, f, nil
}

// read takes the whole answer, so that one that breaks off is an error here and not in a parser.
func read(answer *http.Response, err error) (*http.Response, []byte, error) {
	if err != nil {
		return nil, nil, err
	}
	content, err := io.ReadAll(io.LimitReader(answer.Body, largest+1))
	err = errors.Join(err, answer.Body.Close())
	if err == nil && len(content) > largest {
		err = errors.New("the answer is too large")
	}
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(content)), int64(len(content))
	return answer, content, err
}

// conceal takes our own token out of an answer that tells what it was sent: what Graph says is shown to people.
func conceal(answer *http.Response, content []byte, authorization string) []byte {
	token := []byte(strings.TrimPrefix(authorization, scheme))
	if len(token) == 0 || !bytes.Contains(content, token) {
		return content
	}
	content = bytes.ReplaceAll(content, token, []byte("***"))
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(content)), int64(len(content))
	return content
}

// drain takes the body, to send it with its length (the SDK sends chunks) and, if need be, once more.
func drain(request *http.Request) ([]byte, error) {
	if request.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(request.Body)
	return body, errors.Join(err, request.Body.Close())
}

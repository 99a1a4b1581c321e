// Package wire carries requests to Microsoft Graph and to the token service: signed, within the quota, to the hosts that were named
// and to no other. It turns whatever is no success into an error with its class.
package wire

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
	// Timeout of one request, with its answer.
	Timeout = 30 * time.Second
	// maxAnswer is how many bytes of an answer are read.
	maxAnswer = 16 << 20
)

// Transport carries every request to one tenant's Graph: to no other host, within the budget, signed. It returns what is no success
// as an error, *Failure or entra.Throttled, which http.Client passes on as they are; and it repeats only a request whose
// token was refused.
type Transport struct {
	Endpoint  Endpoint
	Next      http.RoundTripper
	Clock     clock.PassiveClock
	Signer    *Signer
	Budget    *Budget
	Metrics   *Metrics
	UserAgent string
}

// RoundTrip carries one request.
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := t.Endpoint.MustContain(request.URL); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(request.Context(), Timeout)
	defer cancel()
	body, err := readBody(request)
	if err != nil {
		return nil, err
	}
	request = request.Clone(ctx)
	request.Header.Set("client-request-id", uuid.NewString())
	request.Header.Set("return-client-request-id", "true")
	request.Header.Set("User-Agent", t.UserAgent)

	answer, err := t.send(request, body)
	var f *Failure
	if errors.As(err, &f) && f.Status == http.StatusUnauthorized && t.Signer.renew(request.Header.Get("Authorization")) {
		answer, err = t.send(request, body)
	}
	return answer, err
}

// send takes from the budget, signs and sends a request, and reads the answer.
func (t *Transport) send(request *http.Request, body []byte) (*http.Response, error) {
	expected := costOf(request.Method, request.URL)
	if err := t.Budget.take(expected); err != nil {
		t.Metrics.throttledBy("operator")
		return nil, err
	}
	authorization, err := t.Signer.header(request.Context())
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", authorization)
	request.Body, request.ContentLength = http.NoBody, int64(len(body))
	if len(body) > 0 {
		request.Body = io.NopCloser(bytes.NewReader(body))
	}
	answer, err := t.Next.RoundTrip(request)
	var content []byte
	if err == nil {
		content, err = readAnswer(answer, authorization)
	}
	if err != nil {
		t.Metrics.answered(request, 0, expected.units)
		return nil, fmt.Errorf("%w: %w", entra.ErrUnreachable, err)
	}
	units := expected.units
	if charged, err := strconv.Atoi(answer.Header.Get("x-ms-resource-unit")); err == nil {
		units = charged
	}
	t.Budget.charge(expected, units)
	t.Metrics.answered(request, answer.StatusCode, units)
	if request.Method != http.MethodGet {
		entra.Acknowledge(request.Context(), Sanitize(answer.Header.Get("request-id")))
	}
	return t.check(answer, content)
}

// check makes a failure of what is no success, and pauses the tenant on a 429.
func (t *Transport) check(answer *http.Response, content []byte) (*http.Response, error) {
	if answer.StatusCode >= 200 && answer.StatusCode < 300 {
		if len(content) > 0 && !strings.Contains(answer.Header.Get("Content-Type"), "json") {
			return nil, fmt.Errorf("%w: an answer that is not JSON", entra.ErrUnreachable)
		}
		return answer, nil
	}
	f := failureOf(answer, content, t.Clock.Now())
	if f.Status == http.StatusTooManyRequests {
		t.Metrics.throttledBy("graph")
		t.Budget.pause(f.RetryAfter)
	}
	return nil, f
}

// readAnswer takes the whole answer, so that one that breaks off is an error here and not in a parser. Where it repeats our own token,
// that is taken out: what Graph says is shown to people.
func readAnswer(answer *http.Response, authorization string) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	err = errors.Join(err, answer.Body.Close())
	if err == nil && len(content) > maxAnswer {
		err = errors.New("the answer is too large")
	}
	if token := strings.TrimPrefix(authorization, bearer); token != "" {
		content = bytes.ReplaceAll(content, []byte(token), []byte("***"))
	}
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(content)), int64(len(content))
	return content, err
}

// readBody takes the body, to send it with its length (the SDK sends chunks) and, if need be, once more.
func readBody(request *http.Request) ([]byte, error) {
	if request.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(request.Body)
	return body, errors.Join(err, request.Body.Close())
}

package conformance

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"k8s.io/utils/clock"
)

// retry bounds how long a test waits for a lagging directory. Against an emulator without lag one attempt must do.
type retry struct {
	clock    clock.Clock
	interval time.Duration
	attempts int
	// confirmations is how often in a row an object must be read to count as present: replicas flip-flop.
	confirmations int
}

// until repeats try until it is true, and reports whether it ever was.
func (p retry) until(ctx context.Context, try func() bool) bool {
	for attempt := 1; ; attempt++ {
		if try() {
			return true
		}
		if attempt >= p.attempts {
			return false
		}
		if !p.pause(ctx, p.interval) {
			return false
		}
	}
}

// pause waits, and reports whether it may go on.
func (p retry) pause(ctx context.Context, length time.Duration) bool {
	select {
	case <-p.clock.After(length):
		return true
	case <-ctx.Done():
		return false
	}
}

// retryAfter is how long a throttled caller was told to wait.
func (r reply) retryAfter() time.Duration {
	seconds, _ := strconv.Atoi(r.header.Get("Retry-After")) // absent or a date: the next attempt is soon enough
	return time.Duration(seconds) * time.Second
}

// short is the retry for what may never come: the answer to an open question can be that it does not.
func (p retry) short() retry {
	p.attempts = (p.attempts + 5) / 6
	return p
}

// lagTexts are refusals that a replica gives which has not yet seen an earlier write.
var lagTexts = []string{
	"Request_ResourceNotFound",
	"must in the local tenant",
	"NoBackingApplicationObject",
	"Not a valid reference update",
	"Directory_ConcurrencyViolation",
	"Error_MsaAppDoesNotExist",
	"unless disabled first", // the disabling is not seen yet
	"already exist",         // the deletion is not seen yet, or an upsert missed the object on one replica and met it on another
}

// isTransient reports whether a refusal may pass by itself: throttling, an outage, or lag. A POST that ended in a 5xx may have committed
// and is not repeated.
func (r reply) isTransient() bool {
	switch {
	case r.status == http.StatusTooManyRequests:
		return true
	case r.status >= 500:
		return r.method != http.MethodPost
	case r.status < 400:
		return false
	}
	return slices.ContainsFunc(lagTexts, func(text string) bool { return strings.Contains(string(r.raw), text) })
}

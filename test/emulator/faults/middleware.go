package faults

import (
	"io"
	"net/http"
	"strconv"
	"sync"

	"k8s.io/utils/clock"
)

// Options make a Middleware. All are required.
type Options struct {
	Clock    clock.PassiveClock
	TenantID string
	// Caller is the client's application ID, by which quotas are counted; empty for a caller without a valid token.
	Caller func(*http.Request) string
	// NewID gives request ids; it must be safe for concurrent use.
	NewID func() string
}

// Middleware lets every request through until it is given a quota or faults. It is safe for concurrent use.
type Middleware struct {
	options Options

	mu       sync.Mutex
	limiters *limiters // nil: no quota
	faults   Func
	n        int // requests since faults was set
}

// New makes a middleware without quota and faults.
func New(options Options) *Middleware { return &Middleware{options: options} }

// SetQuota counts requests from now on, starting at zero; the zero Quota is none.
func (m *Middleware) SetQuota(quota Quota) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.limiters = nil
	if quota != (Quota{}) {
		m.limiters = newLimiters(quota)
	}
}

// SetFaults lets faults decide about every request from now on; nil is none.
func (m *Middleware) SetFaults(faults Func) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults, m.n = faults, 0
}

// Wrap puts the middleware before Graph. It must see single requests, those inside a $batch too: each counts and fails by itself.
func (m *Middleware) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cost := CostOf(r)
		w.Header().Set("x-ms-resource-unit", strconv.Itoa(cost.Units))
		if u := m.consume(r, cost); u != nil {
			u.setHeader(w.Header())
			if u.wait > 0 {
				drain(r)
				m.writeFault(w, r, Throttled(u.wait))
				return
			}
		}
		m.serve(w, r, next)
	})
}

func (m *Middleware) consume(r *http.Request, cost Cost) *usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.limiters == nil {
		return nil
	}
	return m.limiters.consume(m.options.Clock.Now(), m.options.Caller(r), m.options.TenantID, cost)
}

// serve hands the request on where it gets no fault, or one that comes after the commit.
func (m *Middleware) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	fault := m.nextFault(r)
	switch {
	case fault == Fault{}:
		next.ServeHTTP(w, r)
		return
	case fault.Committed:
		next.ServeHTTP(&discardedResponse{header: http.Header{}}, r)
	default:
		drain(r)
	}
	if fault.Reset {
		panic(http.ErrAbortHandler)
	}
	m.writeFault(w, r, fault)
}

func (m *Middleware) nextFault(r *http.Request) Fault {
	m.mu.Lock()
	faults := m.faults
	m.n++
	n := m.n
	m.mu.Unlock()
	if faults == nil {
		return Fault{}
	}
	return faults(r, n)
}

// drain reads the body that nobody else will read, so that the client can finish sending and the recorder sees it.
func drain(r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }

// discardedResponse takes an answer that the client will not see.
type discardedResponse struct{ header http.Header }

func (d *discardedResponse) Header() http.Header         { return d.header }
func (d *discardedResponse) Write(p []byte) (int, error) { return len(p), nil }
func (d *discardedResponse) WriteHeader(int)             {}

package weather

import (
	"io"
	"net/http"
	"strconv"
	"sync"

	"k8s.io/utils/clock"
)

// Options make a Weather. All are required.
type Options struct {
	Clock    clock.PassiveClock
	TenantID string
	// Caller is the client's application ID, by which quotas are counted; empty for a caller without a valid token.
	Caller func(*http.Request) string
	// NewID gives request ids; it must be safe for concurrent use.
	NewID func() string
}

// Weather is fine at first: no quota, no faults. It is safe for concurrent use.
type Weather struct {
	options Options

	mu     sync.Mutex
	meters *meters // nil: no quota
	faults FaultFunc
	n      int // requests since faults was set
}

// New makes fine weather.
func New(options Options) *Weather { return &Weather{options: options} }

// SetQuota counts from now on against fresh buckets; the zero Quota is none.
func (w *Weather) SetQuota(quota Quota) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.meters = nil
	if quota != (Quota{}) {
		w.meters = newMeters(quota)
	}
}

// SetFaults asks faults about every request from now on; nil is none.
func (w *Weather) SetFaults(faults FaultFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults, w.n = faults, 0
}

// Wrap puts the weather before Graph. It must see single requests, those inside a $batch too: each is counted and fails alone.
func (w *Weather) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		price := Price(r)
		rw.Header().Set("x-ms-resource-unit", strconv.Itoa(price.Units))
		if over := w.charge(r, price); over != nil {
			over.tell(rw.Header())
			if over.wait > 0 {
				drain(r)
				w.refuse(rw, r, throttled(over.wait))
				return
			}
		}
		w.serve(rw, r, next)
	})
}

func (w *Weather) charge(r *http.Request, price Cost) *reading {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.meters == nil {
		return nil
	}
	return w.meters.charge(w.options.Clock.Now(), w.options.Caller(r), w.options.TenantID, price)
}

// serve lets the request through, before a fault that comes after the commit or where there is none.
func (w *Weather) serve(rw http.ResponseWriter, r *http.Request, next http.Handler) {
	fault := w.fault(r)
	switch {
	case fault == Fault{}:
		next.ServeHTTP(rw, r)
		return
	case fault.Committed:
		next.ServeHTTP(&void{header: http.Header{}}, r)
	default:
		drain(r)
	}
	if fault.Reset {
		panic(http.ErrAbortHandler)
	}
	w.refuse(rw, r, fault)
}

func (w *Weather) fault(r *http.Request) Fault {
	w.mu.Lock()
	faults := w.faults
	w.n++
	n := w.n
	w.mu.Unlock()
	if faults == nil {
		return Fault{}
	}
	return faults(r, n)
}

// drain reads the body that nobody else will read, so that the client can finish sending and the record has it.
func drain(r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }

// void is where an answer goes that the client will not see.
type void struct{ header http.Header }

func (v *void) Header() http.Header         { return v.header }
func (v *void) Write(p []byte) (int, error) { return len(p), nil }
func (v *void) WriteHeader(int)             {}

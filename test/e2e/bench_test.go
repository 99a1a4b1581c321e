package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// herd is how many applications the benchmark brings to Ready.
const herd = 100

// tally counts what goes to Graph, as Microsoft's price list does.
type tally struct{ requests, writes, units atomic.Int64 }

func (t *tally) reset() {
	for _, count := range []*atomic.Int64{&t.requests, &t.writes, &t.units} {
		count.Store(0)
	}
}

// countingTripper counts and passes on.
type countingTripper struct {
	tally *tally
	next  http.RoundTripper
}

// RoundTrip counts one request to Graph.
func (c countingTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.Path, "/v1.0/") {
		cost := faults.CostOf(r)
		c.tally.requests.Add(1)
		c.tally.units.Add(int64(cost.Units))
		c.tally.writes.Add(int64(cost.Writes))
	}
	return c.next.RoundTrip(r)
}

// report tells what one object has cost.
func (t *tally) report(b *testing.B, phase string, reconciles int64) {
	b.Helper()
	for unit, count := range map[string]int64{
		"requests": t.requests.Swap(0), "writes": t.writes.Swap(0), "units": t.units.Swap(0), "reconciles": reconciles,
	} {
		b.ReportMetric(float64(count)/herd, fmt.Sprintf("%s-%s/app", phase, unit))
	}
}

// BenchmarkAHundredApplications counts what it takes to bring a hundred applications to Ready, and to look at them all once more.
func BenchmarkAHundredApplications(b *testing.B) {
	for b.Loop() {
		var counted tally
		s := newStage(b, func(s *stage, _ *emulator.Options) {
			wrap := s.settings.Transport
			s.settings.Transport = func(next http.RoundTripper) http.RoundTripper { return countingTripper{&counted, wrap(next)} }
		})
		s.ready(s.tenantObject())
		s.clock.quiet(b)
		counted.reset()
		before := s.clock.reconciles.Load()
		apps := make([]object, herd)
		for i := range apps {
			apps[i] = s.app(fmt.Sprintf("app-%03d", i), scoped("Orders.Read"), exposing("Orders.Read.All"))
			s.create(apps[i])
		}
		b.ReportMetric(s.ready(apps...).Seconds(), "clock-s-to-ready")
		s.clock.quiet(b)
		counted.report(b, "create", s.clock.reconciles.Load()-before)

		before = s.clock.reconciles.Load()
		s.clock.leap(b, 70*time.Minute) // every one is looked at once, some twice
		s.clock.quiet(b)
		counted.report(b, "resync", s.clock.reconciles.Load()-before)
	}
}

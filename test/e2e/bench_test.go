package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator/faults"
)

// benchmarkSize is how many applications the benchmark brings to Ready.
const benchmarkSize = 100

// requestCount counts what goes to Graph, as Microsoft's price list does.
type requestCount struct{ requests, writes, units atomic.Int64 }

func (t *requestCount) reset() {
	for _, count := range []*atomic.Int64{&t.requests, &t.writes, &t.units} {
		count.Store(0)
	}
}

// countingTransport counts and passes on.
type countingTransport struct {
	count *requestCount
	next  http.RoundTripper
}

// RoundTrip counts one request to Graph.
func (c countingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.Path, "/v1.0/") {
		cost := faults.CostOf(r)
		c.count.requests.Add(1)
		c.count.units.Add(int64(cost.Units))
		c.count.writes.Add(int64(cost.Writes))
	}
	return c.next.RoundTrip(r)
}

// report what one object has cost since the last report.
func (t *requestCount) report(b *testing.B, phase string, reconciles int) {
	b.Helper()
	for unit, count := range map[string]int64{
		"requests": t.requests.Swap(0), "writes": t.writes.Swap(0), "units": t.units.Swap(0), "reconciles": int64(reconciles),
	} {
		b.ReportMetric(float64(count)/benchmarkSize, fmt.Sprintf("%s-%s/app", phase, unit))
	}
}

// BenchmarkAHundredApplications counts what it takes to bring a hundred applications to Ready, and to resync them all once.
func BenchmarkAHundredApplications(b *testing.B) {
	for b.Loop() {
		var counted requestCount
		e := env.New(b, env.WithTransport(func(next http.RoundTripper) http.RoundTripper { return countingTransport{&counted, next} }))
		e.Status.WaitReady(e.EntraTenant())
		e.Quiet()
		counted.reset()
		before := e.Clock.Reconciles()
		apps := make([]env.Object, benchmarkSize)
		for i := range apps {
			apps[i] = e.AppRegistration(fmt.Sprintf("app-%03d", i), with.Scopes("Orders.Read"), with.AppRoles("Orders.Read.All"))
			e.Cluster.Create(apps[i])
		}
		b.ReportMetric(e.Status.WaitReady(apps...).Seconds(), "clock-s-to-ready")
		e.Quiet()
		counted.report(b, "create", e.Clock.Reconciles()-before)

		before = e.Clock.Reconciles()
		e.Clock.PassHours(70 * time.Minute) // each is reconciled once, some twice
		e.Quiet()
		counted.report(b, "resync", e.Clock.Reconciles()-before)
	}
}

package weather

import (
	"fmt"
	"net/http"
	"time"

	"golang.org/x/time/rate"
)

// The edges of x-ms-throttle-limit-percentage: told above the first, counted up to the second.
const (
	toldAbove   = 0.8
	countedUpTo = 1.8
)

// meters are a quota's buckets, by what they count.
type meters struct {
	quota   Quota
	buckets map[string]*rate.Limiter
}

func newMeters(quota Quota) *meters {
	return &meters{quota: quota, buckets: map[string]*rate.Limiter{}}
}

// reading is the fullest bucket after a charge.
type reading struct {
	used        float64       // 1 is the limit
	wait        time.Duration // above 0: the request is refused
	scope       string
	information string
}

// charge counts a request against every bucket it touches. A refused request counts too, as Graph warns.
func (m *meters) charge(now time.Time, app, tenant string, price Cost) *reading {
	if app == "" { // refused with 401 in a moment, against nobody's quota
		return nil
	}
	const tooManyUnits, tooManyWrites = "ResourceUnitLimitExceeded", "WriteLimitExceeded"
	id := "/" + app + "/" + tenant
	var fullest *reading
	for _, r := range []*reading{
		m.draw(now, m.quota.Units, price.Units, "units of "+app, reading{scope: "Tenant_Application/ReadWrite" + id, information: tooManyUnits}),
		m.draw(now, m.quota.Writes, price.Writes, "writes of "+app, reading{scope: "Tenant_Application/Write" + id, information: tooManyWrites}),
		m.draw(now, m.quota.TenantWrites, price.Writes, "writes of all", reading{scope: "Tenant/Write" + id, information: tooManyWrites}),
	} {
		if r != nil && (fullest == nil || r.used > fullest.used) {
			fullest = r
		}
	}
	return fullest
}

// draw takes n from one bucket; nil where the limit does not apply.
func (m *meters) draw(now time.Time, limit Limit, n int, name string, r reading) *reading {
	if limit.Count == 0 || n == 0 {
		return nil
	}
	bucket, ok := m.buckets[name]
	if !ok {
		bucket = rate.NewLimiter(rate.Limit(float64(limit.Count)/limit.Per.Seconds()), limit.Count)
		m.buckets[name] = bucket
	}
	before := used(bucket, now)
	if before+float64(n)/float64(limit.Count) <= countedUpTo {
		r.wait = bucket.ReserveN(now, n).DelayFrom(now)
	} else {
		r.wait = time.Duration((before - 1) * float64(limit.Per))
	}
	r.used = min(used(bucket, now), countedUpTo)
	return &r
}

func used(bucket *rate.Limiter, now time.Time) float64 {
	return 1 - bucket.TokensAt(now)/float64(bucket.Burst())
}

// tell writes what Graph tells about a quota: how full it is when it is nearly used up, and which one it was that is.
func (r *reading) tell(h http.Header) {
	if r.used > toldAbove {
		h.Set("x-ms-throttle-limit-percentage", fmt.Sprintf("%.1f", r.used))
	}
	if r.wait > 0 {
		h.Set("x-ms-throttle-scope", r.scope)
		h.Set("x-ms-throttle-information", r.information)
	}
}

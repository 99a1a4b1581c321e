package faults

import (
	"fmt"
	"net/http"
	"time"

	"golang.org/x/time/rate"
)

// x-ms-throttle-limit-percentage is sent above the first, and grows no further than the second.
const (
	reportedAbove = 0.8
	countedUpTo   = 1.8
)

// limiters count requests against a quota, one token bucket a limit.
type limiters struct {
	quota   Quota
	buckets map[string]*rate.Limiter
}

func newLimiters(quota Quota) *limiters {
	return &limiters{quota: quota, buckets: map[string]*rate.Limiter{}}
}

// usage is how much of a limit is used after a request.
type usage struct {
	used        float64       // 1 is the limit
	wait        time.Duration // above 0: the request is refused
	scope       string
	information string
}

// consume counts a request against every limit that it touches, and gives the usage of the limit that is used most. A refused request
// counts too, as Graph warns.
func (l *limiters) consume(now time.Time, app, tenant string, cost Cost) *usage {
	if app == "" { // about to be refused with 401, against nobody's quota
		return nil
	}
	const tooManyUnits, tooManyWrites = "ResourceUnitLimitExceeded", "WriteLimitExceeded"
	id := "/" + app + "/" + tenant
	var most *usage
	for _, u := range []*usage{
		l.take(now, l.quota.Units, cost.Units, "units of "+app, usage{scope: "Tenant_Application/ReadWrite" + id, information: tooManyUnits}),
		l.take(now, l.quota.Writes, cost.Writes, "writes of "+app, usage{scope: "Tenant_Application/Write" + id, information: tooManyWrites}),
		l.take(now, l.quota.TenantWrites, cost.Writes, "writes of all", usage{scope: "Tenant/Write" + id, information: tooManyWrites}),
	} {
		if u != nil && (most == nil || u.used > most.used) {
			most = u
		}
	}
	return most
}

// take takes n tokens from one bucket; nil where the limit does not apply.
func (l *limiters) take(now time.Time, limit Limit, n int, name string, u usage) *usage {
	if limit.Count == 0 || n == 0 {
		return nil
	}
	bucket, ok := l.buckets[name]
	if !ok {
		bucket = rate.NewLimiter(rate.Limit(float64(limit.Count)/limit.Per.Seconds()), limit.Count)
		l.buckets[name] = bucket
	}
	before := usedShare(bucket, now)
	if before+float64(n)/float64(limit.Count) <= countedUpTo {
		u.wait = bucket.ReserveN(now, n).DelayFrom(now)
	} else {
		u.wait = time.Duration((before - 1) * float64(limit.Per))
	}
	u.used = min(usedShare(bucket, now), countedUpTo)
	return &u
}

func usedShare(bucket *rate.Limiter, now time.Time) float64 {
	return 1 - bucket.TokensAt(now)/float64(bucket.Burst())
}

// setHeader writes how full the limit is once it is nearly used up, and which limit it is once it refuses.
func (u *usage) setHeader(h http.Header) {
	if u.used > reportedAbove {
		h.Set("x-ms-throttle-limit-percentage", fmt.Sprintf("%.1f", u.used))
	}
	if u.wait > 0 {
		h.Set("x-ms-throttle-scope", u.scope)
		h.Set("x-ms-throttle-information", u.information)
	}
}

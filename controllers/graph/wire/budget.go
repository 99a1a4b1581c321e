package wire

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const (
	// defaultPause follows a 429 that does not say for how long.
	defaultPause = 10 * time.Second
	// maxPause bounds what a Retry-After can do to us: one more refused request costs less than a tenant that stands still.
	maxPause = 10 * time.Minute
)

// unitQuotas are the resource units in 10 seconds that Graph grants one application in one tenant, by the tenant's size: Graph's
// throttling limits for identity and access.
var unitQuotas = map[string]int{"Small": 3500, "Medium": 5000, "Large": 8000}

// writeQuota is how many writes Graph grants in 150 seconds.
const writeQuota = 3000

// Budget keeps a tenant's requests within its quota and holds all of them back after a 429. It never waits: it says how long to wait.
type Budget struct {
	clock clock.PassiveClock

	mu     sync.Mutex
	until  time.Time // paused
	units  *rate.Limiter
	writes *rate.Limiter
}

// NewBudget is for a tenant of a size that unitQuotas names, Small otherwise.
func NewBudget(c clock.PassiveClock, size string) *Budget {
	units := cmp.Or(unitQuotas[size], unitQuotas["Small"])
	return &Budget{clock: c, units: bucket(units, 10*time.Second), writes: bucket(writeQuota, 150*time.Second)}
}

// bucket gives half at once and half spread over the window, so that no window of Graph's sees more than the quota.
func bucket(amount int, window time.Duration) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(float64(amount)/2/window.Seconds()), amount/2)
}

// take pays for a request, or says Throttled.
func (b *Budget) take(p cost) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	if rest := b.until.Sub(now); rest > 0 {
		return entra.Throttled{After: rest}
	}
	units, writes := b.units.ReserveN(now, p.units), b.writes.ReserveN(now, p.writes)
	if wait := max(units.DelayFrom(now), writes.DelayFrom(now)); wait > 0 {
		units.CancelAt(now)
		writes.CancelAt(now)
		return entra.Throttled{After: wait}
	}
	return nil
}

// charge pays what Graph charged beyond the cost that was expected.
func (b *Budget) charge(expected cost, charged int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if more := charged - expected.units; more > 0 {
		b.units.ReserveN(b.clock.Now(), more)
	}
}

// pause holds back every request of the tenant, and says for how long.
func (b *Budget) pause(after time.Duration) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if until := b.clock.Now().Add(cmp.Or(after, defaultPause)); until.After(b.until) {
		b.until = until
	}
	return b.until.Sub(b.clock.Now())
}

// cost is what a request costs of the quota.
type cost struct{ units, writes int }

// twoUnitReads are the reads that cost two units.
var twoUnitReads = regexp.MustCompile(`/(applications|appRoleAssignments|oauth2PermissionGrants(/[^/]+)?)$`)

func costOf(method string, target *url.URL) cost {
	if method != http.MethodGet {
		return cost{units: 1, writes: 1}
	}
	units, query := 1, target.Query()
	if twoUnitReads.MatchString(target.Path) {
		units = 2
	}
	if query.Has("$select") {
		units--
	}
	if query.Has("$expand") {
		units++
	}
	if top, err := strconv.Atoi(query.Get("$top")); err == nil && top < 20 {
		units--
	}
	return cost{units: max(1, units)}
}

package graph

import (
	"sync"
	"time"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const (
	// maxAgeByID is how long one read of an API's service principal serves all who ask by object ID.
	maxAgeByID = 15 * time.Second
	// maxAgeByAppID is how long one read serves those who only look names up.
	maxAgeByAppID = time.Hour
	// minAgeByAppID is how soon an API is read again for somebody who wants it fresher.
	minAgeByAppID = time.Minute
)

// apiCache has service principals of APIs that were read before, by object ID and by appID. Failures are never kept.
type apiCache struct {
	clock clock.PassiveClock

	mu    sync.Mutex
	reads map[string]cachedRead
}

type cachedRead struct {
	principal entra.ServicePrincipal
	at        time.Time
}

func newAPICache(c clock.PassiveClock) *apiCache {
	return &apiCache{clock: c, reads: map[string]cachedRead{}}
}

// get gives what was read less than maxAge ago.
func (a *apiCache) get(id string, maxAge time.Duration) (entra.ServicePrincipal, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	read, known := a.reads[id]
	return read.principal, known && a.clock.Since(read.at) < maxAge
}

func (a *apiCache) put(principal entra.ServicePrincipal) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, read := range a.reads {
		if a.clock.Since(read.at) >= maxAgeByAppID {
			delete(a.reads, id)
		}
	}
	read := cachedRead{principal, a.clock.Now()}
	a.reads[principal.ObjectID], a.reads[principal.AppID] = read, read
}

func (a *apiCache) remove(objectID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.reads, a.reads[objectID].principal.AppID)
	delete(a.reads, objectID)
}

// maxAgeFor is how old an answer may be for somebody who asks for a fresh one, or for any: at most an hour, and at least a minute.
func maxAgeFor(fresh time.Duration) time.Duration {
	if fresh <= 0 {
		return maxAgeByAppID
	}
	return min(max(fresh, minAgeByAppID), maxAgeByAppID)
}

package graph

import (
	"context"
	"sync"
	"time"

	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// API reads a service principal by object ID, once for all who ask within some seconds.
func (c *client) API(ctx context.Context, objectID string) (entra.ServicePrincipal, error) {
	op := operation{name: "read the API's service principal", key: objectID, permission: readPermission}
	return c.cachedAPI(ctx, objectID, maxAgeByID, func() (entra.ServicePrincipal, error) {
		return get(c, op, c.principalByID(ctx, objectID), c.readPrincipal, objectID)
	})
}

// APIByAppID reads a service principal by appId, once for all who ask within an hour.
func (c *client) APIByAppID(ctx context.Context, appID string, fresh time.Duration) (entra.ServicePrincipal, error) {
	op := operation{name: "read the API's service principal", key: principalKey(appID), foreign: true, permission: readPermission}
	maxAge := maxAgeByAppID
	if fresh > 0 {
		maxAge = min(max(fresh, minAgeByAppID), maxAgeByAppID)
	}
	return c.cachedAPI(ctx, appID, maxAge, func() (entra.ServicePrincipal, error) {
		return get(c, op, c.principalByAppID(ctx, appID), c.readPrincipal)
	})
}

// cachedAPI gives a cached read of an API, or reads it once for all who wait.
func (c *client) cachedAPI(
	ctx context.Context, id string, maxAge time.Duration, read func() (entra.ServicePrincipal, error),
) (entra.ServicePrincipal, error) {
	unlock, err := c.locks.lock(ctx, "api:"+id)
	if err != nil {
		return entra.ServicePrincipal{}, err
	}
	defer unlock()
	if principal, known := c.apis.get(id, maxAge); known && !c.memory.AnyDeleted(principal.ObjectID) {
		return principal, nil
	}
	principal, err := read()
	if err == nil {
		c.apis.put(principal)
	}
	return principal, err
}

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

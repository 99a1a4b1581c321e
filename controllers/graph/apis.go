package graph

import (
	"context"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// API reads a service principal by object ID, for all who ask within some seconds.
func (c *client) API(ctx context.Context, objectID string) (entra.ServicePrincipal, error) {
	return c.sharedAPI(ctx, objectID, maxAgeByID, func() (entra.ServicePrincipal, error) {
		op := operation{name: "read the API's service principal", key: objectID, permission: readPermission}
		return get(c, op, func() (models.ServicePrincipalable, error) { return c.principalByID(ctx, objectID) }, c.readPrincipal, objectID)
	})
}

// APIByAppID reads a service principal by appId, for all who ask within an hour.
func (c *client) APIByAppID(ctx context.Context, appID string, fresh time.Duration) (entra.ServicePrincipal, error) {
	return c.sharedAPI(ctx, appID, maxAgeFor(fresh), func() (entra.ServicePrincipal, error) {
		op := operation{name: "read the API's service principal", key: principalKey(appID), foreign: true, permission: readPermission}
		return get(c, op, func() (models.ServicePrincipalable, error) { return c.principalByAppID(ctx, appID) }, c.readPrincipal)
	})
}

// sharedAPI gives a cached read of an API, or reads it once for all who wait.
func (c *client) sharedAPI(
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

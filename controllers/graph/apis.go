package graph

import (
	"context"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// API reads a service principal by object ID, for all who ask within some seconds.
func (c *client) API(ctx context.Context, objectID string) (entra.ServicePrincipal, error) {
	m := matter{step: "read the API's service principal", sought: objectID, needs: needsRead}
	if err := mustBeIDs(m.step, objectID); err != nil {
		return entra.ServicePrincipal{}, err
	}
	return c.sharedAPI(ctx, objectID, sharing, func() (entra.ServicePrincipal, error) {
		model, err := c.principals().ByServicePrincipalId(objectID).Get(ctx, &serviceprincipals.ServicePrincipalItemRequestBuilderGetRequestConfiguration{
			QueryParameters: &serviceprincipals.ServicePrincipalItemRequestBuilderGetQueryParameters{Select: principalFields},
		})
		return c.readPrincipal(m, model, err)
	})
}

// APIByAppID reads a service principal by appId, for all who ask within an hour.
func (c *client) APIByAppID(ctx context.Context, appID string, fresh time.Duration) (entra.ServicePrincipal, error) {
	m := matter{step: "read the API's service principal", sought: principalKey(appID), strange: true, needs: needsRead}
	return c.sharedAPI(ctx, appID, agreeable(fresh), func() (entra.ServicePrincipal, error) {
		return c.principalByAppID(ctx, m, appID)
	})
}

// sharedAPI gives what is known of an API, or reads it once for all who wait.
func (c *client) sharedAPI(
	ctx context.Context, id string, ago time.Duration, read func() (entra.ServicePrincipal, error),
) (entra.ServicePrincipal, error) {
	release, err := c.locks.hold(ctx, "api:"+id)
	if err != nil {
		return entra.ServicePrincipal{}, err
	}
	defer release()
	if principal, known := c.apis.recall(id, ago); known && !c.memory.deletedAny(principal.ObjectID) {
		return principal, nil
	}
	principal, err := read()
	if err == nil {
		c.apis.keep(principal)
	}
	return principal, err
}

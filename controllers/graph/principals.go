package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipalswithappid"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/memory"
	"github.com/entra-registrar/entra-registrar/controllers/graph/properties"
)

func (c *client) principals() *serviceprincipals.ServicePrincipalsRequestBuilder {
	return serviceprincipals.NewServicePrincipalsRequestBuilderInternal(nil, c.adapter)
}

// principalByID requests a service principal, with members that are expanded.
func (c *client) principalByID(ctx context.Context, objectID string, expand ...string) func() (models.ServicePrincipalable, error) {
	return func() (models.ServicePrincipalable, error) {
		return c.principals().ByServicePrincipalId(objectID).Get(ctx, &serviceprincipals.ServicePrincipalItemRequestBuilderGetRequestConfiguration{
			QueryParameters: &serviceprincipals.ServicePrincipalItemRequestBuilderGetQueryParameters{
				Select: properties.ServicePrincipalSelect, Expand: expand,
			},
		})
	}
}

// principalByAppID is principalByID by the application's appId.
func (c *client) principalByAppID(ctx context.Context, appID string, expand ...string) func() (models.ServicePrincipalable, error) {
	return func() (models.ServicePrincipalable, error) {
		builder := serviceprincipalswithappid.NewServicePrincipalsWithAppIdRequestBuilderInternal(nil, c.adapter, escapeQuotes(appID))
		return builder.Get(ctx, &serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilderGetRequestConfiguration{
			QueryParameters: &serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilderGetQueryParameters{
				Select: properties.ServicePrincipalSelect, Expand: expand,
			},
		})
	}
}

func (c *client) ServicePrincipal(ctx context.Context, appID string) (entra.ServicePrincipal, error) {
	op := operation{name: "read service principal", key: principalKey(appID), permission: readPermission}
	return get(c, op, c.principalByAppID(ctx, appID), c.readPrincipal)
}

func (c *client) readPrincipal(model models.ServicePrincipalable) (entra.ServicePrincipal, error) {
	principal := properties.ServicePrincipal(model)
	if err := c.memory.NoteSeen(principalKeys(principal), principal.CreatedAt); err != nil {
		return entra.ServicePrincipal{}, err
	}
	memory.Overlay[entra.ServicePrincipalPatch](c.memory, principal.ObjectID, &principal)
	return principal, nil
}

// principalKeys are both keys of a service principal: whoever deletes its application deletes it by appID.
func principalKeys(principal entra.ServicePrincipal) memory.Object {
	return memory.Object{Key: principalKey(principal.AppID), Aliases: []string{principal.ObjectID}}
}

func (c *client) noteCreatedPrincipal(model models.ServicePrincipalable) entra.ServicePrincipal {
	principal := properties.ServicePrincipal(model)
	c.memory.NoteCreated(principalKeys(principal))
	memory.Overlay[entra.ServicePrincipalPatch](c.memory, principal.ObjectID, &principal)
	return principal
}

func (c *client) CreateServicePrincipal(ctx context.Context, sp entra.NewServicePrincipal) (entra.ServicePrincipal, error) {
	op := operation{name: "create service principal", objects: []string{sp.AppID}, permission: writePermission}
	return create(ctx, c, op, sp.AppID, func() (models.ServicePrincipalable, error) {
		body, err := properties.NewServicePrincipalModel(sp)
		if err != nil {
			return nil, err
		}
		c.bindOwner(body, sp.OwnerID)
		return c.principals().Post(ctx, body, nil)
	}, c.noteCreatedPrincipal)
}

func (c *client) UpdateServicePrincipal(ctx context.Context, objectID string, patch entra.ServicePrincipalPatch) error {
	op := operation{name: "update service principal", objects: []string{objectID}, permission: writePermission}
	return c.write(ctx, op, objectID, func() error {
		body, err := properties.ServicePrincipalModel(patch)
		if err != nil {
			return err
		}
		_, err = c.principals().ByServicePrincipalId(objectID).Patch(ctx, body, nil)
		if err == nil {
			memory.NotePatch(c.memory, objectID, patch)
			c.apis.remove(objectID)
		}
		return err
	})
}

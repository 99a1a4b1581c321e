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
	return serviceprincipals.NewServicePrincipalsRequestBuilderInternal(c.route(), c.adapter)
}

func (c *client) principalRequest(appID string) *serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilder {
	return serviceprincipalswithappid.NewServicePrincipalsWithAppIdRequestBuilderInternal(c.route(), c.adapter, inQuotes(appID))
}

// ServicePrincipal by the application's appId.
func (c *client) ServicePrincipal(ctx context.Context, appID string) (entra.ServicePrincipal, error) {
	return c.principalByAppID(ctx, operation{name: "read service principal", key: principalKey(appID), permission: readPermission}, appID)
}

func (c *client) principalByAppID(ctx context.Context, op operation, appID string) (entra.ServicePrincipal, error) {
	model, err := c.principalRequest(appID).Get(ctx, &serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilderGetQueryParameters{Select: properties.ServicePrincipalSelect},
	})
	return c.readPrincipal(op, model, err)
}

func (c *client) readPrincipal(op operation, model models.ServicePrincipalable, err error) (entra.ServicePrincipal, error) {
	model, err = checked(c, op, model, err)
	if err != nil {
		return entra.ServicePrincipal{}, err
	}
	principal := properties.ServicePrincipal(model)
	if err := c.memory.NoteSeen(principalKeys(principal), principal.CreatedAt); err != nil {
		return entra.ServicePrincipal{}, c.translate(op, err)
	}
	memory.Overlay[entra.ServicePrincipalPatch](c.memory, principal.ObjectID, &principal)
	return principal, nil
}

// principalKeys are both keys of a service principal: whoever deletes its application deletes it by appID.
func principalKeys(principal entra.ServicePrincipal) memory.Object {
	return memory.Object{Key: principalKey(principal.AppID), Aliases: []string{principal.ObjectID}}
}

func (c *client) noteCreatedPrincipal(principal entra.ServicePrincipal) {
	c.memory.NoteCreated(principalKeys(principal))
	memory.Overlay[entra.ServicePrincipalPatch](c.memory, principal.ObjectID, &principal)
}

// CreateServicePrincipal gives an application its identity in the tenant.
func (c *client) CreateServicePrincipal(ctx context.Context, sp entra.NewServicePrincipal) (entra.ServicePrincipal, error) {
	op := operation{name: "create service principal", objects: []string{sp.AppID}, permission: writePermission}
	body, err := properties.NewServicePrincipalModel(sp)
	if err != nil {
		return entra.ServicePrincipal{}, c.translate(op, err)
	}
	c.bindOwner(body, sp.OwnerID)
	var model models.ServicePrincipalable
	err = c.write(ctx, op, sp.AppID, func() (err error) {
		model, err = notEmpty(c.principals().Post(ctx, body, nil))
		return err
	})
	if err != nil {
		return entra.ServicePrincipal{}, err
	}
	created := properties.ServicePrincipal(model)
	c.noteCreatedPrincipal(created)
	return created, nil
}

// UpdateServicePrincipal sends what differs.
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

package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipalswithappid"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func (c *client) principals() *serviceprincipals.ServicePrincipalsRequestBuilder {
	return serviceprincipals.NewServicePrincipalsRequestBuilderInternal(c.route(), c.adapter)
}

func (c *client) principalWith(appID string) *serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilder {
	return serviceprincipalswithappid.NewServicePrincipalsWithAppIdRequestBuilderInternal(c.route(), c.adapter, inQuotes(appID))
}

// ServicePrincipal by the application's appId.
func (c *client) ServicePrincipal(ctx context.Context, appID string) (entra.ServicePrincipal, error) {
	return c.principalByAppID(ctx, matter{step: "read service principal", sought: principalKey(appID), needs: needsRead}, appID)
}

func (c *client) principalByAppID(ctx context.Context, m matter, appID string) (entra.ServicePrincipal, error) {
	model, err := c.principalWith(appID).Get(ctx, &serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilderGetQueryParameters{Select: principalFields},
	})
	return c.readPrincipal(m, model, err)
}

func (c *client) readPrincipal(m matter, model models.ServicePrincipalable, err error) (entra.ServicePrincipal, error) {
	model, err = answered(c, m, model, err)
	if err != nil {
		return entra.ServicePrincipal{}, err
	}
	principal := principalOf(model)
	if err := c.memory.sawPrincipal(principal); err != nil {
		return entra.ServicePrincipal{}, c.settle(m, err)
	}
	lay[entra.ServicePrincipalPatch](c.memory, principal.ObjectID, &principal)
	return principal, nil
}

func (m *memory) sawPrincipal(principal entra.ServicePrincipal) error {
	m.relatePrincipal(principal)
	return m.saw(principal.CreatedAt, principalKey(principal.AppID), principal.ObjectID)
}

// relatePrincipal makes both keys of a principal one object: whoever deletes its application deletes it by appID.
func (m *memory) relatePrincipal(principal entra.ServicePrincipal) {
	m.related(principalKey(principal.AppID), []string{principal.ObjectID}, nil)
}

func (m *memory) principalCreated(principal entra.ServicePrincipal) {
	m.relatePrincipal(principal)
	m.created(principalKey(principal.AppID))
	lay[entra.ServicePrincipalPatch](m, principal.ObjectID, &principal)
}

// CreateServicePrincipal gives an application its identity in the tenant.
func (c *client) CreateServicePrincipal(ctx context.Context, sp entra.NewServicePrincipal) (entra.ServicePrincipal, error) {
	m := matter{step: "create service principal", about: []string{sp.AppID}, needs: needsWrite}
	body := models.NewServicePrincipal()
	body.SetAppId(&sp.AppID)
	body.SetAppRoleAssignmentRequired(&sp.AssignmentRequired)
	if len(sp.Tags) > 0 {
		body.SetTags(list(sp.Tags))
	}
	body.SetAdditionalData(c.ownedBy(sp.OwnerID))
	var model models.ServicePrincipalable
	err := c.writing(ctx, m, sp.AppID, func() (err error) {
		model, err = c.principals().Post(ctx, body, nil)
		return err
	})
	if err == nil {
		model, err = answered(c, m, model, nil)
	}
	if err != nil {
		return entra.ServicePrincipal{}, err
	}
	created := principalOf(model)
	c.memory.principalCreated(created)
	return created, nil
}

// UpdateServicePrincipal sends what differs.
func (c *client) UpdateServicePrincipal(ctx context.Context, objectID string, patch entra.ServicePrincipalPatch) error {
	m := matter{step: "update service principal", about: []string{objectID}, needs: needsWrite}
	return c.writing(ctx, m, objectID, func() error {
		body := models.NewServicePrincipal()
		body.SetAppRoleAssignmentRequired(patch.AssignmentRequired)
		if patch.Tags != nil {
			body.SetTags(list(*patch.Tags))
		}
		_, err := c.principals().ByServicePrincipalId(objectID).Patch(ctx, body, nil)
		if err == nil {
			wrote(c.memory, objectID, patch)
			c.apis.forget(objectID)
		}
		return err
	})
}

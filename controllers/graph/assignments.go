package graph

import (
	"context"
	"fmt"
	"slices"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipalswithappid"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// rolesToo expands a service principal's roles.
var rolesToo = []string{"appRoleAssignments"}

// expansion is how many items $expand gives at most, without telling whether there are more.
const expansion = 20

func givenKey(principalID string) string  { return "given:" + principalID }
func holdersKey(resourceID string) string { return "holders:" + resourceID }

func assignmentID(a entra.Assignment) string { return a.ID }

// Client reads a service principal with the roles that it has been given.
func (c *client) Client(ctx context.Context, objectID string) (entra.Client, error) {
	m := matter{step: "read the client's service principal", sought: objectID, needs: needsRead}
	if err := mustBeIDs(m.step, objectID); err != nil {
		return entra.Client{}, err
	}
	model, err := c.principals().ByServicePrincipalId(objectID).Get(ctx, &serviceprincipals.ServicePrincipalItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipals.ServicePrincipalItemRequestBuilderGetQueryParameters{Select: principalFields, Expand: rolesToo},
	})
	return c.readClient(ctx, m, model, err)
}

// ClientByAppID reads the same by the application's appId. It may be anybody's: one miss is enough for one that we do not know.
func (c *client) ClientByAppID(ctx context.Context, appID string) (entra.Client, error) {
	m := matter{step: "read the client's service principal", sought: principalKey(appID), strange: true, needs: needsRead}
	model, err := c.principalWith(appID).Get(ctx, &serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilderGetQueryParameters{Select: principalFields, Expand: rolesToo},
	})
	return c.readClient(ctx, m, model, err)
}

func (c *client) readClient(ctx context.Context, m matter, model models.ServicePrincipalable, err error) (entra.Client, error) {
	principal, err := c.readPrincipal(m, model, err)
	if err != nil {
		return entra.Client{}, err
	}
	given := assignmentsOf(model.GetAppRoleAssignments())
	if len(given) >= expansion {
		if given, err = c.given(ctx, m, principal.ObjectID); err != nil {
			return entra.Client{}, err
		}
	}
	return entra.Client{ServicePrincipal: principal, Assignments: c.complete(givenKey(principal.ObjectID), given)}, nil
}

// given lists the roles that a principal holds, all pages.
func (c *client) given(ctx context.Context, m matter, objectID string) ([]entra.Assignment, error) {
	builder := c.principals().ByServicePrincipalId(objectID).AppRoleAssignments()
	page, err := builder.Get(ctx, &serviceprincipals.ItemAppRoleAssignmentsRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipals.ItemAppRoleAssignmentsRequestBuilderGetQueryParameters{Top: &whole},
	})
	return c.assignments(m, page, err, func(next string) (paged, error) { return builder.WithUrl(next).Get(ctx, nil) })
}

// Holders are those who have been given a role of this API, all pages.
func (c *client) Holders(ctx context.Context, apiObjectID string) ([]entra.Assignment, error) {
	m := matter{step: "read the holders of the API's roles", sought: apiObjectID, needs: needsRead}
	if err := mustBeIDs(m.step, apiObjectID); err != nil {
		return nil, err
	}
	builder := c.principals().ByServicePrincipalId(apiObjectID).AppRoleAssignedTo()
	page, err := builder.Get(ctx, &serviceprincipals.ItemAppRoleAssignedToRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipals.ItemAppRoleAssignedToRequestBuilderGetQueryParameters{Top: &whole},
	})
	found, err := c.assignments(m, page, err, func(next string) (paged, error) { return builder.WithUrl(next).Get(ctx, nil) })
	if err != nil {
		return nil, err
	}
	return c.complete(holdersKey(apiObjectID), found), nil
}

// complete lays our recent writes over a list, and drops what went with an object that we deleted.
func (c *client) complete(key string, shown []entra.Assignment) []entra.Assignment {
	return slices.DeleteFunc(complete(c.memory, key, shown, assignmentID), func(a entra.Assignment) bool {
		return c.memory.deletedAny(a.PrincipalID, a.ResourceID)
	})
}

func (c *client) assignments(m matter, page paged, err error, follow func(string) (paged, error)) ([]entra.Assignment, error) {
	var found []entra.Assignment
	err = c.pages(m, page, err, follow, func(p paged) bool {
		found = append(found, assignmentsOf(p.(models.AppRoleAssignmentCollectionResponseable).GetValue())...)
		return true
	})
	return found, err
}

// Assign gives a role. A role that Entra does not find may not be copied from the application to its principal yet.
func (c *client) Assign(ctx context.Context, a entra.Assignment) (entra.Assignment, error) {
	m := matter{
		step: "assign app role", needs: needsAssign,
		about: []string{a.PrincipalID, a.ResourceID, "role:" + a.ResourceID + ":" + a.AppRoleID},
	}
	body, err := assignmentModel(a)
	if err != nil {
		return entra.Assignment{}, c.settle(m, err)
	}
	var given entra.Assignment
	err = c.writing(ctx, m, a.PrincipalID, func() error {
		model, err := c.principals().ByServicePrincipalId(a.ResourceID).AppRoleAssignedTo().Post(ctx, body, nil)
		if err != nil {
			return err
		}
		if model == nil {
			return fmt.Errorf("%w: Graph's answer was empty", entra.ErrUnreachable)
		}
		given = assignmentOf(model)
		c.memory.added(givenKey(a.PrincipalID), given.ID, given)
		c.memory.added(holdersKey(a.ResourceID), given.ID, given)
		return nil
	}, a.ResourceID)
	return given, err
}

func assignmentModel(a entra.Assignment) (models.AppRoleAssignmentable, error) {
	ids, err := each([]string{a.PrincipalID, a.ResourceID, a.AppRoleID}, guid)
	if err != nil {
		return nil, err
	}
	body := models.NewAppRoleAssignment()
	body.SetPrincipalId(ids[0])
	body.SetResourceId(ids[1])
	body.SetAppRoleId(ids[2])
	return body, nil
}

// Unassign takes a role away; it succeeds where it is gone.
func (c *client) Unassign(ctx context.Context, a entra.Assignment) error {
	m := matter{step: "remove app role assignment", about: []string{a.ResourceID}, needs: needsAssign}
	return c.writing(ctx, m, a.ResourceID, func() error {
		err := c.principals().ByServicePrincipalId(a.ResourceID).AppRoleAssignedTo().ByAppRoleAssignmentId(a.ID).Delete(ctx, nil)
		return c.taken(err, a.ID, []string{a.ResourceID, a.PrincipalID}, holdersKey(a.ResourceID), givenKey(a.PrincipalID))
	}, a.ID)
}

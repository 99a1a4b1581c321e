package graph

import (
	"context"
	"slices"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipalswithappid"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/memory"
	"github.com/entra-registrar/entra-registrar/controllers/graph/properties"
)

// expandAssignments expands a service principal's roles.
var expandAssignments = []string{"appRoleAssignments"}

// maxExpanded is how many items $expand gives at most, without telling whether there are more.
const maxExpanded = 20

func givenKey(principalID string) string  { return "given:" + principalID }
func holdersKey(resourceID string) string { return "holders:" + resourceID }

func assignmentID(a entra.Assignment) string { return a.ID }

// Client reads a service principal with the roles that it has been given.
func (c *client) Client(ctx context.Context, objectID string) (entra.Client, error) {
	op := operation{name: "read the client's service principal", key: objectID, permission: readPermission}
	if err := mustBeIDs(op.name, objectID); err != nil {
		return entra.Client{}, err
	}
	model, err := c.principals().ByServicePrincipalId(objectID).Get(ctx, &serviceprincipals.ServicePrincipalItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipals.ServicePrincipalItemRequestBuilderGetQueryParameters{Select: properties.ServicePrincipalSelect, Expand: expandAssignments},
	})
	return c.readClient(ctx, op, model, err)
}

// ClientByAppID reads the same by the application's appId. It may be anybody's: one miss is enough for one that we do not know.
func (c *client) ClientByAppID(ctx context.Context, appID string) (entra.Client, error) {
	op := operation{name: "read the client's service principal", key: principalKey(appID), foreign: true, permission: readPermission}
	model, err := c.principalRequest(appID).Get(ctx, &serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipalswithappid.ServicePrincipalsWithAppIdRequestBuilderGetQueryParameters{Select: properties.ServicePrincipalSelect, Expand: expandAssignments},
	})
	return c.readClient(ctx, op, model, err)
}

func (c *client) readClient(ctx context.Context, op operation, model models.ServicePrincipalable, err error) (entra.Client, error) {
	principal, err := c.readPrincipal(op, model, err)
	if err != nil {
		return entra.Client{}, err
	}
	given := properties.All(model.GetAppRoleAssignments(), properties.Assignment)
	if len(given) >= maxExpanded {
		if given, err = c.given(ctx, op, principal.ObjectID); err != nil {
			return entra.Client{}, err
		}
	}
	return entra.Client{ServicePrincipal: principal, Assignments: c.completeAssignments(givenKey(principal.ObjectID), given)}, nil
}

// given lists the roles that a principal holds, all pages.
func (c *client) given(ctx context.Context, op operation, objectID string) ([]entra.Assignment, error) {
	builder := c.principals().ByServicePrincipalId(objectID).AppRoleAssignments()
	page, err := builder.Get(ctx, &serviceprincipals.ItemAppRoleAssignmentsRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipals.ItemAppRoleAssignmentsRequestBuilderGetQueryParameters{Top: &pageSize},
	})
	return c.listAssignments(op, page, err, func(link string) (assignmentPage, error) { return builder.WithUrl(link).Get(ctx, nil) })
}

// Holders are those who have been given a role of this API, all pages.
func (c *client) Holders(ctx context.Context, apiObjectID string) ([]entra.Assignment, error) {
	op := operation{name: "read the holders of the API's roles", key: apiObjectID, permission: readPermission}
	if err := mustBeIDs(op.name, apiObjectID); err != nil {
		return nil, err
	}
	builder := c.principals().ByServicePrincipalId(apiObjectID).AppRoleAssignedTo()
	page, err := builder.Get(ctx, &serviceprincipals.ItemAppRoleAssignedToRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipals.ItemAppRoleAssignedToRequestBuilderGetQueryParameters{Top: &pageSize},
	})
	found, err := c.listAssignments(op, page, err, func(link string) (assignmentPage, error) { return builder.WithUrl(link).Get(ctx, nil) })
	if err != nil {
		return nil, err
	}
	return c.completeAssignments(holdersKey(apiObjectID), found), nil
}

// completeAssignments lays our recent writes over a list, and drops what went with an object that we deleted.
func (c *client) completeAssignments(key string, shown []entra.Assignment) []entra.Assignment {
	return slices.DeleteFunc(memory.CompleteList(c.memory, key, shown, assignmentID), func(a entra.Assignment) bool {
		return c.memory.AnyDeleted(a.PrincipalID, a.ResourceID)
	})
}

type assignmentPage = models.AppRoleAssignmentCollectionResponseable

func (c *client) listAssignments(
	op operation, page assignmentPage, err error, follow func(link string) (assignmentPage, error),
) ([]entra.Assignment, error) {
	var found []entra.Assignment
	err = list(c, op, page, err, follow, func(model models.AppRoleAssignmentable) bool {
		found = append(found, properties.Assignment(model))
		return true
	})
	return found, err
}

// Assign gives a role. A role that Entra does not find may not be copied from the application to its principal yet.
func (c *client) Assign(ctx context.Context, a entra.Assignment) (entra.Assignment, error) {
	op := operation{
		name: "assign app role", permission: assignPermission,
		objects: []string{a.PrincipalID, a.ResourceID, "role:" + a.ResourceID + ":" + a.AppRoleID},
	}
	body, err := properties.AssignmentModel(a)
	if err != nil {
		return entra.Assignment{}, c.translate(op, err)
	}
	var given entra.Assignment
	err = c.write(ctx, op, a.PrincipalID, func() error {
		model, err := notEmpty(c.principals().ByServicePrincipalId(a.ResourceID).AppRoleAssignedTo().Post(ctx, body, nil))
		if err != nil {
			return err
		}
		given = properties.Assignment(model)
		c.memory.NoteAdded(givenKey(a.PrincipalID), given.ID, given)
		c.memory.NoteAdded(holdersKey(a.ResourceID), given.ID, given)
		return nil
	}, a.ResourceID)
	return given, err
}

// Unassign takes a role away; it succeeds where it is gone.
func (c *client) Unassign(ctx context.Context, a entra.Assignment) error {
	op := operation{name: "remove app role assignment", objects: []string{a.ResourceID}, permission: assignPermission}
	return c.write(ctx, op, a.ResourceID, func() error {
		err := c.principals().ByServicePrincipalId(a.ResourceID).AppRoleAssignedTo().ByAppRoleAssignmentId(a.ID).Delete(ctx, nil)
		return c.noteRemoval(err, a.ID, []string{a.ResourceID, a.PrincipalID}, holdersKey(a.ResourceID), givenKey(a.PrincipalID))
	}, a.ID)
}

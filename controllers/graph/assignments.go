package graph

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"
	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/memory"
	"github.com/entra-registrar/entra-registrar/controllers/graph/properties"
)

// maxExpanded is how many items $expand gives at most, without telling whether there are more.
const maxExpanded = 20

func assignmentsKey(principalID string) string { return "given:" + principalID }
func assignedToKey(resourceID string) string   { return "holders:" + resourceID }

func assignmentID(a entra.Assignment) string { return a.ID }

func (c *client) Client(ctx context.Context, objectID string) (entra.Client, error) {
	op := operation{name: "read the client's service principal", key: objectID, permission: readPermission}
	return get(c, op, c.principalByID(ctx, objectID, "appRoleAssignments"), c.readClient(ctx, op), objectID)
}

// ClientByAppID reads a client that may be anybody's: one miss is enough for one that we do not know.
func (c *client) ClientByAppID(ctx context.Context, appID string) (entra.Client, error) {
	op := operation{name: "read the client's service principal", key: principalKey(appID), foreign: true, permission: readPermission}
	return get(c, op, c.principalByAppID(ctx, appID, "appRoleAssignments"), c.readClient(ctx, op))
}

func (c *client) readClient(ctx context.Context, op operation) func(models.ServicePrincipalable) (entra.Client, error) {
	return func(model models.ServicePrincipalable) (entra.Client, error) {
		principal, err := c.readPrincipal(model)
		if err != nil {
			return entra.Client{}, err
		}
		given := properties.All(model.GetAppRoleAssignments(), properties.Assignment)
		if len(given) >= maxExpanded {
			given, err = c.allAssignments(ctx, op, principal.ObjectID)
		}
		return entra.Client{ServicePrincipal: principal, Assignments: c.completeAssignments(assignmentsKey(principal.ObjectID), given)}, err
	}
}

// allAssignments lists the roles that a principal holds, all pages.
func (c *client) allAssignments(ctx context.Context, op operation, objectID string) ([]entra.Assignment, error) {
	builder := c.principals().ByServicePrincipalId(objectID).AppRoleAssignments()
	return all(ctx, c, op, builder, &serviceprincipals.ItemAppRoleAssignmentsRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipals.ItemAppRoleAssignmentsRequestBuilderGetQueryParameters{Top: &pageSize},
	}, properties.Assignment)
}

func (c *client) Holders(ctx context.Context, apiObjectID string) ([]entra.Assignment, error) {
	op := operation{name: "read the holders of the API's roles", key: apiObjectID, permission: readPermission}
	builder := c.principals().ByServicePrincipalId(apiObjectID).AppRoleAssignedTo()
	found, err := all(ctx, c, op, builder, &serviceprincipals.ItemAppRoleAssignedToRequestBuilderGetRequestConfiguration{
		QueryParameters: &serviceprincipals.ItemAppRoleAssignedToRequestBuilderGetQueryParameters{Top: &pageSize},
	}, properties.Assignment, apiObjectID)
	if err != nil {
		return nil, err
	}
	return c.completeAssignments(assignedToKey(apiObjectID), found), nil
}

// completeAssignments lays our recent writes over a list, and drops what went with an object that we deleted.
func (c *client) completeAssignments(key string, shown []entra.Assignment) []entra.Assignment {
	return slices.DeleteFunc(memory.CompleteList(c.memory, key, shown, assignmentID), func(a entra.Assignment) bool {
		return c.memory.AnyDeleted(a.PrincipalID, a.ResourceID)
	})
}

// collections are where the kinds of member are.
var collections = map[entra.MemberKind]string{
	entra.MemberServicePrincipal: "servicePrincipals", entra.MemberGroup: "groups", entra.MemberUser: "users",
}

// Member reads a user or a group with the roles of one API. Entra lists with a user's own roles those of its groups: they are left
// out. The request is made with the builder of service principals, whose answer is the same: the SDK's packages for users and groups
// are its largest.
func (c *client) Member(ctx context.Context, kind entra.MemberKind, objectID, apiObjectID string) (entra.Member, error) {
	op := operation{name: fmt.Sprintf("read the roles of %s %s", kind, objectID), key: objectID, permission: assignPermission}
	if err := mustBeIDs(objectID, apiObjectID); err != nil {
		return entra.Member{}, fmt.Errorf("read the roles of a principal: %w", err)
	}
	query := url.Values{"$filter": {"resourceId eq " + apiObjectID}}.Encode()
	builder := c.principals().ByServicePrincipalId(objectID).AppRoleAssignments().
		WithUrl(fmt.Sprintf("%s/v1.0/%s/%s/appRoleAssignments?%s", c.graph, collections[kind], objectID, query))
	member := entra.Member{ID: objectID, Kind: kind}
	err := list(ctx, c, op, builder, nil, func(model models.AppRoleAssignmentable) bool {
		if assignment := properties.Assignment(model); assignment.PrincipalID == objectID {
			member.DisplayName = ptr.Deref(model.GetPrincipalDisplayName(), "")
			member.Assignments = append(member.Assignments, assignment)
		}
		return false
	})
	if err != nil {
		return entra.Member{}, err
	}
	if err := c.memory.NoteSeen(memory.Object{Key: objectID}, time.Time{}); err != nil {
		return entra.Member{}, c.translate(op, err)
	}
	member.Assignments = slices.DeleteFunc(c.completeAssignments(assignmentsKey(objectID), member.Assignments), func(a entra.Assignment) bool {
		return a.ResourceID != apiObjectID
	})
	return member, nil
}

// Assign gives a role. A role that Entra does not find may not be copied from the application to its principal yet.
func (c *client) Assign(ctx context.Context, a entra.Assignment) (entra.Assignment, error) {
	op := operation{
		name: "assign app role", permission: assignPermission,
		objects: []string{a.PrincipalID, a.ResourceID, "role:" + a.ResourceID + ":" + a.AppRoleID},
	}
	return create(ctx, c, op, a.PrincipalID, func() (models.AppRoleAssignmentable, error) {
		body, err := properties.AssignmentModel(a)
		if err != nil {
			return nil, err
		}
		return c.principals().ByServicePrincipalId(a.ResourceID).AppRoleAssignedTo().Post(ctx, body, nil)
	}, func(model models.AppRoleAssignmentable) entra.Assignment {
		given := properties.Assignment(model)
		c.memory.NoteAdded(assignmentsKey(a.PrincipalID), given.ID, given)
		c.memory.NoteAdded(assignedToKey(a.ResourceID), given.ID, given)
		return given
	}, a.ResourceID)
}

// Unassign takes a role away; it succeeds where it is gone.
func (c *client) Unassign(ctx context.Context, a entra.Assignment) error {
	op := operation{name: "remove app role assignment", objects: []string{a.ResourceID}, permission: assignPermission}
	return c.write(ctx, op, a.ResourceID, func() error {
		err := c.principals().ByServicePrincipalId(a.ResourceID).AppRoleAssignedTo().ByAppRoleAssignmentId(a.ID).Delete(ctx, nil)
		return c.noteRemoval(err, a.ID, []string{a.ResourceID, a.PrincipalID}, assignedToKey(a.ResourceID), assignmentsKey(a.PrincipalID))
	}, a.ID)
}

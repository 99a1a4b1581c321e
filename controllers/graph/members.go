package graph

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/memory"
	"github.com/entra-registrar/entra-registrar/controllers/graph/properties"
)

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
	builder := c.principals().ByServicePrincipalId(objectID).AppRoleAssignments()
	follow := func(link string) (assignmentPage, error) { return builder.WithUrl(link).Get(ctx, nil) }
	page, err := follow(fmt.Sprintf("%s/v1.0/%s/%s/appRoleAssignments?%s", c.graph, collections[kind], objectID, query))
	member := entra.Member{ID: objectID, Kind: kind}
	err = list(c, op, page, err, follow, func(model models.AppRoleAssignmentable) bool {
		if assignment := properties.Assignment(model); assignment.PrincipalID == objectID {
			member.DisplayName = ptr.Deref(model.GetPrincipalDisplayName(), "")
			member.Assignments = append(member.Assignments, assignment)
		}
		return true
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

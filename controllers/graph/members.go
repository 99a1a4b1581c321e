package graph

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// collections are where the kinds of member are.
var collections = map[entra.MemberKind]string{
	entra.MemberServicePrincipal: "servicePrincipals", entra.MemberGroup: "groups", entra.MemberUser: "users",
}

// Member reads a user or a group with the roles of one API. Entra lists with a user's own roles those of its groups: they are left
// out. The request is made with the builder of service principals, whose answer is the same: the SDK's packages for users and groups
// are its largest.
func (c *client) Member(ctx context.Context, kind entra.MemberKind, objectID, apiObjectID string) (entra.Member, error) {
	m := matter{step: fmt.Sprintf("read the roles of %s %s", kind, objectID), sought: objectID, needs: needsAssign}
	if err := mustBeIDs("read the roles of a principal", objectID, apiObjectID); err != nil {
		return entra.Member{}, err
	}
	query := url.Values{"$filter": {"resourceId eq " + apiObjectID}}.Encode()
	builder := c.principals().ByServicePrincipalId(objectID).AppRoleAssignments()
	follow := func(link string) (paged, error) { return builder.WithUrl(link).Get(ctx, nil) }
	page, err := follow(fmt.Sprintf("%s/v1.0/%s/%s/appRoleAssignments?%s", c.home, collections[kind], objectID, query))
	member := entra.Member{ID: objectID, Kind: kind}
	err = c.pages(m, page, err, follow, func(p paged) bool {
		for _, model := range p.(models.AppRoleAssignmentCollectionResponseable).GetValue() {
			if id(model.GetPrincipalId()) == objectID {
				member.DisplayName = value(model.GetPrincipalDisplayName())
				member.Assignments = append(member.Assignments, assignmentOf(model))
			}
		}
		return true
	})
	if err != nil {
		return entra.Member{}, err
	}
	if err := c.memory.saw(time.Time{}, objectID); err != nil {
		return entra.Member{}, c.settle(m, err)
	}
	member.Assignments = slices.DeleteFunc(c.complete(givenKey(objectID), member.Assignments), func(a entra.Assignment) bool {
		return a.ResourceID != apiObjectID
	})
	return member, nil
}

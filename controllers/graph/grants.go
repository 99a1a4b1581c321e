package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/oauth2permissiongrants"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// The consent types of a grant.
const (
	forAllUsers = "AllPrincipals"
	forOneUser  = "Principal"
)

func grantsKey(clientID string) string { return "grants:" + clientID }

func grantID(g entra.Grant) string { return g.ID }

// grantPatch is what can be changed of a grant.
type grantPatch struct{ Scopes *[]string }

// turnOf is the key under which writes on a grant take turns.
func turnOf(key entra.GrantKey) string {
	return strings.Join([]string{"grant", key.ClientID, key.ResourceID, key.UserID}, "_")
}

func (c *client) grants() *oauth2permissiongrants.Oauth2PermissionGrantsRequestBuilder {
	return oauth2permissiongrants.NewOauth2PermissionGrantsRequestBuilderInternal(c.route(), c.adapter)
}

// Grants are the consents that a client has been given.
func (c *client) Grants(ctx context.Context, clientObjectID string) ([]entra.Grant, error) {
	m := matter{step: "read the client's consents", needs: needsGrants}
	if err := mustBeIDs(m.step, clientObjectID); err != nil {
		return nil, err
	}
	builder, filter := c.grants(), fmt.Sprintf("clientId eq '%s'", clientObjectID)
	page, err := builder.Get(ctx, &oauth2permissiongrants.Oauth2PermissionGrantsRequestBuilderGetRequestConfiguration{
		QueryParameters: &oauth2permissiongrants.Oauth2PermissionGrantsRequestBuilderGetQueryParameters{Filter: &filter},
	})
	var shown []entra.Grant
	err = c.pages(m, page, err, func(next string) (paged, error) { return builder.WithUrl(next).Get(ctx, nil) }, func(p paged) bool {
		for _, model := range p.(models.OAuth2PermissionGrantCollectionResponseable).GetValue() {
			shown = append(shown, grantOf(model))
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	grants := slices.DeleteFunc(complete(c.memory, grantsKey(clientObjectID), shown, grantID), func(g entra.Grant) bool {
		return c.memory.deletedAny(g.ClientID, g.ResourceID)
	})
	for i := range grants {
		lay[grantPatch](c.memory, grants[i].ID, &grants[i])
	}
	return grants, nil
}

// CreateGrant consents. Where there is a grant already that we took away a moment ago, others have made it anew.
func (c *client) CreateGrant(ctx context.Context, g entra.Grant) (entra.Grant, error) {
	m := matter{step: "consent", about: []string{g.ClientID, g.ResourceID}, needs: needsGrant}
	scope, err := scopeOf(g.Scopes)
	if err != nil {
		return entra.Grant{}, c.settle(m, err)
	}
	body := models.NewOAuth2PermissionGrant()
	body.SetClientId(&g.ClientID)
	body.SetResourceId(&g.ResourceID)
	body.SetScope(&scope)
	consent := forAllUsers
	if g.UserID != "" {
		consent = forOneUser
		m.about = append(m.about, g.UserID)
		body.SetPrincipalId(&g.UserID)
	}
	body.SetConsentType(&consent)
	var created entra.Grant
	err = c.writing(ctx, m, turnOf(g.GrantKey), func() error {
		model, err := c.grants().Post(ctx, body, nil)
		if meets(err, taken) {
			c.memory.reappeared(grantsKey(g.ClientID))
		}
		if err != nil {
			return err
		}
		if model == nil {
			return fmt.Errorf("%w: Graph's answer was empty", entra.ErrUnreachable)
		}
		created = grantOf(model)
		c.memory.created(created.ID)
		c.memory.added(grantsKey(created.ClientID), created.ID, created)
		lay[grantPatch](c.memory, created.ID, &created)
		return nil
	})
	return created, err
}

// ChangeGrant merges a change into a grant.
func (c *client) ChangeGrant(ctx context.Context, g entra.Grant, change entra.GrantChange) (entra.Grant, error) {
	m := matter{step: "change consent", about: []string{g.ID}, needs: needsGrant}
	var left entra.Grant
	err := c.writing(ctx, m, turnOf(g.GrantKey), func() error {
		now, err := c.grant(ctx, g.ID)
		if errors.Is(err, entra.ErrNotFound) && len(change.Add) == 0 {
			left = entra.Grant{ID: g.ID, GrantKey: g.GrantKey}
			return nil
		}
		if err != nil {
			return err
		}
		left = now
		left.Scopes = merged(now.Scopes, change)
		switch {
		case slices.Equal(sorted(left.Scopes), sorted(now.Scopes)):
			return nil
		case len(left.Scopes) == 0:
			return c.deleteGrant(ctx, now)
		default:
			return c.patchGrant(ctx, left)
		}
	}, g.ID)
	if err != nil {
		return entra.Grant{}, err
	}
	return left, nil
}

// grant reads a grant by its ID, with our recent writes laid over.
func (c *client) grant(ctx context.Context, id string) (entra.Grant, error) {
	m := matter{step: "read it", sought: id, needs: needsGrant}
	model, err := c.grants().ByOAuth2PermissionGrantId(id).Get(ctx, nil)
	if model, err = answered(c, m, model, err); err != nil {
		return entra.Grant{}, err
	}
	if err := c.memory.saw(time.Time{}, id); err != nil {
		return entra.Grant{}, c.settle(m, err)
	}
	found := grantOf(model)
	lay[grantPatch](c.memory, id, &found)
	return found, nil
}

func (c *client) patchGrant(ctx context.Context, g entra.Grant) error {
	scope, err := scopeOf(g.Scopes)
	if err != nil {
		return err
	}
	body := models.NewOAuth2PermissionGrant()
	body.SetScope(&scope)
	if _, err = c.grants().ByOAuth2PermissionGrantId(g.ID).Patch(ctx, body, nil); err != nil {
		return notShown(err)
	}
	wrote(c.memory, g.ID, grantPatch{&g.Scopes})
	return nil
}

func (c *client) deleteGrant(ctx context.Context, g entra.Grant) error {
	if err := c.grants().ByOAuth2PermissionGrantId(g.ID).Delete(ctx, nil); err != nil {
		return notShown(err)
	}
	c.memory.deleted(g.ID)
	c.memory.removed(grantsKey(g.ClientID), g.ID)
	return nil
}

// notShown makes lag of a miss right after a read: which of the two was behind, the next look tells. To take it for gone could leave
// a consent in place.
func notShown(err error) error {
	if isMissing(err) {
		return fmt.Errorf("%w: it was shown a moment ago", entra.ErrLagging)
	}
	return err
}

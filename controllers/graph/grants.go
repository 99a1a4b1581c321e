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
	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/memory"
	"github.com/entra-registrar/entra-registrar/controllers/graph/properties"
	"github.com/entra-registrar/entra-registrar/controllers/graph/wire"
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

// Apply folds the patch into the grant.
func (p grantPatch) Apply(g *entra.Grant) { g.Scopes = ptr.Deref(p.Scopes, g.Scopes) }

// grantLockKey is the key under which writes on a grant exclude each other.
func grantLockKey(key entra.GrantKey) string {
	return strings.Join([]string{"grant", key.ClientID, key.ResourceID, key.UserID}, "_")
}

func (c *client) grants() *oauth2permissiongrants.Oauth2PermissionGrantsRequestBuilder {
	return oauth2permissiongrants.NewOauth2PermissionGrantsRequestBuilderInternal(nil, c.adapter)
}

func (c *client) Grants(ctx context.Context, clientObjectID string) ([]entra.Grant, error) {
	op := operation{name: "read the client's consents", permission: readGrantsPermission}
	filter := fmt.Sprintf("clientId eq '%s'", clientObjectID)
	shown, err := all(ctx, c, op, c.grants(), &oauth2permissiongrants.Oauth2PermissionGrantsRequestBuilderGetRequestConfiguration{
		QueryParameters: &oauth2permissiongrants.Oauth2PermissionGrantsRequestBuilderGetQueryParameters{Filter: &filter},
	}, properties.Grant, clientObjectID)
	if err != nil {
		return nil, err
	}
	grants := slices.DeleteFunc(memory.CompleteList(c.memory, grantsKey(clientObjectID), shown, grantID), func(g entra.Grant) bool {
		return c.memory.AnyDeleted(g.ClientID, g.ResourceID)
	})
	for i := range grants {
		memory.Overlay[grantPatch](c.memory, grants[i].ID, &grants[i])
	}
	return grants, nil
}

// applyChange gives scopes with a change; what is both added and removed is added.
func applyChange(scopes []string, change entra.GrantChange) []string {
	var kept []string
	for _, scope := range scopes {
		if !slices.Contains(change.Remove, scope) {
			kept = append(kept, scope)
		}
	}
	for _, scope := range change.Add {
		if !slices.Contains(kept, scope) {
			kept = append(kept, scope)
		}
	}
	return kept
}

func sameScopes(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// joinScopes is how Graph writes scopes; it refuses more than a grant can hold.
func joinScopes(scopes []string) (string, error) {
	text := strings.Join(scopes, " ")
	if len(text) > entra.MaxGrantScope {
		return "", entra.Refused{Reason: entra.RefusedInvalid, Property: "scope", Message: fmt.Sprintf(
			"all scopes of one consent, those of others included, may have %d characters together, and these have %d",
			entra.MaxGrantScope, len(text))}
	}
	return text, nil
}

// CreateGrant consents. Where there is a grant already that we removed a moment ago, others have made it anew.
func (c *client) CreateGrant(ctx context.Context, g entra.Grant) (entra.Grant, error) {
	op := operation{name: "consent", objects: []string{g.ClientID, g.ResourceID}, permission: grantPermission}
	scope, err := joinScopes(g.Scopes)
	if err != nil {
		return entra.Grant{}, c.translate(op, err)
	}
	body := models.NewOAuth2PermissionGrant()
	body.SetClientId(&g.ClientID)
	body.SetResourceId(&g.ResourceID)
	body.SetScope(&scope)
	consent := forAllUsers
	if g.UserID != "" {
		consent = forOneUser
		op.objects = append(op.objects, g.UserID)
		body.SetPrincipalId(&g.UserID)
	}
	body.SetConsentType(&consent)
	return create(ctx, c, op, grantLockKey(g.GrantKey), func() (models.OAuth2PermissionGrantable, error) {
		model, err := c.grants().Post(ctx, body, nil)
		if hasClass(err, wire.Exists) {
			c.memory.ForgetRemovals(grantsKey(g.ClientID))
		}
		return model, err
	}, func(model models.OAuth2PermissionGrantable) entra.Grant {
		created := properties.Grant(model)
		c.memory.NoteCreated(memory.Object{Key: created.ID})
		c.memory.NoteAdded(grantsKey(created.ClientID), created.ID, created)
		memory.Overlay[grantPatch](c.memory, created.ID, &created)
		return created
	})
}

func (c *client) ChangeGrant(ctx context.Context, g entra.Grant, change entra.GrantChange) (entra.Grant, error) {
	op := operation{name: "change consent", objects: []string{g.ID}, permission: grantPermission}
	var left entra.Grant
	err := c.write(ctx, op, grantLockKey(g.GrantKey), func() error {
		now, err := c.grant(ctx, g.ID)
		if errors.Is(err, entra.ErrNotFound) && len(change.Add) == 0 {
			left = entra.Grant{ID: g.ID, GrantKey: g.GrantKey}
			return nil
		}
		if err != nil {
			return err
		}
		left = now
		left.Scopes = applyChange(now.Scopes, change)
		switch {
		case sameScopes(left.Scopes, now.Scopes):
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
	return get(c, operation{name: "read it", key: id, permission: grantPermission}, func() (models.OAuth2PermissionGrantable, error) {
		return c.grants().ByOAuth2PermissionGrantId(id).Get(ctx, nil)
	}, func(model models.OAuth2PermissionGrantable) (entra.Grant, error) {
		if err := c.memory.NoteSeen(memory.Object{Key: id}, time.Time{}); err != nil {
			return entra.Grant{}, err
		}
		grant := properties.Grant(model)
		memory.Overlay[grantPatch](c.memory, id, &grant)
		return grant, nil
	})
}

func (c *client) patchGrant(ctx context.Context, g entra.Grant) error {
	scope, err := joinScopes(g.Scopes)
	if err != nil {
		return err
	}
	body := models.NewOAuth2PermissionGrant()
	body.SetScope(&scope)
	if _, err = c.grants().ByOAuth2PermissionGrantId(g.ID).Patch(ctx, body, nil); err != nil {
		return lagIfMissing(err)
	}
	memory.NotePatch(c.memory, g.ID, grantPatch{&g.Scopes})
	return nil
}

func (c *client) deleteGrant(ctx context.Context, g entra.Grant) error {
	if err := c.grants().ByOAuth2PermissionGrantId(g.ID).Delete(ctx, nil); err != nil {
		return lagIfMissing(err)
	}
	c.memory.NoteDeleted(g.ID)
	c.memory.NoteRemoved(grantsKey(g.ClientID), g.ID)
	return nil
}

// lagIfMissing makes lag of a miss right after a read: only the next read tells which of the two was behind. To take it for absent
// could leave a consent in place.
func lagIfMissing(err error) error {
	if isNotFound(err) {
		return fmt.Errorf("%w: it was shown a moment ago", entra.ErrLagging)
	}
	return err
}

package graph

import (
	"context"
	"fmt"

	"github.com/microsoftgraph/msgraph-sdk-go/applications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/memory"
	"github.com/entra-registrar/entra-registrar/controllers/graph/properties"
)

func federatedKey(applicationObjectID string) string { return "federated:" + applicationObjectID }

func federatedID(credential entra.FederatedCredential) string { return credential.ID }

func (c *client) federated(applicationObjectID string) *applications.ItemFederatedIdentityCredentialsRequestBuilder {
	return c.applications().ByApplicationId(applicationObjectID).FederatedIdentityCredentials()
}

// Trust reads an application's name, tags and federated credentials: an expansion holds 20, which is all there can be.
func (c *client) Trust(ctx context.Context, applicationObjectID string) (entra.Trust, error) {
	op := operation{name: "read federated credentials", key: applicationObjectID, permission: readPermission}
	selected := []string{"id", "appId", "uniqueName", "createdDateTime", "tags", "isDisabled", "disabledByMicrosoftStatus"}
	request := c.applicationByID(ctx, applicationObjectID, selected, "federatedIdentityCredentials")
	return get(c, op, request, c.readTrust, applicationObjectID)
}

func (c *client) readTrust(model models.Applicationable) (entra.Trust, error) {
	app := properties.Application(model)
	if err := c.memory.NoteSeen(keysOf(app), app.CreatedAt); err != nil {
		return entra.Trust{}, err
	}
	memory.Overlay[entra.ApplicationPatch](c.memory, app.ObjectID, &app.ApplicationSettings, "Tags")
	shown := properties.All(model.GetFederatedIdentityCredentials(), properties.FederatedCredential)
	credentials := memory.CompleteList(c.memory, federatedKey(app.ObjectID), shown, federatedID)
	for i := range credentials {
		memory.Overlay[entra.FederatedCredentialPatch](c.memory, credentials[i].ID, &credentials[i])
	}
	return entra.Trust{
		ApplicationID: app.ObjectID, UniqueName: app.UniqueName, Tags: app.Tags, Disabled: app.Disabled, Credentials: credentials,
	}, nil
}

// CreateFederatedCredential adds a trust to an application. It is never nested in the creation of the application: Graph
// answers that with 500, and does it.
func (c *client) CreateFederatedCredential(
	ctx context.Context, applicationObjectID string, credential entra.FederatedCredential,
) (entra.FederatedCredential, error) {
	op := operation{name: "create federated credential", objects: []string{applicationObjectID}, permission: writePermission}
	return create(ctx, c, op, applicationObjectID, func() (models.FederatedIdentityCredentialable, error) {
		return c.federated(applicationObjectID).Post(ctx, properties.NewFederatedCredentialModel(credential), nil)
	}, func(model models.FederatedIdentityCredentialable) entra.FederatedCredential {
		created := properties.FederatedCredential(model)
		c.memory.NoteAdded(federatedKey(applicationObjectID), created.ID, created)
		memory.Overlay[entra.FederatedCredentialPatch](c.memory, created.ID, &created)
		return created
	})
}

func (c *client) UpdateFederatedCredential(
	ctx context.Context, applicationObjectID, id string, patch entra.FederatedCredentialPatch,
) error {
	op := operation{name: "update federated credential", objects: []string{applicationObjectID}, permission: writePermission}
	return c.write(ctx, op, applicationObjectID, func() error {
		body := properties.FederatedCredentialModel(patch)
		_, err := c.federated(applicationObjectID).ByFederatedIdentityCredentialId(id).Patch(ctx, body, nil)
		if isNotFound(err) && c.memory.RecentlyAdded(federatedKey(applicationObjectID), id) {
			return fmt.Errorf("%w: created a moment ago", entra.ErrLagging)
		}
		if err == nil {
			memory.NotePatch(c.memory, id, patch)
		}
		return err
	}, id)
}

// DeleteFederatedCredential succeeds where it is gone; one that we made a moment ago may only not be seen.
func (c *client) DeleteFederatedCredential(ctx context.Context, applicationObjectID, id string) error {
	op := operation{name: "delete federated credential", objects: []string{applicationObjectID}, permission: writePermission}
	return c.write(ctx, op, applicationObjectID, func() error {
		err := c.federated(applicationObjectID).ByFederatedIdentityCredentialId(id).Delete(ctx, nil)
		return c.noteRemoval(err, id, []string{applicationObjectID}, federatedKey(applicationObjectID))
	}, id)
}

// noteRemoval notes that a member was removed from lists, also where it was not there any more. One that we added a moment ago may only not
// be seen, unless we deleted what it hangs on.
func (c *client) noteRemoval(err error, id string, parents []string, lists ...string) error {
	if isNotFound(err) {
		if c.memory.RecentlyAdded(lists[0], id) && !c.memory.AnyDeleted(parents...) {
			return fmt.Errorf("%w: created a moment ago", entra.ErrLagging)
		}
		err = nil
	}
	if err == nil {
		for _, list := range lists {
			c.memory.NoteRemoved(list, id)
		}
	}
	return err
}

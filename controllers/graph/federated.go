package graph

import (
	"context"
	"fmt"

	"github.com/microsoftgraph/msgraph-sdk-go/applications"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func federatedKey(applicationObjectID string) string { return "federated:" + applicationObjectID }

func federatedID(credential entra.FederatedCredential) string { return credential.ID }

func (c *client) federated(applicationObjectID string) *applications.ItemFederatedIdentityCredentialsRequestBuilder {
	return c.applications().ByApplicationId(applicationObjectID).FederatedIdentityCredentials()
}

// Trust reads an application's name, marks and federated credentials: an expansion holds 20, which is all there can be.
func (c *client) Trust(ctx context.Context, applicationObjectID string) (entra.Trust, error) {
	m := matter{step: "read federated credentials", sought: applicationObjectID, needs: needsRead}
	if err := mustBeIDs(m.step, applicationObjectID); err != nil {
		return entra.Trust{}, err
	}
	model, err := c.applications().ByApplicationId(applicationObjectID).Get(ctx, &applications.ApplicationItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &applications.ApplicationItemRequestBuilderGetQueryParameters{
			Select: []string{"id", "appId", "uniqueName", "createdDateTime", "tags", "isDisabled", "disabledByMicrosoftStatus"},
			Expand: []string{"federatedIdentityCredentials"},
		},
	})
	if model, err = answered(c, m, model, err); err != nil {
		return entra.Trust{}, err
	}
	app := applicationOf(model)
	if err := c.memory.sawApplication(app); err != nil {
		return entra.Trust{}, c.settle(m, err)
	}
	trust := entra.Trust{ApplicationID: app.ObjectID, UniqueName: app.UniqueName, Tags: app.Tags, Disabled: app.Disabled}
	lay[entra.ApplicationPatch](c.memory, app.ObjectID, &trust)
	trust.Credentials = complete(c.memory, federatedKey(app.ObjectID), credentialsOf(model.GetFederatedIdentityCredentials()), federatedID)
	for i := range trust.Credentials {
		lay[entra.FederatedCredentialPatch](c.memory, trust.Credentials[i].ID, &trust.Credentials[i])
	}
	return trust, nil
}

// CreateFederatedCredential adds a trust to an application; never nested in its creation, which Graph answers with 500 and does.
func (c *client) CreateFederatedCredential(ctx context.Context, applicationObjectID string, credential entra.FederatedCredential) (entra.FederatedCredential, error) {
	m := matter{step: "create federated credential", about: []string{applicationObjectID}, needs: needsWrite}
	body := models.NewFederatedIdentityCredential()
	body.SetName(&credential.Name)
	body.SetIssuer(&credential.Issuer)
	body.SetSubject(&credential.Subject)
	body.SetAudiences([]string{credential.Audience})
	body.SetDescription(unlessEmpty(credential.Description))
	var created entra.FederatedCredential
	err := c.writing(ctx, m, applicationObjectID, func() error {
		model, err := c.federated(applicationObjectID).Post(ctx, body, nil)
		if err != nil {
			return err
		}
		if model == nil {
			return fmt.Errorf("%w: Graph's answer was empty", entra.ErrUnreachable)
		}
		created = federatedOf(model)
		c.memory.added(federatedKey(applicationObjectID), created.ID, created)
		lay[entra.FederatedCredentialPatch](c.memory, created.ID, &created)
		return nil
	})
	return created, err
}

// UpdateFederatedCredential sends what differs.
func (c *client) UpdateFederatedCredential(ctx context.Context, applicationObjectID, id string, patch entra.FederatedCredentialPatch) error {
	m := matter{step: "update federated credential", about: []string{applicationObjectID}, needs: needsWrite}
	return c.writing(ctx, m, applicationObjectID, func() error {
		body := models.NewFederatedIdentityCredential()
		nulls := map[string]any{}
		body.SetIssuer(patch.Issuer)
		body.SetSubject(patch.Subject)
		if patch.Audience != nil {
			body.SetAudiences([]string{*patch.Audience})
		}
		if patch.Description != nil {
			body.SetDescription(orNull(nulls, "description", patch.Description))
		}
		body.SetAdditionalData(nulls)
		_, err := c.federated(applicationObjectID).ByFederatedIdentityCredentialId(id).Patch(ctx, body, nil)
		if isMissing(err) && c.memory.isFresh(federatedKey(applicationObjectID), id) {
			return fmt.Errorf("%w: created a moment ago", entra.ErrLagging)
		}
		if err == nil {
			wrote(c.memory, id, patch)
		}
		return err
	}, id)
}

// DeleteFederatedCredential succeeds where it is gone; one that we made a moment ago may only not be seen.
func (c *client) DeleteFederatedCredential(ctx context.Context, applicationObjectID, id string) error {
	m := matter{step: "delete federated credential", about: []string{applicationObjectID}, needs: needsWrite}
	return c.writing(ctx, m, applicationObjectID, func() error {
		err := c.federated(applicationObjectID).ByFederatedIdentityCredentialId(id).Delete(ctx, nil)
		return c.taken(err, id, []string{applicationObjectID}, federatedKey(applicationObjectID))
	}, id)
}

// taken notes that a member was taken from lists, also where it was not there any more. One that we added a moment ago may only not
// be seen, unless we deleted what it hangs on.
func (c *client) taken(err error, id string, parents []string, lists ...string) error {
	if isMissing(err) {
		if c.memory.isFresh(lists[0], id) && !c.memory.deletedAny(parents...) {
			return fmt.Errorf("%w: created a moment ago", entra.ErrLagging)
		}
		err = nil
	}
	if err == nil {
		for _, list := range lists {
			c.memory.removed(list, id)
		}
	}
	return err
}

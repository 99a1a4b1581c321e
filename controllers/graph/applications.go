package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/applications"
	"github.com/microsoftgraph/msgraph-sdk-go/applicationswithuniquename"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func (c *client) applications() *applications.ApplicationsRequestBuilder {
	return applications.NewApplicationsRequestBuilderInternal(c.route(), c.adapter)
}

// Application by object ID.
func (c *client) Application(ctx context.Context, objectID string) (entra.Application, error) {
	m := matter{step: "read application", sought: objectID, needs: needsRead}
	if err := mustBeIDs(m.step, objectID); err != nil {
		return entra.Application{}, err
	}
	model, err := c.applications().ByApplicationId(objectID).Get(ctx, &applications.ApplicationItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &applications.ApplicationItemRequestBuilderGetQueryParameters{Select: applicationFields},
	})
	return c.readApplication(m, model, err)
}

// ApplicationByName by unique name.
func (c *client) ApplicationByName(ctx context.Context, uniqueName string) (entra.Application, error) {
	m := matter{step: "read application by name", sought: nameKey(uniqueName), needs: needsRead}
	model, err := applicationswithuniquename.NewApplicationsWithUniqueNameRequestBuilderInternal(c.route(), c.adapter, inQuotes(uniqueName)).
		Get(ctx, &applicationswithuniquename.ApplicationsWithUniqueNameRequestBuilderGetRequestConfiguration{
			QueryParameters: &applicationswithuniquename.ApplicationsWithUniqueNameRequestBuilderGetQueryParameters{Select: applicationFields},
		})
	return c.readApplication(m, model, err)
}

func (c *client) readApplication(m matter, model models.Applicationable, err error) (entra.Application, error) {
	model, err = answered(c, m, model, err)
	if err != nil {
		return entra.Application{}, err
	}
	app := applicationOf(model)
	if err := c.memory.sawApplication(app); err != nil {
		return entra.Application{}, c.settle(m, err)
	}
	lay[entra.ApplicationPatch](c.memory, app.ObjectID, &app.ApplicationSettings)
	return app, nil
}

// sawApplication notes an application with all its keys.
func (m *memory) sawApplication(app entra.Application) error {
	m.relate(app)
	return m.saw(app.CreatedAt, app.ObjectID, aliasesOf(app)...)
}

func (m *memory) relate(app entra.Application) {
	m.related(app.ObjectID, aliasesOf(app), []string{principalKey(app.AppID)})
}

// aliasesOf are the other keys of an application. One that others made may have no name.
func aliasesOf(app entra.Application) []string {
	if app.UniqueName == "" {
		return []string{app.AppID}
	}
	return []string{app.AppID, nameKey(app.UniqueName)}
}

// ApplicationOwners are object IDs.
func (c *client) ApplicationOwners(ctx context.Context, objectID string) ([]string, error) {
	m := matter{step: "read the application's owners", sought: objectID, needs: needsRead}
	if err := mustBeIDs(m.step, objectID); err != nil {
		return nil, err
	}
	builder := c.applications().ByApplicationId(objectID).Owners()
	page, err := builder.Get(ctx, &applications.ItemOwnersRequestBuilderGetRequestConfiguration{
		QueryParameters: &applications.ItemOwnersRequestBuilderGetQueryParameters{Select: []string{"id"}},
	})
	var owners []string
	err = c.pages(m, page, err, func(next string) (paged, error) { return builder.WithUrl(next).Get(ctx, nil) }, func(p paged) bool {
		for _, owner := range p.(models.DirectoryObjectCollectionResponseable).GetValue() {
			owners = append(owners, value(owner.GetId()))
		}
		return true
	})
	return owners, err
}

// CreateApplication by POST, with its owner and its name bound from the start.
func (c *client) CreateApplication(ctx context.Context, app entra.NewApplication) (entra.Application, error) {
	m := matter{step: "create application", needs: needsWrite}
	release, err := c.locks.hold(ctx, nameKey(app.UniqueName))
	if err != nil {
		return entra.Application{}, err
	}
	defer release()
	body, err := c.newApplication(app)
	if err != nil {
		return entra.Application{}, c.settle(m, err)
	}
	model, err := c.applications().Post(ctx, body, nil)
	if model, err = answered(c, m, model, err); err != nil {
		return entra.Application{}, err
	}
	created := applicationOf(model)
	c.memory.relate(created)
	c.memory.created(created.ObjectID)
	lay[entra.ApplicationPatch](c.memory, created.ObjectID, &created.ApplicationSettings)
	return created, nil
}

// UpdateApplication sends what differs.
func (c *client) UpdateApplication(ctx context.Context, objectID string, patch entra.ApplicationPatch) error {
	m := matter{step: "update application", about: []string{objectID}, needs: needsWrite}
	return c.writing(ctx, m, objectID, func() error {
		body, err := patchOf(patch)
		if err != nil {
			return err
		}
		_, err = c.applications().ByApplicationId(objectID).Patch(ctx, body, nil)
		if err == nil {
			wrote(c.memory, objectID, patch)
		}
		return err
	})
}

// DeleteApplication deletes softly; its service principal goes with it.
func (c *client) DeleteApplication(ctx context.Context, objectID string) error {
	m := matter{step: "delete application", about: []string{objectID}, needs: needsWrite}
	return c.writing(ctx, m, objectID, func() error {
		err := c.applications().ByApplicationId(objectID).Delete(ctx, nil)
		deleted, _ := c.memory.isDeleted(objectID)
		if isMissing(err) && (deleted || !c.memory.isYoung(objectID)) {
			err = nil // a new one may only not be seen: deleting nothing would leave an orphan
		}
		if err == nil {
			c.memory.deleted(objectID)
		}
		return err
	})
}

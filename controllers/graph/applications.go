package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/applications"
	"github.com/microsoftgraph/msgraph-sdk-go/applicationswithuniquename"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/memory"
	"github.com/entra-registrar/entra-registrar/controllers/graph/properties"
)

func (c *client) applications() *applications.ApplicationsRequestBuilder {
	return applications.NewApplicationsRequestBuilderInternal(nil, c.adapter)
}

// applicationByID requests what is selected of an application, with members that are expanded.
func (c *client) applicationByID(
	ctx context.Context, objectID string, fields []string, expand ...string,
) func() (models.Applicationable, error) {
	return func() (models.Applicationable, error) {
		return c.applications().ByApplicationId(objectID).Get(ctx, &applications.ApplicationItemRequestBuilderGetRequestConfiguration{
			QueryParameters: &applications.ApplicationItemRequestBuilderGetQueryParameters{Select: fields, Expand: expand},
		})
	}
}

func (c *client) Application(ctx context.Context, objectID string) (entra.Application, error) {
	op := operation{name: "read application", key: objectID, permission: readPermission}
	return get(c, op, c.applicationByID(ctx, objectID, properties.ApplicationSelect), c.readApplication, objectID)
}

func (c *client) ApplicationByName(ctx context.Context, uniqueName string) (entra.Application, error) {
	op := operation{name: "read application by name", key: nameKey(uniqueName), permission: readPermission}
	return get(c, op, func() (models.Applicationable, error) {
		builder := applicationswithuniquename.NewApplicationsWithUniqueNameRequestBuilderInternal(nil, c.adapter, escapeQuotes(uniqueName))
		return builder.Get(ctx, &applicationswithuniquename.ApplicationsWithUniqueNameRequestBuilderGetRequestConfiguration{
			QueryParameters: &applicationswithuniquename.ApplicationsWithUniqueNameRequestBuilderGetQueryParameters{
				Select: properties.ApplicationSelect,
			},
		})
	}, c.readApplication)
}

func (c *client) readApplication(model models.Applicationable) (entra.Application, error) {
	app := properties.Application(model)
	if err := c.memory.NoteSeen(keysOf(app), app.CreatedAt); err != nil {
		return entra.Application{}, err
	}
	memory.Overlay[entra.ApplicationPatch](c.memory, app.ObjectID, &app.ApplicationSettings)
	return app, nil
}

func nameKey(uniqueName string) string { return "name:" + uniqueName }
func principalKey(appID string) string { return "principal-of:" + appID }

// keysOf an application: its service principal is deleted with it. One that others made may have no name.
func keysOf(app entra.Application) memory.Object {
	keys := memory.Object{Key: app.ObjectID, Aliases: []string{app.AppID}, Children: []string{principalKey(app.AppID)}}
	if app.UniqueName != "" {
		keys.Aliases = append(keys.Aliases, nameKey(app.UniqueName))
	}
	return keys
}

func (c *client) ApplicationOwners(ctx context.Context, objectID string) ([]string, error) {
	op := operation{name: "read the application's owners", key: objectID, permission: readPermission}
	builder := c.applications().ByApplicationId(objectID).Owners()
	return all(ctx, c, op, builder, &applications.ItemOwnersRequestBuilderGetRequestConfiguration{
		QueryParameters: &applications.ItemOwnersRequestBuilderGetQueryParameters{Select: []string{"id"}},
	}, func(owner models.DirectoryObjectable) string { return properties.ID(owner.GetId()) }, objectID)
}

// CreateApplication by POST, with its owner and its name bound from the start.
func (c *client) CreateApplication(ctx context.Context, app entra.NewApplication) (entra.Application, error) {
	op := operation{name: "create application", permission: writePermission}
	unlock, err := c.locks.lock(ctx, nameKey(app.UniqueName))
	if err != nil {
		return entra.Application{}, err
	}
	defer unlock()
	body, err := properties.NewApplicationModel(app)
	if err != nil {
		return entra.Application{}, c.translate(op, err)
	}
	c.bindOwner(body, app.OwnerID)
	model, err := notEmpty(c.applications().Post(ctx, body, nil))
	if err != nil {
		return entra.Application{}, c.translate(op, err)
	}
	return c.noteCreatedApplication(properties.Application(model)), nil
}

func (c *client) noteCreatedApplication(app entra.Application) entra.Application {
	c.memory.NoteCreated(keysOf(app))
	memory.Overlay[entra.ApplicationPatch](c.memory, app.ObjectID, &app.ApplicationSettings)
	return app
}

// bindOwner makes somebody the owner: an application-only caller is not sure to become one otherwise.
func (c *client) bindOwner(model interface{ GetAdditionalData() map[string]any }, objectID string) {
	model.GetAdditionalData()["owners@odata.bind"] = []string{c.graph.String() + "/v1.0/directoryObjects/" + objectID}
}

func (c *client) UpdateApplication(ctx context.Context, objectID string, patch entra.ApplicationPatch) error {
	op := operation{name: "update application", objects: []string{objectID}, permission: writePermission}
	return c.write(ctx, op, objectID, func() error {
		body, err := properties.ApplicationModel(patch)
		if err != nil {
			return err
		}
		_, err = c.applications().ByApplicationId(objectID).Patch(ctx, body, nil)
		if err == nil {
			memory.NotePatch(c.memory, objectID, patch)
		}
		return err
	})
}

// DeleteApplication deletes softly; its service principal goes with it.
func (c *client) DeleteApplication(ctx context.Context, objectID string) error {
	op := operation{name: "delete application", objects: []string{objectID}, permission: writePermission}
	return c.write(ctx, op, objectID, func() error {
		err := c.applications().ByApplicationId(objectID).Delete(ctx, nil)
		deleted, _ := c.memory.IsDeleted(objectID)
		if isNotFound(err) && (deleted || !c.memory.IsNew(objectID)) {
			err = nil // a new one may only not be seen: deleting nothing would leave an orphan
		}
		if err == nil {
			c.memory.NoteDeleted(objectID)
		}
		return err
	})
}

package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/directory"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/graph/properties"
)

// pageSize is the largest page that Graph gives.
var pageSize int32 = 999

func (c *client) deletedItems() *directory.DeletedItemsRequestBuilder {
	return directory.NewDeletedItemsRequestBuilderInternal(nil, c.adapter)
}

// deletedItemsURL is the first page of what is deleted of a kind, by the documented name of its type: the SDK would use an alias.
func (c *client) deletedItemsURL(kind string, fields []string) string {
	selected := strings.Join(fields, ",")
	return fmt.Sprintf("%s/v1.0/directory/deletedItems/microsoft.graph.%s?$select=%s&$top=%d", c.graph, kind, selected, pageSize)
}

// DeletedApplication by object ID. A miss is ErrNotFound at once: deletedItems are not waited for.
func (c *client) DeletedApplication(ctx context.Context, objectID string) (entra.Application, error) {
	return get(c, operation{name: "read deleted application", permission: readPermission}, func() (models.DirectoryObjectable, error) {
		return c.deletedItems().ByDirectoryObjectId(objectID).Get(ctx, nil)
	}, func(model models.DirectoryObjectable) (entra.Application, error) {
		if app, ok := model.(models.Applicationable); ok {
			return c.readDeleted(app), nil
		}
		return entra.Application{}, fmt.Errorf("%w: it is no application", entra.ErrNotFound)
	}, objectID)
}

func (c *client) DeletedApplicationByName(ctx context.Context, uniqueName string) (entra.Application, error) {
	op := operation{name: "find deleted application", permission: readPermission}
	builder := c.deletedItems().GraphApplication().WithUrl(c.deletedItemsURL("application", properties.ApplicationSelect))
	found, err := find(ctx, c, op, builder, func(app models.Applicationable) bool { return ptr.Deref(app.GetUniqueName(), "") == uniqueName })
	if err != nil {
		return entra.Application{}, err
	}
	return c.readDeleted(found), nil
}

func (c *client) readDeleted(model models.Applicationable) entra.Application {
	app := properties.Application(model)
	app.Deleted = true
	c.memory.NoteKeys(keysOf(app))
	return app
}

func (c *client) DeletedServicePrincipal(ctx context.Context, appID string) (entra.ServicePrincipal, error) {
	op := operation{name: "find deleted service principal", permission: readPermission}
	builder := c.deletedItems().GraphServicePrincipal().WithUrl(c.deletedItemsURL("servicePrincipal", properties.ServicePrincipalSelect))
	found, err := find(ctx, c, op, builder, func(sp models.ServicePrincipalable) bool { return properties.ID(sp.GetAppId()) == appID })
	if err != nil {
		return entra.ServicePrincipal{}, err
	}
	return properties.ServicePrincipal(found), nil
}

func (c *client) RestoreApplication(ctx context.Context, objectID string) (entra.Application, error) {
	op := operation{name: "restore application", objects: []string{objectID}, permission: writePermission}
	post := restore[models.Applicationable](ctx, c, objectID)
	return create(ctx, c, op, objectID, post, func(model models.Applicationable) entra.Application {
		app := properties.Application(model)
		app.Deleted = false
		return c.noteCreatedApplication(app)
	})
}

// RestoreServicePrincipal brings a service principal back, after its application: where that came back a moment ago, Entra may still
// deny that it is there.
func (c *client) RestoreServicePrincipal(ctx context.Context, objectID, appID string) (entra.ServicePrincipal, error) {
	op := operation{name: "restore service principal", objects: []string{appID}, permission: writePermission}
	return create(ctx, c, op, objectID, restore[models.ServicePrincipalable](ctx, c, objectID), c.noteCreatedPrincipal)
}

// restore takes an object out of deletedItems. One that we have just deleted may not be there yet.
func restore[M any](ctx context.Context, c *client, objectID string) func() (M, error) {
	return func() (M, error) {
		model, err := c.deletedItems().ByDirectoryObjectId(objectID).Restore().Post(ctx, nil)
		restored, ok := model.(M)
		if err == nil && !ok {
			err = fmt.Errorf("%w: the answer is another kind of object", entra.ErrUnreachable)
		}
		return restored, c.notDeletedYet(objectID, err)
	}
}

func (c *client) PurgeApplication(ctx context.Context, objectID string) error {
	op := operation{name: "purge application", permission: writePermission}
	return c.write(ctx, op, objectID, func() error {
		err := c.notDeletedYet(objectID, c.deletedItems().ByDirectoryObjectId(objectID).Delete(ctx, nil))
		if isNotFound(err) {
			err = nil
		}
		if err == nil {
			c.memory.NoteDeleted(objectID)
		}
		return err
	})
}

// notDeletedYet makes lag of a miss in deletedItems right after our own delete.
func (c *client) notDeletedYet(objectID string, err error) error {
	if _, recently := c.memory.IsDeleted(objectID); recently && isNotFound(err) {
		return fmt.Errorf("%w: deleted a moment ago and not in deletedItems yet", entra.ErrLagging)
	}
	return err
}

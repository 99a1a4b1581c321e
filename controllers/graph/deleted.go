package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/directory"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// whole is the largest page that Graph gives.
var whole int32 = 999

func (c *client) deletedItems() *directory.DeletedItemsRequestBuilder {
	return directory.NewDeletedItemsRequestBuilderInternal(c.route(), c.adapter)
}

// deletedOf is the first page of what is deleted of a kind, by the documented name of its type: the SDK would use an alias.
func (c *client) deletedOf(kind string, fields []string) string {
	return fmt.Sprintf("%s/v1.0/directory/deletedItems/microsoft.graph.%s?$select=%s&$top=%d", c.home, kind, strings.Join(fields, ","), whole)
}

// DeletedApplication by object ID. Not there is plainly not there: nothing is waited for.
func (c *client) DeletedApplication(ctx context.Context, objectID string) (entra.Application, error) {
	m := matter{step: "read deleted application", needs: needsRead}
	if err := mustBeIDs(m.step, objectID); err != nil {
		return entra.Application{}, err
	}
	model, err := c.deletedItems().ByDirectoryObjectId(objectID).Get(ctx, nil)
	if model, err = answered(c, m, model, err); err != nil {
		return entra.Application{}, err
	}
	app, ok := model.(models.Applicationable)
	if !ok {
		return entra.Application{}, fmt.Errorf("%s: %w: it is no application", m.step, entra.ErrNotFound)
	}
	return c.asDeleted(app), nil
}

// DeletedApplicationByName looks through all of deletedItems.
func (c *client) DeletedApplicationByName(ctx context.Context, uniqueName string) (entra.Application, error) {
	m := matter{step: "find deleted application", needs: needsRead}
	builder := c.deletedItems().GraphApplication()
	page, err := builder.WithUrl(c.deletedOf("application", applicationFields)).Get(ctx, nil)
	var found models.Applicationable
	err = c.pages(m, page, err, func(next string) (paged, error) { return builder.WithUrl(next).Get(ctx, nil) }, func(p paged) bool {
		for _, app := range p.(models.ApplicationCollectionResponseable).GetValue() {
			if value(app.GetUniqueName()) == uniqueName {
				found = app
			}
		}
		return found == nil
	})
	switch {
	case err != nil:
		return entra.Application{}, err
	case found == nil:
		return entra.Application{}, fmt.Errorf("%s: %w", m.step, entra.ErrNotFound)
	}
	return c.asDeleted(found), nil
}

func (c *client) asDeleted(model models.Applicationable) entra.Application {
	app := applicationOf(model)
	app.Deleted = true
	c.memory.relate(app)
	return app
}

// DeletedServicePrincipal by the application's appId.
func (c *client) DeletedServicePrincipal(ctx context.Context, appID string) (entra.ServicePrincipal, error) {
	m := matter{step: "find deleted service principal", needs: needsRead}
	builder := c.deletedItems().GraphServicePrincipal()
	page, err := builder.WithUrl(c.deletedOf("servicePrincipal", principalFields)).Get(ctx, nil)
	var found models.ServicePrincipalable
	err = c.pages(m, page, err, func(next string) (paged, error) { return builder.WithUrl(next).Get(ctx, nil) }, func(p paged) bool {
		for _, sp := range p.(models.ServicePrincipalCollectionResponseable).GetValue() {
			if value(sp.GetAppId()) == appID {
				found = sp
			}
		}
		return found == nil
	})
	switch {
	case err != nil:
		return entra.ServicePrincipal{}, err
	case found == nil:
		return entra.ServicePrincipal{}, fmt.Errorf("%s: %w", m.step, entra.ErrNotFound)
	}
	return principalOf(found), nil
}

// RestoreApplication brings an application back to life, without its service principal.
func (c *client) RestoreApplication(ctx context.Context, objectID string) (entra.Application, error) {
	m := matter{step: "restore application", about: []string{objectID}, needs: needsWrite}
	model, err := c.restore(ctx, m, objectID)
	if err != nil {
		return entra.Application{}, err
	}
	app, ok := model.(models.Applicationable)
	if !ok {
		return entra.Application{}, fmt.Errorf("%s: %w: the answer is no application", m.step, entra.ErrUnreachable)
	}
	restored := applicationOf(app)
	restored.Deleted = false
	c.memory.relate(restored)
	c.memory.created(objectID)
	lay[entra.ApplicationPatch](c.memory, objectID, &restored.ApplicationSettings)
	return restored, nil
}

// RestoreServicePrincipal brings a service principal back to life, after its application: where that came back a moment ago,
// Entra may still deny that it is there.
func (c *client) RestoreServicePrincipal(ctx context.Context, objectID, appID string) (entra.ServicePrincipal, error) {
	m := matter{step: "restore service principal", about: []string{appID}, needs: needsWrite}
	model, err := c.restore(ctx, m, objectID)
	if err != nil {
		return entra.ServicePrincipal{}, err
	}
	sp, ok := model.(models.ServicePrincipalable)
	if !ok {
		return entra.ServicePrincipal{}, fmt.Errorf("%s: %w: the answer is no service principal", m.step, entra.ErrUnreachable)
	}
	restored := principalOf(sp)
	c.memory.principalCreated(restored)
	return restored, nil
}

// restore takes an object out of deletedItems. One that we have just deleted may not be there yet.
func (c *client) restore(ctx context.Context, m matter, objectID string) (restored models.DirectoryObjectable, err error) {
	err = c.writing(ctx, m, objectID, func() error {
		restored, err = c.deletedItems().ByDirectoryObjectId(objectID).Restore().Post(ctx, nil)
		return c.notDeletedYet(objectID, err)
	})
	if err == nil {
		restored, err = answered(c, m, restored, nil)
	}
	return restored, err
}

// PurgeApplication removes a softly deleted application for good.
func (c *client) PurgeApplication(ctx context.Context, objectID string) error {
	m := matter{step: "purge application", needs: needsWrite}
	return c.writing(ctx, m, objectID, func() error {
		err := c.notDeletedYet(objectID, c.deletedItems().ByDirectoryObjectId(objectID).Delete(ctx, nil))
		if isMissing(err) {
			err = nil
		}
		if err == nil {
			c.memory.deleted(objectID)
		}
		return err
	})
}

// notDeletedYet makes lag of a miss in deletedItems right after our own delete.
func (c *client) notDeletedYet(objectID string, err error) error {
	if _, recently := c.memory.isDeleted(objectID); recently && isMissing(err) {
		return fmt.Errorf("%w: deleted a moment ago and not in deletedItems yet", entra.ErrLagging)
	}
	return err
}

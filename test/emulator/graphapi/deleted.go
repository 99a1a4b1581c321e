package graphapi

import (
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func listDeletedApplications(c *call) (*answer, error) { return c.listDeleted(directory.Application) }
func listDeletedPrincipals(c *call) (*answer, error) {
	return c.listDeleted(directory.ServicePrincipal)
}

// listDeleted filters, orders and searches in the advanced index only.
func (c *call) listDeleted(kind directory.Kind) (*answer, error) {
	if err := c.mayRead(); err != nil {
		return nil, err
	}
	if (c.query.Filter != nil || c.query.OrderBy != "") && (!c.eventual() || !c.query.Count) {
		return nil, odata.Refused(http.StatusBadRequest, "Request_UnsupportedQuery",
			"The query needs the header 'ConsistencyLevel: eventual' and $count=true.")
	}
	if c.query.Count {
		c.session.UseIndex()
	}
	return c.page("directoryObjects", c.objectItems(c.session.DeletedItems(kind)))
}

func getDeleted(c *call) (*answer, error) {
	if err := c.mayRead(); err != nil {
		return nil, err
	}
	o, err := c.session.DeletedItem(c.keys[0].AsKey().Value)
	if err != nil {
		return nil, err
	}
	return &answer{status: http.StatusOK, body: c.directoryObject(o)}, nil
}

func getDeletedApplication(c *call) (*answer, error) { return c.getDeletedAs(directory.Application) }
func getDeletedPrincipal(c *call) (*answer, error)   { return c.getDeletedAs(directory.ServicePrincipal) }

// getDeletedAs is getDeleted for a caller that says what it expects.
func (c *call) getDeletedAs(kind directory.Kind) (*answer, error) {
	got, err := getDeleted(c)
	if err == nil && got.body["@odata.type"] != "#microsoft.graph."+string(kind) {
		return nil, odata.NotFound(c.keys[0].AsKey().Value)
	}
	return got, err
}

// directoryObject is an object of any kind, which says its type.
func (c *call) directoryObject(o *directory.Object) odata.Document {
	doc := c.project(o, c.query)
	doc["@odata.context"] = c.context("directoryObjects") + "/$entity"
	doc["@odata.type"] = "#microsoft.graph." + string(o.Kind)
	return doc
}

// editableDeleted is the deleted object in the path, found for a write that the caller may make.
func (c *call) editableDeleted() (*directory.Object, error) {
	if err := c.mayCreate(); err != nil {
		return nil, err
	}
	o, err := c.session.EditableDeleted(c.keys[0].AsKey().Value)
	if err != nil {
		return nil, err
	}
	if c.onlyOwned() && !c.session.Owns(o) {
		return nil, odata.Forbidden()
	}
	return o, nil
}

func restoreDeleted(c *call) (*answer, error) {
	o, err := c.editableDeleted()
	if err != nil {
		return nil, err
	}
	restored, err := c.session.Restore(o)
	if err != nil {
		return nil, err
	}
	return &answer{status: http.StatusOK, body: c.directoryObject(restored)}, nil
}

func purgeDeleted(c *call) (*answer, error) {
	o, err := c.editableDeleted()
	if err != nil {
		return nil, err
	}
	c.session.Purge(o)
	return noContent(), nil
}

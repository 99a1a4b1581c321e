package graphapi

import (
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const federatedType = "federatedIdentityCredential"

// federatedParent is the application in the path, as the list of its federated credentials is read.
func (c *call) federatedParent() (*directory.Object, error) {
	key, err := c.application()
	if err != nil {
		return nil, err
	}
	if err := c.mayRead(); err != nil {
		return nil, err
	}
	return c.session.FindParent(directory.Application, key)
}

func listFederated(c *call) (*answer, error) {
	app, err := c.federatedParent()
	if err != nil {
		return nil, err
	}
	return c.page(federatedSet(app), c.documentItems(app.Federated))
}

func countFederated(c *call) (*answer, error) {
	app, err := c.federatedParent()
	if err != nil {
		return nil, err
	}
	return c.count(c.documentItems(app.Federated))
}

func federatedSet(app *directory.Object) string {
	return "applications('" + app.ID + "')/federatedIdentityCredentials"
}

func getFederated(c *call) (*answer, error) {
	app, err := c.federatedParent()
	if err != nil {
		return nil, err
	}
	f, err := c.federated(app)
	if err != nil {
		return nil, err
	}
	doc := odata.Clone(selectNames(f, c.query.Select))
	doc["@odata.context"] = c.context(federatedSet(app)) + "/$entity"
	return &answer{status: http.StatusOK, body: doc}, nil
}

func (c *call) federated(app *directory.Object) (odata.Document, error) {
	key, err := c.key(1, "name")
	if err != nil {
		return nil, err
	}
	return directory.FindFederated(app, key)
}

func createFederated(c *call) (*answer, error) {
	primary, err := c.editable(directory.Application, "appId", "uniqueName")
	if err != nil {
		return nil, err
	}
	body, err := c.checkedBody(federatedType)
	if err != nil {
		return nil, err
	}
	return c.newFederated(primary, body)
}

func (c *call) newFederated(primary *directory.Object, body odata.Document) (*answer, error) {
	f, err := c.session.AddFederated(primary, body)
	if err != nil {
		return nil, err
	}
	url := c.directoryURL("$", "Application('"+primary.ID+"')/federatedIdentityCredentials/"+odata.Text(f, "id"))
	doc := odata.Clone(f)
	doc["@odata.context"] = c.base + "/$metadata#" + federatedSet(primary) + "/$entity"
	doc["@odata.id"] = url
	return &answer{status: http.StatusCreated, body: doc, location: url}, nil
}

// patchFederated updates, or creates by name where the caller prefers that.
func patchFederated(c *call) (*answer, error) {
	primary, err := c.editable(directory.Application, "appId", "uniqueName")
	if err != nil {
		return nil, err
	}
	body, err := c.checkedBody(federatedType)
	if err != nil {
		return nil, err
	}
	key, err := c.key(1, "name")
	if err != nil {
		return nil, err
	}
	f, missing := c.session.EditableFederated(primary, key)
	if missing != nil {
		if key.Property != "name" || !c.prefers("create-if-missing") {
			return nil, missing
		}
		if _, sent := body["name"]; !sent {
			body["name"] = key.Value
		}
		if body["name"] != key.Value {
			return nil, odata.InvalidValue("name", "FederatedIdentityCredential")
		}
		return c.newFederated(primary, body)
	}
	return noContent(), c.session.PatchFederated(primary, f, body)
}

func deleteFederated(c *call) (*answer, error) {
	primary, err := c.editable(directory.Application, "appId", "uniqueName")
	if err != nil {
		return nil, err
	}
	key, err := c.key(1, "name")
	if err != nil {
		return nil, err
	}
	f, err := c.session.EditableFederated(primary, key)
	if err != nil {
		return nil, err
	}
	c.session.RemoveFederated(primary, f)
	return noContent(), nil
}

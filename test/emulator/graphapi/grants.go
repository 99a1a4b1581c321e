package graphapi

import (
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const grantSet = "oauth2PermissionGrants"

func listGrants(c *call) (*answer, error) {
	if err := c.mayReadGrants(); err != nil {
		return nil, err
	}
	return c.page(grantSet, c.documentItems(c.grantDocuments("")))
}

// listPrincipalGrants are the grants of one client.
func listPrincipalGrants(c *call) (*answer, error) {
	if err := c.mayReadGrants(); err != nil {
		return nil, err
	}
	key, err := c.key(0, "appId")
	if err != nil {
		return nil, err
	}
	client, err := c.session.FindParent(directory.ServicePrincipal, key)
	if err != nil {
		return nil, err
	}
	return c.page(grantSet, c.documentItems(c.grantDocuments(client.ID)))
}

// grantDocuments are the grants of a client, or of all.
func (c *call) grantDocuments(clientID string) []odata.Document {
	var out []odata.Document
	for _, o := range c.session.Grants() {
		if clientID == "" || odata.Text(o.Doc, "clientId") == clientID {
			out = append(out, c.grantDocument(o))
		}
	}
	return out
}

func (c *call) grantDocument(o *directory.Object) odata.Document {
	doc := c.session.Properties(o)
	delete(doc, "deletedDateTime") // a grant is no directory object
	return doc
}

func getGrant(c *call) (*answer, error) {
	if err := c.mayReadGrants(); err != nil {
		return nil, err
	}
	o, err := c.session.Grant(c.keys[0].AsKey().Value)
	if err != nil {
		return nil, err
	}
	doc := selectNames(c.grantDocument(o), c.query.Select)
	doc["@odata.context"] = c.context(grantSet) + "/$entity"
	return &answer{status: http.StatusOK, body: doc}, nil
}

func createGrant(c *call) (*answer, error) {
	if err := c.mayGrant(); err != nil {
		return nil, err
	}
	body, err := c.checkedBody(string(directory.Grant))
	if err != nil {
		return nil, err
	}
	o, err := c.session.CreateGrant(body)
	if err != nil {
		return nil, err
	}
	doc := c.grantDocument(o)
	doc["@odata.context"] = c.base + "/$metadata#" + grantSet + "/$entity"
	return &answer{status: http.StatusCreated, body: doc, location: c.base + "/" + grantSet + "/" + o.ID}, nil
}

func patchGrant(c *call) (*answer, error) {
	if err := c.mayGrant(); err != nil {
		return nil, err
	}
	body, err := c.checkedBody(string(directory.Grant))
	if err != nil {
		return nil, err
	}
	return noContent(), c.session.PatchGrant(c.keys[0].AsKey().Value, body)
}

func deleteGrant(c *call) (*answer, error) {
	if err := c.mayGrant(); err != nil {
		return nil, err
	}
	return noContent(), c.session.DeleteGrant(c.keys[0].AsKey().Value)
}

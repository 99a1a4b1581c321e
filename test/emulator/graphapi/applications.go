package graphapi

import (
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/graphapi/path"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func listApplications(c *call) (*answer, error) {
	return c.listObjects(directory.Application, "applications")
}

func countApplications(c *call) (*answer, error) { return c.countObjects(directory.Application) }

// listObjects is one page of the live objects of a kind.
func (c *call) listObjects(kind directory.Kind, set string) (*answer, error) {
	if err := c.mayRead(); err != nil {
		return nil, err
	}
	if c.query.Count {
		c.session.UseIndex()
	}
	return c.page(set, c.objectItems(c.session.List(kind)))
}

func (c *call) countObjects(kind directory.Kind) (*answer, error) {
	if err := c.mayRead(); err != nil {
		return nil, err
	}
	c.session.UseIndex()
	return c.count(c.objectItems(c.session.List(kind)))
}

// application is the key of the application in the path.
func (c *call) application() (directory.Key, error) { return c.key(0, "appId", "uniqueName") }

// key is a key in the path; only the type's alternate keys are taken.
func (c *call) key(i int, alternates ...string) (directory.Key, error) {
	key := c.keys[i].AsKey()
	for _, name := range append(alternates, "", "id") {
		if key.Property == name {
			if name == "id" {
				key.Property = ""
			}
			return key, nil
		}
	}
	return key, path.NotFound(key.Property)
}

func getApplication(c *call) (*answer, error) {
	key, err := c.application()
	if err != nil {
		return nil, err
	}
	return c.getObject(directory.Application, key, "applications")
}

// getObject is a live object by a key.
func (c *call) getObject(kind directory.Kind, key directory.Key, set string) (*answer, error) {
	if err := c.mayRead(); err != nil {
		return nil, err
	}
	o, err := c.session.Find(kind, key)
	if err != nil {
		return nil, err
	}
	return &answer{status: http.StatusOK, body: c.object(o, set)}, nil
}

// createApplication makes the caller an owner.
func createApplication(c *call) (*answer, error) {
	if err := c.mayCreate(); err != nil {
		return nil, err
	}
	body, err := c.splitLinks("application")
	if err != nil {
		return nil, err
	}
	return c.newApplication(body, true)
}

func (c *call) newApplication(body createBody, ownIt bool) (*answer, error) {
	if c.onlyOwned() && odata.At(body.properties, "api", "acceptMappedClaims") != nil {
		return nil, odata.Forbidden()
	}
	owners, err := c.owners(body.owners, ownIt)
	if err != nil {
		return nil, err
	}
	o, texts, err := c.session.CreateApplication(body.properties, owners)
	if err != nil {
		return nil, err
	}
	if body.nested {
		return nil, internalError()
	}
	result := c.created(o, "applications", "Application")
	for _, p := range odata.Documents(result.body, "passwordCredentials") {
		p["secretText"] = texts[odata.Text(p, "keyId")]
	}
	return result, nil
}

// patchApplication updates, or creates by uniqueName where the caller prefers that. An app-only caller of an upsert does
// not become an owner.
func patchApplication(c *call) (*answer, error) {
	key, err := c.application()
	if err != nil {
		return nil, err
	}
	if err := c.mayCreate(); err != nil {
		return nil, err
	}
	primary, replica, missing := c.session.Editable(directory.Application, key)
	if missing != nil {
		if key.Property != "uniqueName" || !c.prefers("create-if-missing") {
			return nil, missing
		}
		return c.upsertApplication(key.Value)
	}
	if err := c.mayWrite(replica); err != nil {
		return nil, err
	}
	body, err := c.splitLinks("application")
	if err != nil {
		return nil, err
	}
	if body.nested || body.linked {
		return nil, linksInUpdate()
	}
	return noContent(), c.session.PatchApplication(primary, replica, body.properties)
}

func (c *call) upsertApplication(uniqueName string) (*answer, error) {
	body, err := c.splitLinks("application")
	if err != nil {
		return nil, err
	}
	if sent, ok := body.properties["uniqueName"]; ok && sent != uniqueName {
		return nil, odata.InvalidValue("uniqueName", "Application")
	}
	body.properties["uniqueName"] = uniqueName
	return c.newApplication(body, false)
}

func deleteApplication(c *call) (*answer, error) {
	primary, err := c.editable(directory.Application, "appId", "uniqueName")
	if err != nil {
		return nil, err
	}
	c.session.DeleteApplication(primary)
	return noContent(), nil
}

// editable is the object in the path's first key, found for a write that the caller may make.
func (c *call) editable(kind directory.Kind, alternates ...string) (*directory.Object, error) {
	key, err := c.key(0, alternates...)
	if err != nil {
		return nil, err
	}
	if err := c.mayCreate(); err != nil {
		return nil, err
	}
	primary, replica, err := c.session.Editable(kind, key)
	if err != nil {
		return nil, err
	}
	return primary, c.mayWrite(replica)
}

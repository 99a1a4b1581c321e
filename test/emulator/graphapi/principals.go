package graphapi

import (
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func listPrincipals(c *call) (*answer, error) {
	return c.listObjects(directory.ServicePrincipal, "servicePrincipals")
}

func countPrincipals(c *call) (*answer, error) { return c.countObjects(directory.ServicePrincipal) }

func getPrincipal(c *call) (*answer, error) {
	key, err := c.key(0, "appId")
	if err != nil {
		return nil, err
	}
	return c.getObject(directory.ServicePrincipal, key, "servicePrincipals")
}

func createPrincipal(c *call) (*answer, error) {
	if err := c.mayCreate(); err != nil {
		return nil, err
	}
	body, err := c.splitLinks("servicePrincipal")
	if err != nil {
		return nil, err
	}
	return c.newPrincipal(odata.Text(body.properties, "appId"), body)
}

func (c *call) newPrincipal(appID string, body createBody) (*answer, error) {
	if appID == "" {
		return nil, odata.Missing("appId", "ServicePrincipal")
	}
	if err := c.mayWriteAttributes(body.properties); err != nil {
		return nil, err
	}
	app, err := c.backing(appID)
	if err != nil {
		return nil, err
	}
	owners, err := c.owners(body.owners, true)
	if err != nil {
		return nil, err
	}
	o, err := c.session.CreateServicePrincipal(app, body.properties, owners)
	if err != nil {
		return nil, err
	}
	if body.nested {
		return nil, internalError()
	}
	return c.created(o, "servicePrincipals", "ServicePrincipal"), nil
}

// backing finds the application of a new service principal. A replica that lacks it answers 400, and 403 to a caller
// that is limited to what it owns; lag shows either.
func (c *call) backing(appID string) (*directory.Object, error) {
	app, lagging := c.session.BackingApplication(appID)
	if app == nil {
		if c.onlyOwned() && (!lagging || !c.session.RandomBool()) {
			return nil, directory.BackingNotLocal()
		}
		return nil, directory.NoBackingApplication(appID)
	}
	if c.onlyOwned() && !c.session.Owns(app) {
		return nil, directory.BackingNotLocal()
	}
	return app, nil
}

func (c *call) mayWriteAttributes(properties odata.Document) error {
	if _, sent := properties["customSecurityAttributes"]; sent {
		return c.requirePermission(writeAttributes)
	}
	return nil
}

// patchPrincipal updates, or creates by appId where the caller prefers that.
func patchPrincipal(c *call) (*answer, error) {
	key, err := c.key(0, "appId")
	if err != nil {
		return nil, err
	}
	if err := c.mayCreate(); err != nil {
		return nil, err
	}
	body, err := c.splitLinks("servicePrincipal")
	if err != nil {
		return nil, err
	}
	primary, replica, missing := c.session.Editable(directory.ServicePrincipal, key)
	switch {
	case missing == nil:
		return noContent(), c.updatePrincipal(primary, replica, body)
	case key.Property != "appId" || !c.prefers("create-if-missing"):
		return nil, missing
	}
	if sent, ok := body.properties["appId"]; ok && sent != key.Value {
		return nil, odata.InvalidValue("appId", "ServicePrincipal")
	}
	return c.newPrincipal(key.Value, body)
}

func (c *call) updatePrincipal(primary, replica *directory.Object, body createBody) error {
	if err := c.mayWrite(replica); err != nil {
		return err
	}
	if err := c.mayWriteAttributes(body.properties); err != nil {
		return err
	}
	if body.nested || body.linked {
		return linksInUpdate()
	}
	return c.session.PatchServicePrincipal(primary, body.properties)
}

func deletePrincipal(c *call) (*answer, error) {
	primary, err := c.editable(directory.ServicePrincipal, "appId")
	if err != nil {
		return nil, err
	}
	return noContent(), c.session.DeleteServicePrincipal(primary)
}

package graphapi

import (
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func listApplicationOwners(c *call) (*answer, error) { return c.listOwners(directory.Application) }
func listApplicationOwnerRefs(c *call) (*answer, error) {
	return c.listOwnerRefs(directory.Application)
}
func addApplicationOwner(c *call) (*answer, error)    { return c.addOwner(directory.Application) }
func removeApplicationOwner(c *call) (*answer, error) { return c.removeOwner(directory.Application) }
func listPrincipalOwners(c *call) (*answer, error)    { return c.listOwners(directory.ServicePrincipal) }
func listPrincipalOwnerRefs(c *call) (*answer, error) {
	return c.listOwnerRefs(directory.ServicePrincipal)
}
func addPrincipalOwner(c *call) (*answer, error)    { return c.addOwner(directory.ServicePrincipal) }
func removePrincipalOwner(c *call) (*answer, error) { return c.removeOwner(directory.ServicePrincipal) }

// alternates are the alternate keys of a kind.
func alternates(kind directory.Kind) []string {
	if kind == directory.Application {
		return []string{"appId", "uniqueName"}
	}
	return []string{"appId"}
}

func (c *call) ownedObject(kind directory.Kind) (*directory.Object, error) {
	key, err := c.key(0, alternates(kind)...)
	if err != nil {
		return nil, err
	}
	if err := c.mayRead(); err != nil {
		return nil, err
	}
	return c.session.FindParent(kind, key)
}

func (c *call) listOwners(kind directory.Kind) (*answer, error) {
	o, err := c.ownedObject(kind)
	if err != nil {
		return nil, err
	}
	return c.page("directoryObjects", c.documentItems(c.ownerDocuments(o)))
}

func (c *call) listOwnerRefs(kind directory.Kind) (*answer, error) {
	o, err := c.ownedObject(kind)
	if err != nil {
		return nil, err
	}
	var items []item
	for _, owner := range c.session.Owners(o) {
		doc := odata.Document{"id": owner.ID}
		items = append(items, item{id: owner.ID, doc: doc, show: func() odata.Document {
			return odata.Document{"@odata.id": c.base + "/directoryObjects/" + owner.ID}
		}})
	}
	return c.page("Collection($ref)", items)
}

func (c *call) addOwner(kind directory.Kind) (*answer, error) {
	primary, err := c.editable(kind, alternates(kind)...)
	if err != nil {
		return nil, err
	}
	if err := c.mayAddOwner(primary); err != nil {
		return nil, err
	}
	if c.body == nil {
		return nil, emptyPayload()
	}
	id, err := referencedID(c.body["@odata.id"])
	if err != nil {
		return nil, err
	}
	return noContent(), c.session.AddOwner(primary, id)
}

func (c *call) removeOwner(kind directory.Kind) (*answer, error) {
	primary, err := c.editable(kind, alternates(kind)...)
	if err != nil {
		return nil, err
	}
	return noContent(), c.session.RemoveOwner(primary, c.keys[1].AsKey().Value)
}

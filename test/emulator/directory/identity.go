package directory

import "github.com/entra-registrar/entra-registrar/test/emulator/odata"

const managedIdentity = "ManagedIdentity"

// SeedManagedIdentity makes the service principal of a managed identity, as Azure would. It has no application, and
// nobody can change or delete it through Graph. It returns the client ID and the object ID.
func (d *Directory) SeedManagedIdentity(displayName string) (clientID, objectID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.past()
	clientID = d.newID()
	doc := s.blankPrincipal(clientID)
	doc["displayName"], doc["appDisplayName"] = displayName, nil
	doc["appOwnerOrganizationId"] = nil
	doc["servicePrincipalType"] = managedIdentity
	doc["servicePrincipalNames"] = odata.Strings(clientID)
	o := &Object{Kind: ServicePrincipal, ID: d.newID(), Doc: doc, Created: s.now}
	s.store(o)
	return clientID, o.ID
}

// modifiable refuses to touch what belongs to Azure.
func modifiable(sp *Object) error {
	if odata.Text(sp.Doc, "servicePrincipalType") == managedIdentity {
		return odata.Forbidden()
	}
	return nil
}

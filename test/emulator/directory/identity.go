package directory

import "github.com/entra-registrar/entra-registrar/test/emulator/odata"

const managedIdentity = "ManagedIdentity"

// SeedManagedIdentity makes the service principal of a managed identity, as Azure would. It has no application, and
// nobody can change or delete it through Graph. It returns the client ID and the object ID.
func (d *Directory) SeedManagedIdentity(displayName string) (clientID, objectID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seedIdentity(SeedIdentity{DisplayName: displayName})
}

func (d *Directory) seedIdentity(identity SeedIdentity) (clientID, objectID string) {
	if identity.ClientID == "" {
		identity.ClientID = d.newID()
	}
	clientID = lower(identity.ClientID)
	doc := d.past().blankPrincipal(clientID)
	doc["displayName"], doc["appDisplayName"] = identity.DisplayName, nil
	doc["appOwnerOrganizationId"] = nil
	doc["servicePrincipalType"] = managedIdentity
	doc["servicePrincipalNames"] = odata.Strings(clientID)
	return clientID, d.seedObject(ServicePrincipal, identity.ID, doc)
}

// modifiable refuses to touch what belongs to Azure.
func modifiable(sp *Object) error {
	if odata.Text(sp.Doc, "servicePrincipalType") == managedIdentity {
		return odata.Forbidden()
	}
	return nil
}

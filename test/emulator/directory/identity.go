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

// ManagedIdentities are the live managed identities as the token service sees them, in the order of creation. They have
// no application and no credential.
func (d *Directory) ManagedIdentities() []Client {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	var out []Client
	for _, sp := range s.all(ServicePrincipal, s.tokens, func(o *Object) bool { return o.Deleted.IsZero() && modifiable(o) != nil }) {
		out = append(out, Client{
			AppID: odata.Text(sp.Doc, "appId"), ServicePrincipalID: sp.ID, DisplayName: odata.Text(sp.Doc, "displayName"), Disabled: disabled(sp),
		})
	}
	return out
}

// ManagedIdentity finds a managed identity by its client ID or its object ID.
func (d *Directory) ManagedIdentity(id string) (Client, bool) {
	for _, identity := range d.ManagedIdentities() {
		if sameText(identity.AppID, id) || sameText(identity.ServicePrincipalID, id) {
			return identity, true
		}
	}
	return Client{}, false
}

// modifiable refuses to touch what belongs to Azure.
func modifiable(sp *Object) error {
	if odata.Text(sp.Doc, "servicePrincipalType") == managedIdentity {
		return odata.Forbidden()
	}
	return nil
}

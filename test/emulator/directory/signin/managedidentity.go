package signin

import (
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// ManagedIdentities are the live managed identities, in the order of creation. They have no application and no credential.
func (d Directory) ManagedIdentities() (out []Client) {
	d.AtTokenService(func(s *directory.Session) {
		for _, sp := range s.List(directory.ServicePrincipal) {
			if odata.Text(sp.Doc, "servicePrincipalType") != directory.ManagedIdentity {
				continue
			}
			out = append(out, Client{
				AppID: odata.Text(sp.Doc, "appId"), ServicePrincipalID: sp.ID, DisplayName: odata.Text(sp.Doc, "displayName"), Disabled: disabled(sp),
			})
		}
	})
	return out
}

// ManagedIdentity finds a managed identity by its client ID or its object ID.
func (d Directory) ManagedIdentity(id string) (Client, bool) {
	for _, identity := range d.ManagedIdentities() {
		if strings.EqualFold(identity.AppID, id) || strings.EqualFold(identity.ServicePrincipalID, id) {
			return identity, true
		}
	}
	return Client{}, false
}

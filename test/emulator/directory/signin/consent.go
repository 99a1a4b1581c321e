package signin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Granted are the values of the enabled scopes that a client has at a resource for a user: granted for everybody or for the user, or
// pre-authorized by the resource; sorted. IDs are object IDs.
func (d Directory) Granted(client Client, resourceID, userID string) (values []string) {
	d.AtTokenService(func(s *directory.Session) {
		values = preAuthorized(s, client.AppID, resourceID)
		for _, g := range s.Grants() {
			principal := odata.Text(g.Doc, "principalId")
			if odata.Text(g.Doc, "clientId") == client.ServicePrincipalID && odata.Text(g.Doc, "resourceId") == resourceID &&
				(principal == "" || principal == userID) {
				values = append(values, strings.Fields(odata.Text(g.Doc, "scope"))...)
			}
		}
		offered := scopesOf(s, resourceID)
		values = slices.DeleteFunc(values, func(value string) bool {
			return !slices.ContainsFunc(offered, func(o Scope) bool { return o.Value == value })
		})
	})
	slices.Sort(values)
	return slices.Compact(values)
}

// Values are the values of a resource's enabled scopes with these IDs.
func (d Directory) Values(resourceID string, ids []string) []string {
	var out []string
	for _, scope := range d.Scopes(resourceID) {
		if slices.Contains(ids, scope.ID) {
			out = append(out, scope.Value)
		}
	}
	return out
}

// AssignRequired gives a client the app roles that a registration requires. Those that it has stay.
func (d Directory) AssignRequired(client Client, registration Registration) error {
	for _, required := range registration.Required {
		resource, ok := d.Resource(required.ResourceAppID)
		if !ok {
			return fmt.Errorf("consent: the API %s has no service principal in the tenant", required.ResourceAppID)
		}
		if err := d.AssignRoles(client.ServicePrincipalID, resource.ServicePrincipalID, required.Roles); err != nil {
			return err
		}
	}
	return nil
}

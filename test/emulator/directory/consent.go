package directory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Granted are the values of the enabled scopes that a client has at a resource for a user: granted for everybody or for
// the user, or pre-authorized by the resource; sorted. IDs are object IDs.
func (d *Directory) Granted(client Client, resourceID, userID string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	s.read = s.tokens
	values := s.preAuthorized(client.AppID, resourceID)
	for _, g := range s.grants(s.tokens) {
		principal := odata.Text(g.Doc, "principalId")
		if odata.Text(g.Doc, "clientId") == client.ServicePrincipalID && odata.Text(g.Doc, "resourceId") == resourceID &&
			(principal == "" || principal == userID) {
			values = append(values, strings.Fields(odata.Text(g.Doc, "scope"))...)
		}
	}
	offered := s.scopes(resourceID)
	values = slices.DeleteFunc(values, func(value string) bool {
		return !slices.ContainsFunc(offered, func(o Scope) bool { return o.Value == value })
	})
	slices.Sort(values)
	return slices.Compact(values)
}

// Consent records that a user (empty: an administrator for everybody) lets a client use scopes of a resource. What was
// granted before stays. It happens at the primary.
func (d *Directory) Consent(clientID, resourceID, userID string, scopes []string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.present()
	if old, err := s.findGrant(grantID(clientID, resourceID, userID), s.now); err == nil {
		all := strings.Fields(odata.Text(old.Doc, "scope"))
		for _, scope := range scopes {
			if !slices.Contains(all, scope) {
				all = append(all, scope)
			}
		}
		return s.PatchGrant(old.ID, odata.Document{"scope": strings.Join(all, " ")})
	}
	body := odata.Document{
		"clientId": clientID, "resourceId": resourceID, "consentType": AllPrincipals, "scope": strings.Join(scopes, " "),
	}
	if userID != "" {
		body["consentType"], body["principalId"] = OnePrincipal, userID
	}
	if _, err := s.CreateGrant(body); err != nil {
		return fmt.Errorf("record the consent: %w", err)
	}
	return nil
}

// AssignRequired gives a client the app roles that a registration requires. Those that it has stay.
func (d *Directory) AssignRequired(client Client, registration Registration) error {
	for _, required := range registration.Required {
		resource, ok := d.Resource(required.ResourceAppID)
		if !ok {
			return fmt.Errorf("consent: the API %s has no service principal in the tenant", required.ResourceAppID)
		}
		if err := d.assignAll(client.ServicePrincipalID, resource.ServicePrincipalID, required.Roles); err != nil {
			return err
		}
	}
	return nil
}

// Values are the values of a resource's enabled scopes with these IDs.
func (d *Directory) Values(resourceID string, ids []string) []string {
	var out []string
	for _, scope := range d.Scopes(resourceID) {
		if slices.Contains(ids, scope.ID) {
			out = append(out, scope.Value)
		}
	}
	return out
}

func (d *Directory) assignAll(principalID, resourceID string, roles []string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.present()
	for _, role := range roles {
		held := slices.ContainsFunc(s.assignments("principalId", principalID, s.now), func(a *Object) bool {
			return odata.Text(a.Doc, "resourceId") == resourceID && odata.Text(a.Doc, "appRoleId") == role
		})
		if held {
			continue
		}
		if _, err := s.Assign(odata.Document{"principalId": principalID, "resourceId": resourceID, "appRoleId": role}); err != nil {
			return fmt.Errorf("assign the role %s: %w", role, err)
		}
	}
	return nil
}

// present is a session that sees everything as it is.
func (d *Directory) present() *Session {
	now := d.now()
	return &Session{directory: d, now: now, read: now, write: now, owners: now, backing: now, lists: now, tokens: now}
}

package directory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Consent records that a user (empty: an administrator for everybody) lets a client use scopes of a resource. What was
// granted before stays. It happens at the primary.
func (d *Directory) Consent(clientID, resourceID, userID string, scopes []string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.withoutLag()
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

// AssignRoles assigns app roles of a resource to a principal. Those that it has stay. It happens at the primary.
func (d *Directory) AssignRoles(principalID, resourceID string, roles []string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.withoutLag()
	for _, role := range roles {
		has := slices.ContainsFunc(s.assignments("principalId", principalID, s.now), func(a *Object) bool {
			return odata.Text(a.Doc, "resourceId") == resourceID && odata.Text(a.Doc, "appRoleId") == role
		})
		if has {
			continue
		}
		if _, err := s.Assign(odata.Document{"principalId": principalID, "resourceId": resourceID, "appRoleId": role}); err != nil {
			return fmt.Errorf("assign the role %s: %w", role, err)
		}
	}
	return nil
}

// withoutLag is a session without lag.
func (d *Directory) withoutLag() *Session {
	now := d.now()
	return &Session{directory: d, now: now, read: now, write: now, owners: now, backing: now, lists: now, tokens: now}
}

package signin

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Roles are the values of the enabled app roles that a client's service principal has at a resource's, sorted. Both are object IDs.
// Default access has no value and does not show here.
func (d Directory) Roles(clientID, resourceID string) (out []string) {
	d.AtTokenService(func(s *directory.Session) { out = rolesOf(s, []string{clientID}, resourceID) })
	return out
}

// UserRoles are the values of the enabled app roles that a user has at a resource's service principal, given to the user or to a group
// of which the user is a direct member; sorted.
func (d Directory) UserRoles(userID, resourceID string) (out []string) {
	d.AtTokenService(func(s *directory.Session) { out = rolesOf(s, s.UserPrincipals(userID), resourceID) })
	return out
}

// Assigned reports whether a client's service principal has any assignment at a resource's, default access included: what
// AssignmentRequired asks for.
func (d Directory) Assigned(clientID, resourceID string) (ok bool) {
	d.AtTokenService(func(s *directory.Session) { ok = assigned(s, clientID, resourceID) })
	return ok
}

// UserAssigned reports whether a user, or a group with the user as a direct member, has any assignment at a resource's.
func (d Directory) UserAssigned(userID, resourceID string) (ok bool) {
	d.AtTokenService(func(s *directory.Session) {
		ok = slices.ContainsFunc(s.UserPrincipals(userID), func(principal string) bool { return assigned(s, principal, resourceID) })
	})
	return ok
}

// rolesOf are the values of the enabled roles that any of the principals has at a resource, sorted.
func rolesOf(s *directory.Session, principals []string, resourceID string) []string {
	resource := s.FindAny(resourceID)
	if resource == nil {
		return nil
	}
	var out []string
	roles := odata.Documents(s.Properties(resource), "appRoles")
	for _, principal := range principals {
		for _, a := range s.Assignments("principalId", principal) {
			if odata.Text(a.Doc, "resourceId") != resourceID {
				continue
			}
			for _, role := range roles {
				if role["id"] == a.Doc["appRoleId"] && odata.Flag(role, "isEnabled") && odata.Text(role, "value") != "" {
					out = append(out, odata.Text(role, "value"))
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func assigned(s *directory.Session, principalID, resourceID string) bool {
	return slices.ContainsFunc(s.Assignments("principalId", principalID), func(a *directory.Object) bool {
		return odata.Text(a.Doc, "resourceId") == resourceID
	})
}

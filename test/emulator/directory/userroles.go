package directory

import (
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// UserRoles are the values of the enabled app roles that a user holds at a resource's service principal, given to the
// user or to a group of which the user is a direct member; sorted.
func (d *Directory) UserRoles(userID, resourceID string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	s.read = s.tokens
	var out []string
	for _, principal := range s.standsFor(userID, s.tokens) {
		out = append(out, s.rolesOf(principal, resourceID)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// UserAssigned says whether a user, or a group with the user as a direct member, has any assignment at a resource's.
func (d *Directory) UserAssigned(userID, resourceID string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.session(Caller{})
	return slices.ContainsFunc(s.standsFor(userID, s.tokens), func(principal string) bool { return s.assigned(principal, resourceID) })
}

// UserAssignments are those of a user and of the groups of which it is a direct member: Graph lists both with the user.
func (s *Session) UserAssignments(userID string) []*Object {
	var out []*Object
	for _, principal := range s.standsFor(userID, s.lists) {
		out = append(out, s.assignments("principalId", principal, s.lists)...)
	}
	return out
}

// standsFor are the principals whose assignments count for a user.
func (s *Session) standsFor(userID string, moment time.Time) []string {
	out := []string{userID}
	for _, group := range s.all(Group, moment, func(g *Object) bool { return slices.Contains(g.Members, userID) }) {
		out = append(out, group.ID)
	}
	return out
}

// rolesOf are the values of a principal's enabled roles at a resource.
func (s *Session) rolesOf(principalID, resourceID string) []string {
	resource := s.Seen(resourceID)
	if resource == nil {
		return nil
	}
	var out []string
	roles := odata.Documents(s.Properties(resource), "appRoles")
	for _, a := range s.assignments("principalId", principalID, s.tokens) {
		if odata.Text(a.Doc, "resourceId") != resourceID {
			continue
		}
		for _, role := range roles {
			if role["id"] == a.Doc["appRoleId"] && odata.Flag(role, "isEnabled") && odata.Text(role, "value") != "" {
				out = append(out, odata.Text(role, "value"))
			}
		}
	}
	return out
}

func (s *Session) assigned(principalID, resourceID string) bool {
	return slices.ContainsFunc(s.assignments("principalId", principalID, s.tokens), func(a *Object) bool {
		return odata.Text(a.Doc, "resourceId") == resourceID
	})
}

package directory

import (
	"encoding/base64"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// DefaultAccess is the app role ID of an assignment without a role.
const DefaultAccess = "00000000-0000-0000-0000-000000000000"

// maxAssignments is how many app roles a principal may be assigned.
const maxAssignments = 1500

// Assign gives a principal an app role of a resource out of a checked body. Both ends are looked up on the request's
// replica, and the role in the service principal's copy.
func (s *Session) Assign(body odata.Document) (*Object, error) {
	t := odata.TypeByName(string(Assignment))
	if err := odata.CheckReadOnly(t, odata.Blank(t), body); err != nil {
		return nil, err
	}
	for _, name := range []string{"principalId", "resourceId", "appRoleId"} {
		if odata.Text(body, name) == "" {
			return nil, odata.Missing(name, t.Resource)
		}
	}
	principal, resource, err := s.ends(body)
	if err != nil {
		return nil, err
	}
	if err := s.checkAssignable(principal, resource, odata.Text(body, "appRoleId")); err != nil {
		return nil, err
	}
	o := &Object{Kind: Assignment, ID: s.newAssignmentID(), Doc: odata.Document{
		"appRoleId": body["appRoleId"], "principalId": principal.ID, "resourceId": resource.ID,
		"principalType":        map[Kind]string{User: "User", Group: "Group", ServicePrincipal: "ServicePrincipal"}[principal.Kind],
		"principalDisplayName": s.Properties(principal)["displayName"],
		"resourceDisplayName":  s.Properties(resource)["displayName"],
	}}
	return o, s.create(o)
}

func (s *Session) ends(body odata.Document) (principal, resource *Object, err error) {
	if principal, err = s.findEnd(odata.Text(body, "principalId")); err != nil {
		return nil, nil, err
	}
	if resource, err = s.findEnd(odata.Text(body, "resourceId")); err != nil {
		return nil, nil, err
	}
	if principal.Kind == Application || principal.Kind == Assignment || resource.Kind != ServicePrincipal {
		return nil, nil, InvalidReference()
	}
	return principal, resource, nil
}

// findEnd finds one end. A replica that does not have it yet says that it is not there, or that it cannot be referred to.
func (s *Session) findEnd(id string) (*Object, error) {
	o, err := s.Reference(id)
	if err != nil && s.isLiveAt(id, s.now) && s.RandomBool() {
		return nil, InvalidReference()
	}
	return o, err
}

// InvalidReference is the refusal of an assignment whose ends are swapped, of a wrong kind, or not yet related.
func InvalidReference() error { return odata.BadRequest("Not a valid reference update.") }

func (s *Session) checkAssignable(principal, resource *Object, roleID string) error {
	if !s.offersRole(resource, principal.Kind, roleID) {
		return odata.BadRequest("Permission being assigned was not found on application '%s'.", odata.Text(resource.Doc, "appId"))
	}
	count := 0
	for _, a := range s.primary(Assignment) {
		if odata.Text(a.Doc, "principalId") != principal.ID {
			continue
		}
		count++
		if odata.Text(a.Doc, "resourceId") == resource.ID && odata.Text(a.Doc, "appRoleId") == roleID {
			return odata.BadRequest("Permission being assigned already exists on the object").With("InvalidUpdate", "appRoleId")
		}
	}
	if count >= maxAssignments {
		return odata.Refused(400, "Directory_ResourceSizeExceeded",
			"The size of the object has exceeded its limit. Please reduce the number of values and retry your request")
	}
	return nil
}

// offersRole reports whether a resource has an enabled role for a kind of principal. Default access exists where no role does.
func (s *Session) offersRole(resource *Object, principal Kind, roleID string) bool {
	member := "User"
	if principal == ServicePrincipal {
		member = "Application"
	}
	open := true
	for _, role := range odata.Documents(s.Properties(resource), "appRoles") {
		if !odata.Flag(role, "isEnabled") || !slices.Contains(odata.Texts(role, "allowedMemberTypes"), member) {
			continue
		}
		if odata.Text(role, "id") == roleID {
			return true
		}
		open = false
	}
	return open && roleID == DefaultAccess
}

// Assignments are the assignments that have an object at one end: property is principalId or resourceId. An end that is
// deleted hides them.
func (s *Session) Assignments(property, id string) []*Object {
	return s.assignments(property, id, s.lists)
}

// UserAssignments are those of a user and of the groups of which it is a direct member: Graph lists both with the user.
func (s *Session) UserAssignments(userID string) []*Object {
	var out []*Object
	for _, principal := range s.UserPrincipals(userID) {
		out = append(out, s.assignments("principalId", principal, s.lists)...)
	}
	return out
}

// UserPrincipals are the principals whose assignments count for a user: the user, and the groups of which it is a direct member.
func (s *Session) UserPrincipals(userID string) []string {
	out := []string{userID}
	for _, group := range s.all(Group, s.lists, func(g *Object) bool { return slices.Contains(g.Members, userID) }) {
		out = append(out, group.ID)
	}
	return out
}

// FindAssignment finds an assignment on the request's replica, only below one of its own ends.
func (s *Session) FindAssignment(property, end, id string) (*Object, error) {
	for _, a := range s.Assignments(property, end) {
		if a.ID == id {
			return a, nil
		}
	}
	return nil, odata.NotFound(id)
}

// Unassign deletes an assignment for good.
func (s *Session) Unassign(a *Object) error {
	if s.directory.records[a.ID].latest() == nil {
		return odata.NotFound(a.ID)
	}
	s.remove(a.ID)
	return nil
}

func (s *Session) removeAssignments(id string) {
	for _, a := range s.primary(Assignment) {
		if odata.Text(a.Doc, "principalId") == id || odata.Text(a.Doc, "resourceId") == id {
			s.remove(a.ID)
		}
	}
}

// newAssignmentID is opaque: 43 characters of base64url, as Entra's.
func (s *Session) newAssignmentID() string {
	var raw [32]byte
	for i := range 2 {
		id := uuid.MustParse(s.directory.newID())
		copy(raw[16*i:], id[:])
	}
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

func (s *Session) assignments(property, id string, moment time.Time) []*Object {
	return s.all(Assignment, moment, func(a *Object) bool {
		return odata.Text(a.Doc, property) == id &&
			s.isLiveAt(odata.Text(a.Doc, "principalId"), moment) && s.isLiveAt(odata.Text(a.Doc, "resourceId"), moment)
	})
}

func (s *Session) isLiveAt(id string, moment time.Time) bool {
	o := s.at(id, moment)
	return o != nil && o.Deleted.IsZero()
}

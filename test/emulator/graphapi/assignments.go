package graphapi

import (
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// assignmentEnd is one end of app role assignments, from which they are listed and created.
type assignmentEnd struct {
	kind     directory.Kind
	set      string // of the object, in @odata.context
	list     string
	property string // of the assignment that names this end
}

var (
	resourceEnd  = assignmentEnd{directory.ServicePrincipal, "servicePrincipals", "appRoleAssignedTo", "resourceId"}
	principalEnd = assignmentEnd{directory.ServicePrincipal, "servicePrincipals", "appRoleAssignments", "principalId"}
	userEnd      = assignmentEnd{directory.User, "users", "appRoleAssignments", "principalId"}
	groupEnd     = assignmentEnd{directory.Group, "groups", "appRoleAssignments", "principalId"}
)

func assignments(pattern string, from assignmentEnd) route {
	return route{pattern, "appRoleAssignment", 2, map[string]handler{get: from.listAssignments, post: from.createAssignment}}
}

func assignment(pattern string, from assignmentEnd) route {
	return route{pattern, "appRoleAssignment", 0, map[string]handler{get: from.getAssignment, del: from.deleteAssignment}}
}

// find is the object in the path.
func (f assignmentEnd) find(c *call) (*directory.Object, error) {
	var alternates []string
	if f.kind == directory.ServicePrincipal {
		alternates = append(alternates, "appId")
	}
	key, err := c.key(0, alternates...)
	if err != nil {
		return nil, err
	}
	if f.kind == directory.User {
		key = c.userKey(key)
	}
	return c.session.FindParent(f.kind, key)
}

// mayRead asks for the permission to list assignments. The permission to read applications does not include those of users and groups.
func (f assignmentEnd) mayRead(c *call) error {
	if f.kind == directory.ServicePrincipal {
		return c.mayReadAssignments()
	}
	return c.requirePermission(readDirectory, writeDirectory, writeAssignments)
}

// mayCreate asks for the permission to assign. At a group's address the caller also needs to read groups; at the API's it does not.
func (f assignmentEnd) mayCreate(c *call) error {
	if f.kind == directory.Group {
		if err := c.requirePermission("Group.Read.All", "Group.ReadWrite.All", readDirectory, writeDirectory); err != nil {
			return err
		}
	}
	return c.mayAssign()
}

func (f assignmentEnd) context(end *directory.Object) string {
	return f.set + "('" + end.ID + "')/" + f.list
}

func (f assignmentEnd) listAssignments(c *call) (*answer, error) {
	if err := f.mayRead(c); err != nil {
		return nil, err
	}
	end, err := f.find(c)
	if err != nil {
		return nil, err
	}
	found := c.session.Assignments(f.property, end.ID)
	if f.kind == directory.User {
		found = c.session.UserAssignments(end.ID)
	}
	return c.page(f.context(end), c.documentItems(c.documents(found)))
}

func (f assignmentEnd) getAssignment(c *call) (*answer, error) {
	if err := f.mayRead(c); err != nil {
		return nil, err
	}
	end, err := f.find(c)
	if err != nil {
		return nil, err
	}
	a, err := c.session.FindAssignment(f.property, end.ID, c.keys[1].AsKey().Value)
	if err != nil {
		return nil, err
	}
	doc := selectNames(c.session.Properties(a), c.query.Select)
	doc["@odata.context"] = c.context(f.context(end)) + "/$entity"
	return &answer{status: http.StatusOK, body: doc}, nil
}

func (f assignmentEnd) createAssignment(c *call) (*answer, error) {
	if err := f.mayCreate(c); err != nil {
		return nil, err
	}
	end, err := f.find(c)
	if err != nil {
		return nil, err
	}
	body, err := c.checkedBody("appRoleAssignment")
	if err != nil {
		return nil, err
	}
	if given := odata.Text(body, f.property); given != "" && given != end.ID {
		return nil, directory.InvalidReference()
	}
	a, err := c.session.Assign(body)
	if err != nil {
		return nil, err
	}
	doc := c.session.CreatedProperties(a)
	doc["@odata.context"] = c.base + "/$metadata#" + f.context(end) + "/$entity"
	return &answer{
		status: http.StatusCreated, body: doc, location: c.base + "/" + f.set + "/" + end.ID + "/" + f.list + "/" + a.ID,
	}, nil
}

func (f assignmentEnd) deleteAssignment(c *call) (*answer, error) {
	if err := c.mayAssign(); err != nil {
		return nil, err
	}
	end, err := f.find(c)
	if err != nil {
		return nil, err
	}
	a, err := c.session.FindAssignment(f.property, end.ID, c.keys[1].AsKey().Value)
	if err != nil {
		return nil, err
	}
	return noContent(), c.session.Unassign(a)
}

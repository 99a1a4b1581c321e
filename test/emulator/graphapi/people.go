package graphapi

import (
	"net/http"
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// getOrganization shows the tenant. What more there is needs Organization.Read.All and is not emulated.
func getOrganization(c *call) (*answer, error) {
	if len(c.caller.Roles) == 0 {
		return nil, odata.Forbidden()
	}
	return c.page("organization", c.documentItems([]odata.Document{c.session.Organization()}))
}

func getDirectoryObject(c *call) (*answer, error) {
	if err := c.requirePermission(readDirectory, writeDirectory); err != nil {
		return nil, err
	}
	key := c.keys[0].AsKey()
	o, err := c.session.Reference(key.Value)
	if err != nil {
		return nil, err
	}
	return &answer{status: http.StatusOK, body: c.directoryObject(o)}, nil
}

func getUser(c *call) (*answer, error) {
	return c.getUserOrGroup(directory.User, "users", "User.Read.All")
}

func getGroup(c *call) (*answer, error) {
	return c.getUserOrGroup(directory.Group, "groups", "Group.Read.All")
}

// getMe is the user for whom the caller acts.
func getMe(c *call) (*answer, error) {
	if len(c.caller.Scopes) == 0 {
		return nil, odata.Refused(http.StatusBadRequest, "BadRequest", "/me request is only valid with delegated authentication flow.")
	}
	if !slices.ContainsFunc(c.caller.Scopes, func(s string) bool { return s == "User.Read" || s == "User.Read.All" || s == readDirectory }) {
		return nil, odata.Forbidden()
	}
	o, err := c.session.Find(directory.User, directory.Key{Value: c.caller.ObjectID})
	if err != nil {
		return nil, err
	}
	return &answer{status: http.StatusOK, body: c.object(o, "users")}, nil
}

func listUsers(c *call) (*answer, error) {
	return c.listUsersOrGroups(directory.User, "users", "User.Read.All")
}

func listGroups(c *call) (*answer, error) {
	return c.listUsersOrGroups(directory.Group, "groups", "Group.Read.All")
}

func (c *call) listUsersOrGroups(kind directory.Kind, set, permission string) (*answer, error) {
	if err := c.requirePermission(permission, readDirectory, writeDirectory); err != nil {
		return nil, err
	}
	return c.page(set, c.objectItems(c.session.List(kind)))
}

// listMembers are the direct members of a group.
func listMembers(c *call) (*answer, error) {
	if err := c.requirePermission("Group.Read.All", readDirectory, writeDirectory); err != nil {
		return nil, err
	}
	key, err := c.key(0)
	if err != nil {
		return nil, err
	}
	group, err := c.session.FindParent(directory.Group, key)
	if err != nil {
		return nil, err
	}
	var members []odata.Document
	for _, id := range group.Members {
		if member, err := c.session.Reference(id); err == nil {
			members = append(members, c.directoryObject(member))
		}
	}
	return c.page("directoryObjects", c.documentItems(members))
}

func (c *call) getUserOrGroup(kind directory.Kind, set, permission string) (*answer, error) {
	if err := c.requirePermission(permission, readDirectory, writeDirectory); err != nil {
		return nil, err
	}
	key, err := c.key(0)
	if err != nil {
		return nil, err
	}
	if kind == directory.User && c.keys[0].Key == nil {
		key = c.userKey(key)
	}
	o, err := c.session.Find(kind, key)
	if err != nil {
		return nil, err
	}
	return &answer{status: http.StatusOK, body: c.object(o, set)}, nil
}

// userKey is the key of a user, who may be named by user principal name in place of the ID.
func (c *call) userKey(key directory.Key) directory.Key {
	if _, err := c.session.Find(directory.User, key); err != nil {
		return directory.Key{Property: "userPrincipalName", Value: key.Value}
	}
	return key
}

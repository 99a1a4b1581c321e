package graphapi

import (
	"slices"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// The application permissions that Graph requires here.
const (
	readApplications  = "Application.Read.All"
	writeOwned        = "Application.ReadWrite.OwnedBy"
	writeApplications = "Application.ReadWrite.All"
	writeAssignments  = "AppRoleAssignment.ReadWrite.All"
	writeGrants       = "DelegatedPermissionGrant.ReadWrite.All"
	readDirectory     = "Directory.Read.All"
	writeDirectory    = "Directory.ReadWrite.All"
	writeAttributes   = "CustomSecAttributeAssignment.ReadWrite.All"
)

func (c *call) hasPermission(permissions ...string) bool {
	return slices.ContainsFunc(permissions, func(p string) bool { return slices.Contains(c.caller.Roles, p) })
}

func (c *call) requirePermission(permissions ...string) error {
	if c.hasPermission(permissions...) {
		return nil
	}
	return odata.Forbidden()
}

// mayRead asks for the permission to read. Reads are not limited to what the caller owns.
func (c *call) mayRead() error {
	return c.requirePermission(readApplications, writeOwned, writeApplications, readDirectory, writeDirectory)
}

// mayCreate asks for the permission to make applications and service principals.
func (c *call) mayCreate() error { return c.requirePermission(writeOwned, writeApplications) }

// onlyOwned reports whether the caller is limited to what it owns.
func (c *call) onlyOwned() bool { return !c.hasPermission(writeApplications) }

// mayWrite asks for the permission to change an object. Under OwnedBy the caller must own it, a service principal's
// application too.
func (c *call) mayWrite(o *directory.Object) error {
	if !c.onlyOwned() {
		return nil
	}
	if !c.hasPermission(writeOwned) || !c.session.Owns(o) {
		return odata.Forbidden()
	}
	if o.Kind == directory.ServicePrincipal && !c.session.OwnsApplicationOf(o) {
		return odata.Forbidden()
	}
	return nil
}

// mayAssign asks for the permission to assign app roles, for which ownership does not count, and to read both ends.
func (c *call) mayAssign() error {
	if err := c.requirePermission(writeAssignments); err != nil {
		return err
	}
	return c.requirePermission(readApplications, writeApplications, readDirectory, writeDirectory)
}

// mayReadAssignments asks for the permission to see who has an app role.
func (c *call) mayReadAssignments() error {
	return c.requirePermission(readApplications, writeApplications, writeOwned, readDirectory, writeDirectory, writeAssignments)
}

// mayAddOwner asks for the permission to add another owner, for which OwnedBy alone does not suffice.
func (c *call) mayAddOwner(o *directory.Object) error {
	if err := c.mayWrite(o); err != nil {
		return err
	}
	return c.requirePermission(writeApplications, readDirectory, writeDirectory)
}

// mayGrant asks for the permission to change delegated grants.
func (c *call) mayGrant() error { return c.requirePermission(writeGrants, writeDirectory) }

// mayReadGrants asks for the permission to see delegated grants.
func (c *call) mayReadGrants() error {
	return c.requirePermission(writeGrants, readDirectory, writeDirectory)
}

// Package permission is what AppRoleAssignment and DelegatedPermissionGrant have in common: both give permissions of an API that carry no
// mark in Entra, and that several objects, and people too, may give. An object takes away only what its own status names, and only where no
// other live object names it.
package permission

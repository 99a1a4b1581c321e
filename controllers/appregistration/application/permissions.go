package application

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Permission of an API that the spec declares.
type Permission struct {
	// Path of the field that names it, as in spec.permissions[0].delegated[1].
	Path  string
	Type  v1alpha1.PermissionType
	Value string
	ID    string
	API   reference.API
}

// Declares reports whether an application declares a permission already.
func Declares(app entra.Application, apiID string, kind v1alpha1.PermissionType, id string) bool {
	return slices.ContainsFunc(app.RequiredAccess, func(access entra.RequiredAccess) bool {
		return strings.EqualFold(access.ResourceAppID, apiID) &&
			slices.ContainsFunc(*idsOf(&access, kind), func(have string) bool { return strings.EqualFold(have, id) })
	})
}

// idsOf are the declared permissions of one type.
func idsOf(access *entra.RequiredAccess, kind v1alpha1.PermissionType) *[]string {
	if kind == v1alpha1.PermissionApplication {
		return &access.AppRoles
	}
	return &access.Scopes
}

func (d desired) permissionEntries(have entra.Application) []Entry {
	var entries []Entry
	for _, p := range d.references.Permissions {
		entries = append(entries, entry(p.Path, Declares(have, p.API.AppID, p.Type, p.ID), policy.Declaration{
			Path: p.Path, API: p.API.Judged(true), Type: p.Type, ID: p.ID, Value: p.Value,
		}))
	}
	return entries
}

// requiredAccess are the declared permissions, one entry an API, in the order that Entra has. While something is missing, nothing that
// is declared is taken away: it may be what is missing.
func (d desired) requiredAccess(have []entra.RequiredAccess) []entra.RequiredAccess {
	var wanted []entra.RequiredAccess
	for _, p := range d.references.Permissions {
		wanted = mergeByKey(wanted, []entra.RequiredAccess{p.access()}, accessKey, joinAccess)
	}
	if d.references.Incomplete {
		wanted = mergeByKey(wanted, have, accessKey, joinAccess)
	}
	return reconcileByKey(have, wanted, accessKey, func(have, wanted entra.RequiredAccess) entra.RequiredAccess {
		have.Scopes = reconcileSet(have.Scopes, wanted.Scopes, strings.ToLower)
		have.AppRoles = reconcileSet(have.AppRoles, wanted.AppRoles, strings.ToLower)
		return have
	})
}

func (p Permission) access() entra.RequiredAccess {
	access := entra.RequiredAccess{ResourceAppID: p.API.AppID}
	*idsOf(&access, p.Type) = []string{p.ID}
	return access
}

func accessKey(a entra.RequiredAccess) string { return strings.ToLower(a.ResourceAppID) }

func joinAccess(a, b entra.RequiredAccess) entra.RequiredAccess {
	a.Scopes = distinct(slices.Concat(a.Scopes, b.Scopes), strings.ToLower)
	a.AppRoles = distinct(slices.Concat(a.AppRoles, b.AppRoles), strings.ToLower)
	return a
}

// accessDetails say what is declared by name, and how many are taken away: of these only IDs are known.
func (d desired) accessDetails(have entra.Application, next []entra.RequiredAccess) string {
	var parts, added []string
	for _, p := range d.references.Permissions {
		if !Declares(have, p.API.AppID, p.Type, p.ID) {
			added = append(added, p.Value)
		}
	}
	if len(added) > 0 {
		parts = append(parts, "add "+FirstFew(added, " "))
	}
	if removed := countPermissions(have.RequiredAccess) + len(added) - countPermissions(next); removed > 0 {
		parts = append(parts, fmt.Sprintf("remove %d", removed))
	}
	return strings.Join(parts, ", ")
}

func countPermissions(list []entra.RequiredAccess) int {
	total := 0
	for _, access := range list {
		total += len(access.Scopes) + len(access.AppRoles)
	}
	return total
}

func withoutPermission(list []entra.RequiredAccess, removed policy.Declaration) []entra.RequiredAccess {
	var next []entra.RequiredAccess
	is := func(id string) bool { return strings.EqualFold(id, removed.ID) }
	for _, access := range list {
		if strings.EqualFold(access.ResourceAppID, removed.API.AppID) {
			ids := idsOf(&access, removed.Type)
			*ids = without(*ids, is)
		}
		if len(access.Scopes)+len(access.AppRoles) > 0 {
			next = append(next, access)
		}
	}
	return next
}

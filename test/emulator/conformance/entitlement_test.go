package conformance

import (
	"net/http"
	"testing"
)

func TestAppRole_Rules(t *testing.T) {
	t.Parallel()
	base := role("Orders.Read.All", nil)
	one := func(more object) object { return withRoles(changed(base, more)) }
	checkRules(t, object{}, []rule{
		accepts("a role for applications", one(nil)),
		accepts("a role for users and applications", one(object{"allowedMemberTypes": list{"User", "Application"}})),
		accepts("a disabled role", one(object{"isEnabled": false})),
		accepts("a value of 120 characters", one(object{"value": textOf(120)})),
		accepts("every documented character", one(object{"value": "a:!#$%&'()*+,-./;=?@[]^_{}~0Z"})),
		refuses("a value of 250 characters", one(object{"value": textOf(250)})),
		refuses("a value with a blank", one(object{"value": "Orders Read"})),
		refuses("a value with another alphabet", one(object{"value": "Órdenes"})),
		refuses("a value that starts with a dot", one(object{"value": ".Orders"})),
		refuses("a role without id", withRoles(without(base, "id"))),
		refuses("an id that is no GUID", one(object{"id": "orders"})),
		refuses("no member type", one(object{"allowedMemberTypes": list{}})),
		refuses("a role without member types", withRoles(without(base, "allowedMemberTypes"))),
		refuses("an unknown member type", one(object{"allowedMemberTypes": list{"Robot"}})),
		refuses("a role without display name", withRoles(without(base, "displayName"))),
		refuses("an empty display name", one(object{"displayName": ""})),
		refuses("a role without description", withRoles(without(base, "description"))),
		refuses("an empty description", one(object{"description": ""})),
		refuses("the same id twice", withRoles(base, changed(base, object{"value": "Orders.Write.All"}))),
		refuses("the same value twice", withRoles(base, changed(base, object{"id": guid()}))),
	})
}

func TestScope_Rules(t *testing.T) {
	t.Parallel()
	base := scope("Orders.Read", nil)
	one := func(more object) object { return withScopes(changed(base, more)) }
	checkRules(t, object{}, []rule{
		accepts("a scope for admins", one(nil)),
		accepts("a scope for users", one(object{"type": "User", "userConsentDisplayName": "Read", "userConsentDescription": "Read orders."})),
		accepts("a disabled scope", one(object{"isEnabled": false})),
		accepts("a value of 120 characters", one(object{"value": textOf(120)})),
		refuses("a value of 250 characters", one(object{"value": textOf(250)})),
		refuses("a value with a blank", one(object{"value": "Orders Read"})),
		refuses("a value that starts with a dot", one(object{"value": ".Orders"})),
		refuses("a scope without id", withScopes(without(base, "id"))),
		refuses("an id that is no GUID", one(object{"id": "orders"})),
		refuses("an unknown type", one(object{"type": "Robot"})),
		refuses("an enabled scope without admin name", withScopes(without(base, "adminConsentDisplayName"))),
		refuses("an enabled scope without admin text", withScopes(without(base, "adminConsentDescription"))),
		refuses("the same id twice", withScopes(base, changed(base, object{"value": "Orders.Write"}))),
		refuses("the same value twice", withScopes(base, changed(base, object{"id": guid()}))),
	})
}

func TestScope_SharesValuesAndIDsWithAppRoles(t *testing.T) {
	t.Parallel()
	shared := guid()
	both := func(aRole, aScope object) object { return changed(withRoles(aRole), withScopes(aScope)) }
	twin := object{"adminConsentDisplayName": "Orders", "adminConsentDescription": "May do Orders.", "id": shared}
	checkRules(t, object{}, []rule{
		accepts("different ids and values", both(role("Orders.Read.All", nil), scope("Orders.Read", nil))),
		accepts("one id where all else is equal", both(role("Orders", object{"id": shared}), scope("Orders", twin))),
		refuses("one value under two ids", both(role("Orders", nil), scope("Orders", nil))),
		refuses("one id with two values", both(role("Orders.Read", object{"id": shared}), scope("Orders.Write", object{"id": shared}))),
		refuses("one id with two texts", both(role("Orders", object{"id": shared, "description": "Another."}), scope("Orders", twin))),
		refuses("one id, one of them disabled", both(role("Orders", object{"id": shared, "isEnabled": false}), scope("Orders", twin))),
	})
}

// enabledFirst is what Entra says to the removal of an enabled scope or role.
var enabledFirst = refusal{
	codes:   []string{"Request_BadRequest", "CannotDeleteOrUpdateEnabledEntitlement"},
	message: "Permission (scope or role) cannot be deleted or updated unless disabled first.",
}

func TestEntitlement_IsDisabledBeforeRemoval(t *testing.T) {
	t.Parallel()
	keptRole, goingRole := role("Orders.Keep.All", nil), role("Orders.Go.All", nil)
	keptScope, goingScope := scope("Orders.Keep", nil), scope("Orders.Go", nil)
	off := object{"isEnabled": false}
	for name, row := range map[string]struct{ full, removed, replaced, disabled object }{
		"role": {
			full: withRoles(keptRole, goingRole), removed: withRoles(keptRole), replaced: withRoles(role("Orders.New.All", nil), goingRole),
			disabled: withRoles(keptRole, changed(goingRole, off)),
		},
		"scope": {
			full: withScopes(keptScope, goingScope), removed: withScopes(keptScope), replaced: withScopes(scope("Orders.New", nil), goingScope),
			disabled: withScopes(keptScope, changed(goingScope, off)),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := examined.first
			path := applicationPath(first.newApplication(t, row.full))
			first.refused(t, enabledFirst, http.MethodPatch, path, row.removed)
			first.refused(t, enabledFirst, http.MethodPatch, path, row.replaced)
			first.waitShown(t, path, row.full)
			first.must(t, http.StatusNoContent, http.MethodPatch, path, row.disabled)
			first.waitShown(t, path, row.disabled)
			first.must(t, http.StatusNoContent, http.MethodPatch, path, row.removed)
			first.waitShown(t, path, row.removed)
		})
	}
}

func TestPreAuthorizedApplication_ScopesMustExist(t *testing.T) {
	t.Parallel()
	first := examined.first
	one := scope("Orders.Read", nil)
	trust := func(id any) object {
		return object{"api": object{"preAuthorizedApplications": list{object{"appId": guid(), "delegatedPermissionIds": list{id}}}}}
	}
	path := applicationPath(first.newApplication(t, withScopes(one)))
	first.refused(t, badRequest, http.MethodPatch, path, trust(guid()))
	trusted := trust(one["id"])
	first.must(t, http.StatusNoContent, http.MethodPatch, path, trusted)
	first.waitShown(t, path, trusted)

	off := changed(one, object{"isEnabled": false})
	untrusted := object{"api": object{"oauth2PermissionScopes": list{off}, "preAuthorizedApplications": list{}}}
	first.must(t, http.StatusNoContent, http.MethodPatch, path, untrusted)
	first.waitShown(t, path, untrusted)
	first.refused(t, badRequest, http.MethodPatch, path, trusted) // it is disabled
	first.must(t, http.StatusNoContent, http.MethodPatch, path, withScopes())
	first.waitShown(t, path, withScopes())
}

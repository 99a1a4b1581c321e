// Package tier0 knows the permissions that are as good as Global Administrator. A rule must name them exactly.
package tier0

import (
	"maps"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Microsoft's APIs that have such permissions.
const (
	// legacyGraph is Azure AD Graph, whose every permission counts.
	legacyGraph    = "00000002-0000-0000-c000-000000000000"
	exchange       = "Office365Exchange"
	microsoftGraph = "MicrosoftGraph"
	azure          = "AzureServiceManagement"
)

// roles are app roles with which an application makes itself, or somebody else, an administrator of everything: it gives roles,
// consents for itself, resets what others sign in with, changes which keys an application or a domain trusts, or rewrites the rules
// that keep others from it. IDs are given where they are well known, so that a role is known even without its value.
var roles = map[string]map[string]string{
	microsoftGraph: {
		"AdministrativeUnit.ReadWrite.All":                     "",
		"Application.ReadUpdate.All":                           "",
		"Application.ReadWrite.All":                            "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
		"Application.ReadWrite.OwnedBy":                        "18a4783c-866b-4cc7-a460-3d5e5662c884",
		"AppRoleAssignment.ReadWrite.All":                      "06b708a9-e830-4db3-a914-8e69da51d44f",
		"DelegatedAdminRelationship.ReadWrite.All":             "",
		"DelegatedPermissionGrant.ReadWrite.All":               "",
		"DeviceManagementConfiguration.ReadWrite.All":          "",
		"DeviceManagementRBAC.ReadWrite.All":                   "",
		"DeviceManagementScripts.ReadWrite.All":                "",
		"Directory.ReadWrite.All":                              "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
		"Domain.ReadWrite.All":                                 "",
		"EntitlementManagement.ReadWrite.All":                  "",
		"Group.ReadWrite.All":                                  "62a82d76-70ea-41e2-9197-370581804d09",
		"Group-OnPremisesSyncBehavior.ReadWrite.All":           "",
		"GroupMember.ReadWrite.All":                            "",
		"Organization.ReadWrite.All":                           "",
		"Policy.ReadWrite.AuthenticationMethod":                "",
		"Policy.ReadWrite.ConditionalAccess":                   "",
		"Policy.ReadWrite.PermissionGrant":                     "",
		"PrivilegedAccess.ReadWrite.AzureAD":                   "",
		"PrivilegedAccess.ReadWrite.AzureADGroup":              "",
		"PrivilegedAccess.ReadWrite.AzureResources":            "",
		"PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup":  "",
		"PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup": "",
		"RoleAssignmentSchedule.ReadWrite.Directory":           "",
		"RoleEligibilitySchedule.ReadWrite.Directory":          "",
		"RoleManagement.ReadWrite.Directory":                   "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
		"RoleManagementPolicy.ReadWrite.AzureADGroup":          "",
		"RoleManagementPolicy.ReadWrite.Directory":             "",
		"SecurityIdentitiesActions.ReadWrite.All":              "",
		"SignInIdentifier.ReadWrite.All":                       "",
		"Synchronization.ReadWrite.All":                        "",
		"User.DeleteRestore.All":                               "",
		"User.EnableDisableAccount.All":                        "",
		"User.ReadWrite.All":                                   "741f803b-c850-494e-b5df-cde7c675a1ca",
		"User-PasswordProfile.ReadWrite.All":                   "",
		"UserAuthenticationMethod.ReadWrite.All":               "",
		"UserAuthMethod-HardwareOATH.ReadWrite.All":            "",
		"UserAuthMethod-Phone.ReadWrite.All":                   "",
		"UserAuthMethod-QR.ReadWrite.All":                      "",
		"UserAuthMethod-TAP.ReadWrite.All":                     "",
	},
	exchange: {"full_access_as_app": "dc890d15-9560-4a4c-9b7f-a736ec74ec40"},
}

// scopes lend an application the whole power of an administrator who signs in to it. True: only where it may do so for all users.
var scopes = map[string]map[string]bool{
	microsoftGraph: {
		"AppRoleAssignment.ReadWrite.All":        true,
		"DelegatedPermissionGrant.ReadWrite.All": true,
		"Directory.AccessAsUser.All":             false,
		"RoleManagement.ReadWrite.Directory":     true,
	},
	azure: {"user_impersonation": true},
}

// Role reports whether an app role of an API, by ID or value, is as good as Global Administrator.
func Role(appID, id, value string) bool {
	for known, knownID := range roles[apiName(appID)] {
		if strings.EqualFold(known, value) || knownID != "" && strings.EqualFold(knownID, id) {
			return true
		}
	}
	return strings.EqualFold(appID, legacyGraph)
}

// Scope reports whether a scope of an API, for all users or for one, is as good as Global Administrator.
func Scope(appID, value string, allUsers bool) bool {
	for known, onlyForAll := range scopes[apiName(appID)] {
		if strings.EqualFold(known, value) {
			return allUsers || !onlyForAll
		}
	}
	return strings.EqualFold(appID, legacyGraph)
}

// Roles are the values of such app roles of an API.
func Roles(appID string) []string { return values(appID, roles) }

// Scopes are the values of such scopes of an API.
func Scopes(appID string) []string { return values(appID, scopes) }

// values of the legacy API are examples, since every permission of it counts.
func values[T any](appID string, table map[string]map[string]T) []string {
	if strings.EqualFold(appID, legacyGraph) {
		return []string{"User.Read", "User.Read.All"}
	}
	return slices.Collect(maps.Keys(table[apiName(appID)]))
}

func apiName(appID string) string { return entra.WellKnownName(strings.ToLower(appID)) }

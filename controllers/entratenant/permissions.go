package entratenant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// microsoftGraph is Microsoft Graph's application (client) ID, the same in every cloud.
const microsoftGraph = "00000003-0000-0000-c000-000000000000"

// permission is an application permission of Microsoft Graph that a kind needs.
type permission struct {
	// value as tokens carry it, and the app role's ID.
	value, id string
	// broader permissions serve as well.
	broader []string
}

// needed are the permissions of the kinds that are always on.
var needed = []permission{
	{"Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884", []string{"Application.ReadWrite.All"}},
	{"Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", []string{
		"Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All",
	}},
}

// neededForRoles is what AppRoleAssignment needs: as good as Global Admin, hence a switch.
var neededForRoles = permission{"AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f", nil}

// missing are the permissions that neither are granted nor covered by a broader one.
func (k *Kind) missing(granted []string) []permission {
	wanted := needed
	if k.AppRoleAssignments {
		wanted = slices.Concat(needed, []permission{neededForRoles})
	}
	var missing []permission
	for _, p := range wanted {
		if !slices.ContainsFunc(append([]string{p.value}, p.broader...), func(v string) bool { return slices.Contains(granted, v) }) {
			missing = append(missing, p)
		}
	}
	return missing
}

func names(permissions []permission) []string {
	var values []string
	for _, p := range permissions {
		values = append(values, p.value)
	}
	return values
}

// howToGrant tells a tenant admin what to do.
func howToGrant(auth v1alpha1.TenantAuth, self entra.Identity, missing []permission) string {
	text := fmt.Sprintf("the operator (application %s, service principal %s) lacks these application permissions of Microsoft Graph: %s. ",
		self.AppID, self.ObjectID, strings.Join(names(missing), ", "))
	if auth.Type == v1alpha1.AuthManagedIdentity {
		return text + "A tenant admin gives them to the managed identity as app roles of Microsoft Graph (" + ids(missing, " ", "") +
			"): POST /servicePrincipals/" + self.ObjectID + "/appRoleAssignments. New tokens carry them."
	}
	return text + "A tenant admin grants them: az ad app permission add --id " + self.AppID + " --api " + microsoftGraph +
		" --api-permissions " + ids(missing, " ", "=Role") + " && az ad app permission admin-consent --id " + self.AppID +
		" (or in the portal: API permissions, Grant admin consent). New tokens carry them."
}

func ids(permissions []permission, separator, suffix string) string {
	var all []string
	for _, p := range permissions {
		all = append(all, p.id+suffix)
	}
	return strings.Join(all, separator)
}

package directory

import (
	"github.com/google/uuid"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// graphRoles are the application permissions of Microsoft Graph that the emulator knows. The IDs are the real ones where
// they are documented for our use; the others (empty) get an ID of the emulator's own: look permissions up by value.
var graphRoles = []struct{ value, id string }{
	{"Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884"},
	{"Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"},
	{"AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f"},
	{"DelegatedPermissionGrant.ReadWrite.All", "8e8e4742-1d95-4f68-9d56-6ee75648c72a"},
	{"Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"},
	{"Directory.Read.All", ""},
	{"Directory.ReadWrite.All", ""},
	{"User.Read.All", ""},
	{"Group.Read.All", ""},
	{"Organization.Read.All", ""},
	{"Policy.Read.All", ""},
	{"CustomSecAttributeAssignment.ReadWrite.All", ""},
}

// graphNames are the names under which tokens for Microsoft Graph are asked for, all clouds together.
var graphNames = []string{
	MicrosoftGraphAppID, "https://graph.microsoft.com", "https://graph.microsoft.us", "https://dod-graph.microsoft.us",
	"https://microsoftgraph.chinacloudapi.cn",
}

func graphRoleID(value, id string) string {
	if id != "" {
		return id
	}
	return uuid.NewSHA1(uuid.MustParse(MicrosoftGraphAppID), []byte(value)).String()
}

func (d *Directory) seedMicrosoftGraph() {
	s := d.past()
	doc := s.blankPrincipal(MicrosoftGraphAppID)
	doc["displayName"], doc["appDisplayName"] = "Microsoft Graph", "Microsoft Graph"
	doc["appOwnerOrganizationId"] = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
	doc["signInAudience"] = "AzureADMultipleOrgs"
	doc["servicePrincipalNames"] = odata.Strings(graphNames...)
	var roles []any
	for _, role := range graphRoles {
		roles = append(roles, odata.Document{
			"allowedMemberTypes": odata.Strings("Application"), "description": role.value, "displayName": role.value,
			"id": graphRoleID(role.value, role.id), "isEnabled": true, "origin": "Application", "value": role.value,
		})
	}
	doc["appRoles"] = roles
	doc["oauth2PermissionScopes"] = delegated(graphScopes)
	s.store(&Object{Kind: ServicePrincipal, ID: d.newID(), Doc: doc, Created: s.now.AddDate(-1, 0, 0)})
}

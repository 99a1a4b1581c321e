package directory

import "github.com/entra-registrar/entra-registrar/test/emulator/odata"

// permission is a permission of one of Microsoft's APIs, with its real ID.
type permission struct {
	value, id string
	admin     bool // only an administrator may consent
}

// graphScopes are the delegated permissions of Microsoft Graph that the emulator knows.
var graphScopes = []permission{
	{"openid", "37f7f235-527c-4136-accd-4a02d197296e", false},
	{"profile", "14dad69e-099b-42c9-810b-d002981feec1", false},
	{"email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", false},
	{"offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", false},
	{"User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d", false},
	{"User.ReadBasic.All", "b340eb25-3456-403f-be2f-af7a0d370277", false},
	{"Mail.Read", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", false},
	{"Mail.Send", "e383f46e-2787-4529-855e-0e479a3ffac0", false},
	{"User.Read.All", "a154be20-db9c-4678-8ab7-66f6cc099a59", true},
	{"Group.Read.All", "5f8c59db-677d-491f-a6b8-5f174b11ec1d", true},
	{"Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a", true},
	{"Directory.AccessAsUser.All", "0e263e50-5827-48a4-b97c-d940288653c7", true},
}

// tokenExchange is what tokens of managed identities are asked for that stand in for an application's credential.
const tokenExchange = "fb60f99c-7a34-4190-8149-302f77469936" //nolint:gosec // an application's ID, the same everywhere

// firstParty are Microsoft's other APIs, with IDs and names that are published.
var firstParty = []struct {
	appID, name   string
	names         []string
	scopes, roles []permission
}{
	{appID: tokenExchange, name: "AAD Token Exchange Endpoint: Public", names: []string{"api://AzureADTokenExchange"}},
	{
		appID: "797f4846-ba00-4fd7-ba43-dac1f8f63013", name: "Windows Azure Service Management API",
		names:  []string{"https://management.core.windows.net/", "https://management.azure.com/"},
		scopes: []permission{{"user_impersonation", "41094075-9dad-400e-a0bd-54e686782033", false}},
	},
	{
		appID: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093", name: "Azure Key Vault", names: []string{"https://vault.azure.net"},
		scopes: []permission{{"user_impersonation", "f53da476-18e3-4152-8e01-aec403e6edc0", false}},
	},
	{
		appID: "e406a681-f3d4-42a8-90b6-c2b029497af1", name: "Azure Storage", names: []string{"https://storage.azure.com/"},
		scopes: []permission{{"user_impersonation", "03e0da56-190b-40ad-a80c-ea378c433f7f", false}},
	},
	{
		appID: "022907d3-0f1b-48f7-badc-1ba6abab6d66", name: "Azure SQL Database", names: []string{"https://database.windows.net/"},
		scopes: []permission{{"user_impersonation", "c39ef2d1-04ce-46dc-8b5f-e9a5c60f0fc9", false}},
	},
	{
		appID: "00000002-0000-0ff1-ce00-000000000000", name: "Office 365 Exchange Online",
		names:  []string{"https://outlook.office365.com/", "https://outlook.office.com/"},
		scopes: []permission{{"EWS.AccessAsUser.All", "3b5f3d61-589b-4a3c-a359-5dd4b5ee5bd5", false}},
		roles: []permission{
			{"full_access_as_app", "dc890d15-9560-4a4c-9b7f-a736ec74ec40", true},
			{"Exchange.ManageAsApp", "dc50a0fb-09a3-484d-be87-e023b12c6440", true},
		},
	},
	{
		appID: "00000003-0000-0ff1-ce00-000000000000", name: "Office 365 SharePoint Online",
		scopes: []permission{{"AllSites.Read", "4e0d77b0-96ba-4398-af14-3baa780278f4", false}},
		roles: []permission{
			{"Sites.Selected", "20d37865-089c-4dee-8c41-6967602d4ac8", true},
			{"Sites.FullControl.All", "678536fe-1083-478a-9c59-b99265e6b0d3", true},
		},
	},
}

func (d *Directory) seedFirstParty() {
	for _, api := range firstParty {
		d.seedAPI(api.appID, api.name, api.names, api.scopes, api.roles)
	}
}

// seedAPI makes the service principal of one of Microsoft's APIs: its application is in another tenant.
func (d *Directory) seedAPI(appID, name string, names []string, scopes, roles []permission) {
	s := d.past()
	doc := s.blankPrincipal(appID)
	doc["displayName"], doc["appDisplayName"] = name, name
	doc["appOwnerOrganizationId"] = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
	doc["signInAudience"] = "AzureADMultipleOrgs"
	doc["servicePrincipalNames"] = odata.Strings(append([]string{appID}, names...)...)
	doc["oauth2PermissionScopes"], doc["appRoles"] = delegated(scopes), application(roles)
	s.store(&Object{Kind: ServicePrincipal, ID: d.newID(), Doc: doc, Created: s.now.AddDate(-1, 0, 0)})
}

func application(roles []permission) []any {
	out := []any{}
	for _, role := range roles {
		out = append(out, odata.Document{
			"allowedMemberTypes": odata.Strings("Application"), "description": role.value, "displayName": role.value,
			"id": role.id, "isEnabled": true, "origin": "Application", "value": role.value,
		})
	}
	return out
}

func delegated(scopes []permission) []any {
	out := []any{}
	for _, scope := range scopes {
		kind := "User"
		if scope.admin {
			kind = "Admin"
		}
		out = append(out, odata.Document{
			"adminConsentDescription": scope.value, "adminConsentDisplayName": scope.value, "id": scope.id, "isEnabled": true,
			"type": kind, "userConsentDescription": scope.value, "userConsentDisplayName": scope.value, "value": scope.value,
		})
	}
	return out
}

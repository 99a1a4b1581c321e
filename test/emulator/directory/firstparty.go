package directory

import "github.com/entra-registrar/entra-registrar/test/emulator/odata"

// permission is a delegated permission of one of Microsoft's APIs, with its real ID.
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
	{"User.Read.All", "a154be20-db9c-4678-8ab7-66f6cc099a59", true},
	{"Group.Read.All", "5f8c59db-677d-491f-a6b8-5f174b11ec1d", true},
	{"Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a", true},
}

// tokenExchange is what tokens of managed identities are asked for that stand in for an application's credential.
const tokenExchange = "fb60f99c-7a34-4190-8149-302f77469936"

// firstParty are Microsoft's other APIs, with IDs and names that are published.
var firstParty = []struct {
	appID, name string
	names       []string
	scopes      []permission
}{
	{tokenExchange, "AAD Token Exchange Endpoint: Public", []string{"api://AzureADTokenExchange"}, nil},
	{
		"797f4846-ba00-4fd7-ba43-dac1f8f63013", "Windows Azure Service Management API",
		[]string{"https://management.core.windows.net/", "https://management.azure.com/"},
		[]permission{{"user_impersonation", "41094075-9dad-400e-a0bd-54e686782033", false}},
	},
	{
		"cfa8b339-82a2-471a-a3c9-0fc0be7a4093", "Azure Key Vault", []string{"https://vault.azure.net"},
		[]permission{{"user_impersonation", "f53da476-18e3-4152-8e01-aec403e6edc0", false}},
	},
	{
		"e406a681-f3d4-42a8-90b6-c2b029497af1", "Azure Storage", []string{"https://storage.azure.com/"},
		[]permission{{"user_impersonation", "03e0da56-190b-40ad-a80c-ea378c433f7f", false}},
	},
}

func (d *Directory) seedFirstParty() {
	s := d.past()
	for _, api := range firstParty {
		doc := s.blankPrincipal(api.appID)
		doc["displayName"], doc["appDisplayName"] = api.name, api.name
		doc["appOwnerOrganizationId"] = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
		doc["signInAudience"] = "AzureADMultipleOrgs"
		doc["servicePrincipalNames"] = odata.Strings(append([]string{api.appID}, api.names...)...)
		doc["oauth2PermissionScopes"] = delegated(api.scopes)
		s.store(&Object{Kind: ServicePrincipal, ID: d.newID(), Doc: doc, Created: s.now.AddDate(-1, 0, 0)})
	}
}

func delegated(scopes []permission) []any {
	var out []any
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

// Package firstparty has Microsoft's own APIs with their published names, IDs and permissions.
package firstparty

// API is one of Microsoft's APIs.
type API struct {
	AppID, DisplayName string
	Names              []string // servicePrincipalNames beside the application ID
	Scopes, Roles      []Permission
}

// Permission is a permission of an API, with its real ID.
type Permission struct {
	Value, ID string
	Admin     bool // only an administrator may consent
}

// TokenExchangeAppID is the audience of managed identities' tokens that replace an application's credential.
const TokenExchangeAppID = "fb60f99c-7a34-4190-8149-302f77469936" //nolint:gosec // an application's ID, the same everywhere

// APIs are those that every tenant has, Microsoft Graph first.
var APIs = []API{
	Graph,
	{AppID: TokenExchangeAppID, DisplayName: "AAD Token Exchange Endpoint: Public", Names: []string{"api://AzureADTokenExchange"}},
	{
		AppID: "797f4846-ba00-4fd7-ba43-dac1f8f63013", DisplayName: "Windows Azure Service Management API",
		Names:  []string{"https://management.core.windows.net/", "https://management.azure.com/"},
		Scopes: []Permission{{"user_impersonation", "41094075-9dad-400e-a0bd-54e686782033", false}},
	},
	{
		AppID: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093", DisplayName: "Azure Key Vault", Names: []string{"https://vault.azure.net"},
		Scopes: []Permission{{"user_impersonation", "f53da476-18e3-4152-8e01-aec403e6edc0", false}},
	},
	{
		AppID: "e406a681-f3d4-42a8-90b6-c2b029497af1", DisplayName: "Azure Storage", Names: []string{"https://storage.azure.com/"},
		Scopes: []Permission{{"user_impersonation", "03e0da56-190b-40ad-a80c-ea378c433f7f", false}},
	},
	{
		AppID: "022907d3-0f1b-48f7-badc-1ba6abab6d66", DisplayName: "Azure SQL Database", Names: []string{"https://database.windows.net/"},
		Scopes: []Permission{{"user_impersonation", "c39ef2d1-04ce-46dc-8b5f-e9a5c60f0fc9", false}},
	},
	{
		AppID: "00000002-0000-0ff1-ce00-000000000000", DisplayName: "Office 365 Exchange Online",
		Names:  []string{"https://outlook.office365.com/", "https://outlook.office.com/"},
		Scopes: []Permission{{"EWS.AccessAsUser.All", "3b5f3d61-589b-4a3c-a359-5dd4b5ee5bd5", false}},
		Roles: []Permission{
			{"full_access_as_app", "dc890d15-9560-4a4c-9b7f-a736ec74ec40", true},
			{"Exchange.ManageAsApp", "dc50a0fb-09a3-484d-be87-e023b12c6440", true},
		},
	},
	{
		AppID: "00000003-0000-0ff1-ce00-000000000000", DisplayName: "Office 365 SharePoint Online",
		Scopes: []Permission{{"AllSites.Read", "4e0d77b0-96ba-4398-af14-3baa780278f4", false}},
		Roles: []Permission{
			{"Sites.Selected", "20d37865-089c-4dee-8c41-6967602d4ac8", true},
			{"Sites.FullControl.All", "678536fe-1083-478a-9c59-b99265e6b0d3", true},
		},
	},
}

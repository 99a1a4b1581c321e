package firstparty

// GraphAppID is the application ID of Microsoft Graph in every tenant.
const GraphAppID = "00000003-0000-0000-c000-000000000000"

// graphRoles are the application permissions of Microsoft Graph that the emulator knows.
var graphRoles = []Permission{
	{"Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884", true},
	{"Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", true},
	{"AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f", true},
	{"DelegatedPermissionGrant.ReadWrite.All", "8e8e4742-1d95-4f68-9d56-6ee75648c72a", true},
	{"Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", true},
	{"Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61", true},
	{"Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7", true},
	{"User.Read.All", "df021288-bdef-4463-88db-98f22de89214", true},
	{"User.ReadWrite.All", "741f803b-c850-494e-b5df-cde7c675a1ca", true},
	{"Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b", true},
	{"Group.ReadWrite.All", "62a82d76-70ea-41e2-9197-370581804d09", true},
	{"Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6", true},
	{"Policy.Read.All", "246dd0d5-5bd0-4def-940b-0421030a5b68", true},
	{"CustomSecAttributeAssignment.ReadWrite.All", "de89b5e4-5b8f-48eb-8925-29c2b33bd8bd", true},
	{"RoleManagement.ReadWrite.Directory", "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8", true},
	{"Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01", true},
	{"Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96", true},
	{"Sites.Selected", "883ea226-0bf2-4a8f-9f9d-92c9162a727d", true},
}

// graphScopes are the delegated permissions of Microsoft Graph that the emulator knows.
var graphScopes = []Permission{
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

// graphNames are the names under which tokens for Microsoft Graph are asked for, all clouds together.
var graphNames = []string{
	"https://graph.microsoft.com", "https://graph.microsoft.us", "https://dod-graph.microsoft.us",
	"https://microsoftgraph.chinacloudapi.cn",
}

// Graph is Microsoft Graph.
var Graph = API{AppID: GraphAppID, DisplayName: "Microsoft Graph", Names: graphNames, Scopes: graphScopes, Roles: graphRoles}

package directory

// graphRoles are the application permissions of Microsoft Graph that the emulator knows.
var graphRoles = []permission{
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

// graphNames are the names under which tokens for Microsoft Graph are asked for, all clouds together.
var graphNames = []string{
	"https://graph.microsoft.com", "https://graph.microsoft.us", "https://dod-graph.microsoft.us",
	"https://microsoftgraph.chinacloudapi.cn",
}

// seedMicrosoftGraph makes the service principal of Microsoft Graph.
func (d *Directory) seedMicrosoftGraph() {
	d.seedAPI(MicrosoftGraphAppID, "Microsoft Graph", graphNames, graphScopes, graphRoles)
}

package entra

import "time"

// ServicePrincipal is an application's identity in a tenant.
type ServicePrincipal struct {
	ObjectID    string
	AppID       string
	DisplayName string
	CreatedAt   time.Time
	// Type is Application, ManagedIdentity, Legacy, ServiceIdentity or SocialIdp.
	Type string
	// OwnerTenantID is the tenant that the application is registered in.
	OwnerTenantID string
	// Disabled is true where an admin or Microsoft switched it off (accountEnabled false, isDisabled, disabledByMicrosoftStatus).
	Disabled bool
	// Tags are its own and its application's together.
	Tags []string
	// AppRoles are copied from the application, with a delay.
	AppRoles []AppRole
	// Scopes are copied from the application, with a delay.
	Scopes             []Scope
	AssignmentRequired bool
}

// NewServicePrincipal is what the create call carries.
type NewServicePrincipal struct {
	AppID string
	// OwnerID is the object ID that is bound as owner: our own.
	OwnerID            string
	Tags               []string
	AssignmentRequired bool
}

// Client is a service principal with all the app roles that it has been given.
type Client struct {
	ServicePrincipal
	Assignments []Assignment
}

// wellKnown are application IDs of Microsoft's own APIs: the same in every tenant.
var wellKnown = map[string]string{
	"MicrosoftGraph":         "00000003-0000-0000-c000-000000000000",
	"AzureServiceManagement": "797f4846-ba00-4fd7-ba43-dac1f8f63013",
	"AzureStorage":           "e406a681-f3d4-42a8-90b6-c2b029497af1",
	"AzureKeyVault":          "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
	"AzureSQLDatabase":       "022907d3-0f1b-48f7-badc-1ba6abab6d66",
	"Office365Exchange":      "00000002-0000-0ff1-ce00-000000000000",
	"SharePoint":             "00000003-0000-0ff1-ce00-000000000000",
}

// WellKnown gives the application ID of an API of Microsoft by its name in the API; empty where it has none.
func WellKnown(name string) (appID string) { return wellKnown[name] }

// WellKnownName is the name of an API of Microsoft; empty where it has none.
func WellKnownName(appID string) string {
	for name, id := range wellKnown {
		if id == appID {
			return name
		}
	}
	return ""
}

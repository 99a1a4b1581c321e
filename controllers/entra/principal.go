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

// ServicePrincipalPatch carries what differs: nil leaves a property alone.
type ServicePrincipalPatch struct {
	AssignmentRequired *bool
	Tags               *[]string
}

// Empty reports whether the patch changes nothing.
func (p ServicePrincipalPatch) Empty() bool { return p == ServicePrincipalPatch{} }

// Apply folds the patch into the principal.
func (p ServicePrincipalPatch) Apply(s *ServicePrincipal) { apply(p, s) }

// TagListed lists a service principal under Enterprise applications.
const TagListed = "WindowsAzureActiveDirectoryIntegratedApp"

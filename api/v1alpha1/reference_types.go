package v1alpha1

// AppRegistrationReference names an AppRegistration.
type AppRegistrationReference struct {
	// name of the AppRegistration.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name"`
	// namespace of the AppRegistration; the object's own where absent. An API of another namespace works only where its allowedConsumers
	// lets it.
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`
	Namespace string `json:"namespace,omitempty"`
}

// APIReference names an API: exactly one of its members.
// +kubebuilder:validation:XValidation:rule="[has(self.appRegistrationRef), has(self.wellKnown), has(self.appID)].filter(x, x).size() == 1",message="give exactly one of appRegistrationRef, wellKnown and appID"
type APIReference struct {
	// appRegistrationRef is an AppRegistration of this cluster.
	AppRegistrationRef *AppRegistrationReference `json:"appRegistrationRef,omitempty"`
	// wellKnown is an API of Microsoft, by name.
	WellKnown WellKnownAPI `json:"wellKnown,omitempty"`
	// appID is the application (client) ID of any API that has a service principal in the tenant.
	AppID GUID `json:"appID,omitempty"`
}

// WellKnownAPI is the name of an API of Microsoft whose application ID is the same in every tenant.
// +kubebuilder:validation:Enum=MicrosoftGraph;AzureServiceManagement;AzureStorage;AzureKeyVault;AzureSQLDatabase;Office365Exchange;SharePoint
type WellKnownAPI string

// The APIs that have a name.
const (
	MicrosoftGraph         WellKnownAPI = "MicrosoftGraph"
	AzureServiceManagement WellKnownAPI = "AzureServiceManagement"
	AzureStorage           WellKnownAPI = "AzureStorage"
	AzureKeyVault          WellKnownAPI = "AzureKeyVault"
	AzureSQLDatabase       WellKnownAPI = "AzureSQLDatabase"
	Office365Exchange      WellKnownAPI = "Office365Exchange"
	SharePoint             WellKnownAPI = "SharePoint"
)

// ClientReference names an application as a client: exactly one of its members.
// +kubebuilder:validation:XValidation:rule="[has(self.appRegistrationRef), has(self.appID)].filter(x, x).size() == 1",message="give exactly one of appRegistrationRef and appID"
type ClientReference struct {
	// appRegistrationRef is an AppRegistration of this namespace.
	AppRegistrationRef *LocalReference `json:"appRegistrationRef,omitempty"`
	// appID is the application (client) ID of any other client. Only where policy allows it.
	AppID GUID `json:"appID,omitempty"`
}

// PrincipalKind is what can be given a role of an API.
// +kubebuilder:validation:Enum=AppRegistration;ManagedIdentity;ServicePrincipal;Group;User
type PrincipalKind string

// The kinds of principal.
const (
	PrincipalAppRegistration  PrincipalKind = "AppRegistration"
	PrincipalManagedIdentity  PrincipalKind = "ManagedIdentity"
	PrincipalServicePrincipal PrincipalKind = "ServicePrincipal"
	PrincipalGroup            PrincipalKind = "Group"
	PrincipalUser             PrincipalKind = "User"
)

// PrincipalReference names who is given a role: exactly one of its members.
// +kubebuilder:validation:XValidation:rule="[has(self.appRegistrationRef), has(self.managedIdentity), has(self.servicePrincipal), has(self.group), has(self.user)].filter(x, x).size() == 1",message="give exactly one of appRegistrationRef, managedIdentity, servicePrincipal, group and user"
type PrincipalReference struct {
	// appRegistrationRef is an AppRegistration of this namespace.
	AppRegistrationRef *LocalReference `json:"appRegistrationRef,omitempty"`
	// managedIdentity of Azure.
	ManagedIdentity *ManagedIdentityReference `json:"managedIdentity,omitempty"`
	// servicePrincipal that no AppRegistration of this cluster describes.
	ServicePrincipal *ServicePrincipalReference `json:"servicePrincipal,omitempty"`
	// group whose direct members get the role; nested groups do not.
	Group *DirectoryObjectReference `json:"group,omitempty"`
	// user who gets the role.
	User *DirectoryObjectReference `json:"user,omitempty"`
}

// Kind is the kind of principal that the reference names; empty where it names none.
func (p PrincipalReference) Kind() PrincipalKind {
	switch {
	case p.AppRegistrationRef != nil:
		return PrincipalAppRegistration
	case p.ManagedIdentity != nil:
		return PrincipalManagedIdentity
	case p.ServicePrincipal != nil:
		return PrincipalServicePrincipal
	case p.Group != nil:
		return PrincipalGroup
	case p.User != nil:
		return PrincipalUser
	default:
		return ""
	}
}

// ManagedIdentityReference names a managed identity: exactly one of its members.
// +kubebuilder:validation:XValidation:rule="has(self.clientID) != has(self.objectID)",message="give exactly one of clientID and objectID"
type ManagedIdentityReference struct {
	// clientID is its application (client) ID.
	ClientID GUID `json:"clientID,omitempty"`
	// objectID is the object (principal) ID of its service principal.
	ObjectID GUID `json:"objectID,omitempty"`
}

// ServicePrincipalReference names a service principal: exactly one of its members.
// +kubebuilder:validation:XValidation:rule="has(self.appID) != has(self.objectID)",message="give exactly one of appID and objectID"
type ServicePrincipalReference struct {
	// appID is the application (client) ID.
	AppID GUID `json:"appID,omitempty"`
	// objectID of the service principal.
	ObjectID GUID `json:"objectID,omitempty"`
}

// DirectoryObjectReference names a user or a group.
type DirectoryObjectReference struct {
	// objectID in Entra.
	// +required
	ObjectID GUID `json:"objectID"`
}

// Repair says what to do about what others took away in Entra.
// +kubebuilder:validation:Enum=Always;Report
type Repair string

// The ways to repair.
const (
	RepairAlways Repair = "Always"
	RepairReport Repair = "Report"
)

package v1alpha1

// Permissions of one API that an application declares to need. Two entries for one API are merged.
// +kubebuilder:validation:XValidation:rule="has(self.delegated) || has(self.application)",message="name at least one delegated or application permission"
type Permissions struct {
	// api that defines the permissions.
	// +required
	API APIReference `json:"api"`
	// delegated permissions (scopes) of the API, by value.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=120
	Delegated []string `json:"delegated,omitempty"`
	// application permissions (app roles) of the API, by value.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=120
	Application []string `json:"application,omitempty"`
}

// AllowedConsumer says which namespaces may give what of an API to whom. Taking an entry away revokes what rests on it.
// +kubebuilder:validation:XValidation:rule="has(self.appRoles) || has(self.scopes)",message="list at least one of appRoles and scopes: only what is listed may be given"
type AllowedConsumer struct {
	// namespaces that it is about.
	// +required
	Namespaces NamespaceSelection `json:"namespaces"`
	// appRoles that may be given, by value.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=120
	AppRoles []string `json:"appRoles,omitempty"`
	// scopes that may be declared and consented to, by value.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=120
	Scopes []string `json:"scopes,omitempty"`
	// principals are the kinds that may have the appRoles; only AppRegistration where absent.
	// +listType=set
	// +kubebuilder:validation:MaxItems=5
	Principals []PrincipalKind `json:"principals,omitempty"`
}

// PreAuthorizedClient is a client that needs no consent for scopes of this API.
type PreAuthorizedClient struct {
	// client that is trusted.
	// +required
	Client ClientReference `json:"client"`
	// scopes of this API, by value.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=120
	Scopes []string `json:"scopes"`
}

// PermissionType is how an application uses a permission.
// +kubebuilder:validation:Enum=Delegated;Application
type PermissionType string

// The types: for a signed-in user, or as the application itself.
const (
	PermissionDelegated   PermissionType = "Delegated"
	PermissionApplication PermissionType = "Application"
)

// PermissionStatus is a permission that an application declares, as Entra has it.
type PermissionStatus struct {
	// api is the display name of the API.
	// +required
	// +kubebuilder:validation:MaxLength=256
	API string `json:"api"`
	// value of the permission.
	// +required
	// +kubebuilder:validation:MaxLength=249
	Value string `json:"value"`
	// type of the permission: Delegated is for a signed-in user, Application for the application itself.
	// +required
	Type PermissionType `json:"type"`
	// consented reports whether an admin has consented to it, for all users where it is delegated. It is looked at once a resync.
	// +required
	Consented bool `json:"consented"`
}

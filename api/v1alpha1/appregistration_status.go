package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// AppRegistrationStatus is what the operator made and what a reader wants to know.
type AppRegistrationStatus struct {
	CommonStatus  `json:",inline"`
	TenantBinding `json:",inline"`
	// uniqueName is the application's name in Entra: known before it is created, and how it is found again.
	// +kubebuilder:validation:MaxLength=129
	UniqueName string `json:"uniqueName,omitempty"`
	// appID is the application (client) ID.
	// +kubebuilder:validation:MaxLength=36
	AppID string `json:"appID,omitempty"`
	// objectID of the application.
	// +kubebuilder:validation:MaxLength=36
	ObjectID string `json:"objectID,omitempty"`
	// servicePrincipalObjectID is the object ID of its service principal: the oid of its tokens.
	// +kubebuilder:validation:MaxLength=36
	ServicePrincipalObjectID string `json:"servicePrincipalObjectID,omitempty"`
	// identifierURIs as Entra has them.
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	IdentifierURIs []string `json:"identifierURIs,omitempty"`
	// scopes with their IDs.
	// +listType=map
	// +listMapKey=value
	// +kubebuilder:validation:MaxItems=400
	Scopes []NamedID `json:"scopes,omitempty"`
	// appRoles with their IDs.
	// +listType=map
	// +listMapKey=value
	// +kubebuilder:validation:MaxItems=400
	AppRoles []NamedID `json:"appRoles,omitempty"`
	// permissions that the application declares.
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=400
	Permissions []PermissionStatus `json:"permissions,omitempty"`
	// endpoints of the tenant's token service.
	Endpoints *Endpoints `json:"endpoints,omitempty"`
	// secretName is the Secret that was written.
	// +kubebuilder:validation:MaxLength=253
	SecretName string `json:"secretName,omitempty"`
	// binding is the same Secret, as Service Binding's provisioned service.
	Binding *Binding `json:"binding,omitempty"`
}

// Binding names a Secret, as Service Binding's provisioned service has it.
type Binding struct {
	// name of the Secret.
	// +required
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
}

// AppRegistration is an application in Entra with its service principal and the Secret that workloads mount.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=appreg,categories=entra
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="App ID",type=string,JSONPath=`.status.appID`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Status",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].message`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.matches('^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')",message="metadata.name must be a DNS label of at most 63 characters: it becomes part of the name in Entra"
type AppRegistration struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	// +required
	Spec AppRegistrationSpec `json:"spec"`
	// +kubebuilder:default={"observedGeneration":-1}
	Status AppRegistrationStatus `json:"status,omitempty"`
}

// AppRegistrationList is a list of app registrations.
// +kubebuilder:object:root=true
type AppRegistrationList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []AppRegistration `json:"items"`
}

// Common gives the engine the status part that it writes.
func (a *AppRegistration) Common() *CommonStatus { return &a.Status.CommonStatus }

// Binding is the tenant that the object is bound to.
func (a *AppRegistration) Binding() TenantBinding { return a.Status.TenantBinding }

// Suspended reports whether the object is to be left alone.
func (a *AppRegistration) Suspended() bool { return a.Spec.Suspend }

package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// AppRoleAssignmentSpec gives app roles of an API to a principal.
// +kubebuilder:validation:XValidation:rule="has(self.roles) != has(self.defaultAccess)",message="give exactly one of roles and defaultAccess"
type AppRoleAssignmentSpec struct {
	// principal that is given the roles. Immutable.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="principal is immutable: create another AppRoleAssignment"
	Principal PrincipalReference `json:"principal"`
	// api that defines the roles. Immutable.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="api is immutable: create another AppRoleAssignment"
	API APIReference `json:"api"`
	// roles of the API, by value.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=120
	Roles []string `json:"roles,omitempty"`
	// defaultAccess gives access without a role, to an API that requires assignment.
	// +kubebuilder:validation:XValidation:rule="self",message="defaultAccess must be true where it is given"
	DefaultAccess bool `json:"defaultAccess,omitempty"`
	// justification says why, for those who review permissions. A policy may require it.
	// +kubebuilder:validation:MaxLength=1024
	Justification string `json:"justification,omitempty"`
	// notAfter is when the roles are taken away again. Absent: never.
	NotAfter *metav1.Time `json:"notAfter,omitempty"`
	// repair says what to do about roles that others took away in Entra: Always gives them again, Report only reports them. Where absent:
	// Always for an AppRegistration's own API, Report for every other.
	Repair Repair `json:"repair,omitempty"`
	// suspend pauses reconciliation; deletion still proceeds.
	Suspend bool `json:"suspend,omitempty"`
}

// AppRoleAssignmentStatus is what the operator made.
type AppRoleAssignmentStatus struct {
	CommonStatus  `json:",inline"`
	TenantBinding `json:",inline"`
	// principalObjectID is the object ID of the principal.
	// +kubebuilder:validation:MaxLength=36
	PrincipalObjectID string `json:"principalObjectID,omitempty"`
	// principalName is the principal's display name.
	// +kubebuilder:validation:MaxLength=256
	PrincipalName string `json:"principalName,omitempty"`
	// apiObjectID is the object ID of the API's service principal.
	// +kubebuilder:validation:MaxLength=36
	APIObjectID string `json:"apiObjectID,omitempty"`
	// apiName is the API's display name.
	// +kubebuilder:validation:MaxLength=256
	APIName string `json:"apiName,omitempty"`
	// roles that this object gave, with their IDs. One that was made again under another ID is there twice until the old is gone.
	// +listType=map
	// +listMapKey=value
	// +listMapKey=id
	// +kubebuilder:validation:MaxItems=200
	Roles []NamedID `json:"roles,omitempty"`
	// pending are the IDs of those of roles that are about to be given or taken away: nobody has seen yet whether Entra has them. What
	// is missing and not pending was taken away by others.
	// +listType=set
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MaxLength=36
	Pending []string `json:"pending,omitempty"`
	// justification that the roles were given with.
	// +kubebuilder:validation:MaxLength=1024
	Justification string `json:"justification,omitempty"`
}

// AppRoleAssignment gives app roles of an API to an application, a managed identity, another service principal, a group or a user.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=roleassign,categories=entra
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Principal",type=string,JSONPath=`.status.principalName`
// +kubebuilder:printcolumn:name="API",type=string,JSONPath=`.status.apiName`
// +kubebuilder:printcolumn:name="Roles",type=string,JSONPath=`.spec.roles`
// +kubebuilder:printcolumn:name="Status",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].message`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.matches('^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')",message="metadata.name must be a DNS label of at most 63 characters"
type AppRoleAssignment struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	// +required
	Spec AppRoleAssignmentSpec `json:"spec"`
	// +kubebuilder:default={"observedGeneration":-1}
	Status AppRoleAssignmentStatus `json:"status,omitempty"`
}

// AppRoleAssignmentList is a list of app role assignments.
// +kubebuilder:object:root=true
type AppRoleAssignmentList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []AppRoleAssignment `json:"items"`
}

// Common gives the engine the status part that it writes.
func (a *AppRoleAssignment) Common() *CommonStatus { return &a.Status.CommonStatus }

// Binding is the tenant that the object is bound to.
func (a *AppRoleAssignment) Binding() TenantBinding { return a.Status.TenantBinding }

// Suspended reports whether the object is to be left alone.
func (a *AppRoleAssignment) Suspended() bool { return a.Spec.Suspend }

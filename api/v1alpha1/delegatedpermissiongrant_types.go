package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// DelegatedPermissionGrantSpec consents, as an admin, to scopes of an API that a client may use for users.
// +kubebuilder:validation:XValidation:rule="has(self.user) == has(oldSelf.user) && (!has(self.user) || self.user == oldSelf.user)",message="user is immutable: create another DelegatedPermissionGrant"
type DelegatedPermissionGrantSpec struct {
	// client that may use the scopes. Immutable.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="client is immutable: create another DelegatedPermissionGrant"
	Client GrantClient `json:"client"`
	// api that exposes the scopes. Immutable.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="api is immutable: create another DelegatedPermissionGrant"
	API APIReference `json:"api"`
	// scopes of the API, by value.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=120
	// +kubebuilder:validation:XValidation:rule="self.all(s, !s.contains(' '))",message="one scope an entry: a scope has no spaces"
	Scopes []string `json:"scopes"`
	// user for whom alone the client may use the scopes. Absent: for all users. Immutable.
	User *DirectoryObjectReference `json:"user,omitempty"`
	// justification says why, for those who review permissions. A policy may require it.
	// +kubebuilder:validation:MaxLength=1024
	Justification string `json:"justification,omitempty"`
	// notAfter is when the consent is taken away again. Absent: never.
	NotAfter *metav1.Time `json:"notAfter,omitempty"`
	// repair says what to do about scopes that others took away in Entra: Always gives them again, Report only reports them. Where absent:
	// Always for an AppRegistration's own API, Report for every other.
	Repair Repair `json:"repair,omitempty"`
	// suspend pauses reconciliation; deletion still proceeds.
	Suspend bool `json:"suspend,omitempty"`
}

// GrantClient names the client of a grant.
type GrantClient struct {
	// appRegistrationRef is an AppRegistration of this namespace.
	// +required
	AppRegistrationRef LocalReference `json:"appRegistrationRef"`
}

// DelegatedPermissionGrantStatus is what the operator made.
type DelegatedPermissionGrantStatus struct {
	CommonStatus  `json:",inline"`
	TenantBinding `json:",inline"`
	// clientObjectID is the object ID of the client's service principal.
	// +kubebuilder:validation:MaxLength=36
	ClientObjectID string `json:"clientObjectID,omitempty"`
	// clientName is the client's display name.
	// +kubebuilder:validation:MaxLength=256
	ClientName string `json:"clientName,omitempty"`
	// apiObjectID is the object ID of the API's service principal.
	// +kubebuilder:validation:MaxLength=36
	APIObjectID string `json:"apiObjectID,omitempty"`
	// apiName is the API's display name.
	// +kubebuilder:validation:MaxLength=256
	APIName string `json:"apiName,omitempty"`
	// userObjectID is the object ID of the one user; empty for all users.
	// +kubebuilder:validation:MaxLength=36
	UserObjectID string `json:"userObjectID,omitempty"`
	// scopes that this object named and that are not taken away yet.
	// +listType=set
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MaxLength=249
	Scopes []string `json:"scopes,omitempty"`
	// pending are those of scopes that are about to be consented to or taken away: nobody has seen yet whether Entra has them. What is
	// missing and not pending was taken away by others.
	// +listType=set
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MaxLength=249
	Pending []string `json:"pending,omitempty"`
	// justification that the consent was given with.
	// +kubebuilder:validation:MaxLength=1024
	Justification string `json:"justification,omitempty"`
}

// DelegatedPermissionGrant is admin consent: scopes of an API that a client may use for all users, or for one.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=dpgrant,categories=entra
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Client",type=string,JSONPath=`.status.clientName`
// +kubebuilder:printcolumn:name="API",type=string,JSONPath=`.status.apiName`
// +kubebuilder:printcolumn:name="Scopes",type=string,JSONPath=`.spec.scopes`
// +kubebuilder:printcolumn:name="Status",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].message`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.matches('^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')",message="metadata.name must be a DNS label of at most 63 characters"
type DelegatedPermissionGrant struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	// +required
	Spec DelegatedPermissionGrantSpec `json:"spec"`
	// +kubebuilder:default={"observedGeneration":-1}
	Status DelegatedPermissionGrantStatus `json:"status,omitempty"`
}

// DelegatedPermissionGrantList is a list of delegated permission grants.
// +kubebuilder:object:root=true
type DelegatedPermissionGrantList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []DelegatedPermissionGrant `json:"items"`
}

// Common gives the engine the status part that it writes.
func (g *DelegatedPermissionGrant) Common() *CommonStatus { return &g.Status.CommonStatus }

// Binding is the tenant that the object is bound to.
func (g *DelegatedPermissionGrant) Binding() TenantBinding { return g.Status.TenantBinding }

// Suspended reports whether the object is to be left alone.
func (g *DelegatedPermissionGrant) Suspended() bool { return g.Spec.Suspend }

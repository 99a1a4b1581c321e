package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Cloud is one of Microsoft's clouds, or Custom.
// +kubebuilder:validation:Enum=Public;USGov;USGovDoD;China;Custom
type Cloud string

// The clouds. Custom takes its endpoints from the spec, and only hosts that the manager was started with.
const (
	CloudPublic   Cloud = "Public"
	CloudUSGov    Cloud = "USGov"
	CloudUSGovDoD Cloud = "USGovDoD"
	CloudChina    Cloud = "China"
	CloudCustom   Cloud = "Custom"
)

// AuthType is how the operator signs in to a tenant.
// +kubebuilder:validation:Enum=WorkloadIdentity;ManagedIdentity;ClientCertificate;ClientSecret
type AuthType string

// The ways to sign in.
const (
	AuthWorkloadIdentity  AuthType = "WorkloadIdentity"
	AuthManagedIdentity   AuthType = "ManagedIdentity"
	AuthClientCertificate AuthType = "ClientCertificate"
	AuthClientSecret      AuthType = "ClientSecret"
)

// TenantSize is the class by which Graph grants quota to a tenant: Small under 50 users, Medium to 500, Large above.
// +kubebuilder:validation:Enum=Small;Medium;Large
type TenantSize string

// The sizes.
const (
	TenantSmall  TenantSize = "Small"
	TenantMedium TenantSize = "Medium"
	TenantLarge  TenantSize = "Large"
)

// EntraTenantSpec says which tenant, in which cloud, how the operator signs in, and which namespaces may use it.
// +kubebuilder:validation:XValidation:rule="has(self.cloud) == has(oldSelf.cloud) && (!has(self.cloud) || self.cloud == oldSelf.cloud)",message="cloud is immutable: create another EntraTenant"
// +kubebuilder:validation:XValidation:rule="has(self.clusterID) == has(oldSelf.clusterID) && (!has(self.clusterID) || self.clusterID == oldSelf.clusterID)",message="clusterID is immutable: it is part of every name in Entra"
// +kubebuilder:validation:XValidation:rule="(has(self.cloud) && self.cloud == 'Custom') == has(self.endpoints)",message="endpoints is required with cloud Custom and forbidden with every other cloud"
// +kubebuilder:validation:XValidation:rule="self.auth.type in ['ClientSecret', 'ClientCertificate'] ? has(self.auth.secretRef) : !has(self.auth.secretRef)",message="auth.secretRef is required for ClientSecret and ClientCertificate and forbidden otherwise"
// +kubebuilder:validation:XValidation:rule="self.auth.type == 'ManagedIdentity' || has(self.auth.clientID)",message="auth.clientID is required, except for the system-assigned identity of type ManagedIdentity"
// +kubebuilder:validation:XValidation:rule="!has(self.privilegedAuth) || (self.privilegedAuth.type in ['ClientSecret', 'ClientCertificate'] ? has(self.privilegedAuth.secretRef) : !has(self.privilegedAuth.secretRef))",message="privilegedAuth.secretRef is required for ClientSecret and ClientCertificate and forbidden otherwise"
// +kubebuilder:validation:XValidation:rule="!has(self.privilegedAuth) || has(self.privilegedAuth.clientID)",message="privilegedAuth.clientID is required"
type EntraTenantSpec struct {
	// tenantID is the directory (tenant) ID. Immutable.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="tenantID is immutable: create another EntraTenant"
	TenantID GUID `json:"tenantID"`
	// cloud that the tenant lives in: Public (where absent), USGov, USGovDoD or China, which are Microsoft's own, or Custom, which takes its
	// endpoints from this object, and only hosts that the manager was started with. Immutable.
	Cloud Cloud `json:"cloud,omitempty"`
	// endpoints of a Custom cloud. Their hosts must be in the manager's --custom-endpoint-hosts, and are immutable.
	Endpoints *CustomEndpoints `json:"endpoints,omitempty"`
	// clusterID is this cluster's name inside Entra names and tags; the first 8 hex digits of the kube-system namespace's UID
	// where absent. Immutable.
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$`
	// +kubebuilder:validation:MaxLength=20
	ClusterID string `json:"clusterID,omitempty"`
	// auth is how the operator signs in.
	// +required
	Auth TenantAuth `json:"auth"`
	// privilegedAuth is another identity, for role assignments and consent alone, so that the one in auth needs no permission that
	// is as good as Global Administrator. Where absent, auth does it all.
	PrivilegedAuth *TenantAuth `json:"privilegedAuth,omitempty"`
	// namespaces that may use this tenant. Absent: none.
	Namespaces *NamespaceSelection `json:"namespaces,omitempty"`
	// default makes this the tenant of objects that name none. Two defaults are none.
	Default bool `json:"default,omitempty"`
	// resyncInterval is how often every object is compared with Entra; one hour where absent.
	// +kubebuilder:validation:XValidation:rule="duration(self) >= duration('1m') && duration(self) <= duration('24h')",message="resyncInterval must be between 1m and 24h"
	ResyncInterval *metav1.Duration `json:"resyncInterval,omitempty"`
	// tenantSize is the class by which Graph grants quota to a tenant: Small (where absent) is under 50 users, Medium to 500, Large above.
	TenantSize TenantSize `json:"tenantSize,omitempty"`
	// formerClientIDs are application (client) IDs that the operator signed in with earlier: what these created is ours too.
	// +listType=set
	// +kubebuilder:validation:MaxItems=16
	FormerClientIDs []GUID `json:"formerClientIDs,omitempty"`
	// formerClusterUIDs are values of the tag k8s-cluster-uid whose applications this cluster takes over, after a restore.
	// +listType=set
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MaxLength=16
	FormerClusterUIDs []string `json:"formerClusterUIDs,omitempty"`
	// abandoned releases every object of this tenant without a call to it: for a tenant that is gone. Nothing in it is cleaned up.
	Abandoned bool `json:"abandoned,omitempty"`
}

// CustomEndpoints are the addresses of a cloud that is none of Microsoft's.
type CustomEndpoints struct {
	// authority is the token service's base, https://host[:port].
	// +required
	// +kubebuilder:validation:Pattern=`^https://[^/?#@\s]+$`
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="endpoints.authority is immutable: create another EntraTenant"
	Authority string `json:"authority"`
	// graph is Microsoft Graph's base, https://host[:port].
	// +required
	// +kubebuilder:validation:Pattern=`^https://[^/?#@\s]+$`
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="endpoints.graph is immutable: create another EntraTenant"
	Graph string `json:"graph"`
	// caBundle is the PEM of the certificate authorities that these hosts are verified by; the system's where absent.
	// +kubebuilder:validation:MaxLength=65536
	CABundle string `json:"caBundle,omitempty"`
	// federationAudience is the audience of federated credentials; api://AzureADTokenExchange where absent.
	// +kubebuilder:validation:MaxLength=255
	FederationAudience string `json:"federationAudience,omitempty"`
}

// TenantAuth is the operator's own identity in a tenant.
type TenantAuth struct {
	// type of sign-in: WorkloadIdentity presents the manager's ServiceAccount token, ManagedIdentity the token of the Azure identity that
	// the manager's pods have, ClientCertificate and ClientSecret a credential from secretRef.
	// +required
	Type AuthType `json:"type"`
	// clientID is the operator's application (client) ID.
	ClientID GUID `json:"clientID,omitempty"`
	// secretRef is a Secret in the operator's own namespace with the key client-secret, or tls.crt and tls.key.
	SecretRef *SecretReference `json:"secretRef,omitempty"`
}

// SecretReference names a Secret in the operator's own namespace.
type SecretReference struct {
	// name of the Secret.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
}

// NamespaceSelection says which namespaces: exactly one of its members.
// +kubebuilder:validation:XValidation:rule="[has(self.names), has(self.selector), has(self.all)].filter(x, x).size() == 1",message="give exactly one of names, selector and all"
// +kubebuilder:validation:XValidation:rule="!has(self.all) || self.all",message="all must be true where it is given"
// +kubebuilder:validation:XValidation:rule="!has(self.selector) || (has(self.selector.matchLabels) && self.selector.matchLabels.size() > 0) || (has(self.selector.matchExpressions) && self.selector.matchExpressions.size() > 0)",message="an empty selector selects nothing: write all: true to select every namespace"
type NamespaceSelection struct {
	// names of namespaces.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=1000
	// +kubebuilder:validation:items:MaxLength=63
	Names []string `json:"names,omitempty"`
	// selector of namespaces by their labels. Use labels that the namespaces' users cannot write.
	Selector *metav1.LabelSelector `json:"selector,omitempty"`
	// all namespaces.
	All bool `json:"all,omitempty"`
}

// EntraTenantStatus is what the operator found.
type EntraTenantStatus struct {
	CommonStatus `json:",inline"`
	// tenantID is the tenant that answered: set once it has been reached.
	// +kubebuilder:validation:MaxLength=36
	TenantID string `json:"tenantID,omitempty"`
	// displayName of the tenant.
	// +kubebuilder:validation:MaxLength=256
	DisplayName string `json:"displayName,omitempty"`
	// clusterID that names and tags in this tenant carry.
	// +kubebuilder:validation:MaxLength=20
	ClusterID string `json:"clusterID,omitempty"`
	// appID is the application (client) ID that the operator signs in with.
	// +kubebuilder:validation:MaxLength=36
	AppID string `json:"appID,omitempty"`
	// servicePrincipalObjectID is the object ID of the operator's own service principal.
	// +kubebuilder:validation:MaxLength=36
	ServicePrincipalObjectID string `json:"servicePrincipalObjectID,omitempty"`
	// privilegedAppID is the application (client) ID that privilegedAuth signs in with.
	// +kubebuilder:validation:MaxLength=36
	PrivilegedAppID string `json:"privilegedAppID,omitempty"`
	// privilegedServicePrincipalObjectID is the object ID of its service principal.
	// +kubebuilder:validation:MaxLength=36
	PrivilegedServicePrincipalObjectID string `json:"privilegedServicePrincipalObjectID,omitempty"`
	// permissions of the operator in Microsoft Graph.
	Permissions *TenantPermissions `json:"permissions,omitempty"`
	// privilegedPermissions are those of privilegedAuth, where this process signs in with it.
	PrivilegedPermissions *TenantPermissions `json:"privilegedPermissions,omitempty"`
	// objects is how many objects of this cluster name the tenant in their status; it is held until there are none.
	Objects int32 `json:"objects,omitempty"`
}

// TenantPermissions compares what the operator's token carries with what the kinds that are switched on need.
type TenantPermissions struct {
	// granted are the application permissions in the operator's token.
	// +listType=set
	// +kubebuilder:validation:MaxItems=256
	Granted []string `json:"granted,omitempty"`
	// missing are those that a kind which is switched on needs.
	// +listType=set
	// +kubebuilder:validation:MaxItems=32
	Missing []string `json:"missing,omitempty"`
}

// EntraTenant is a connection to a tenant.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=etenant,categories=entra
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Tenant ID",type=string,JSONPath=`.spec.tenantID`
// +kubebuilder:printcolumn:name="Default",type=boolean,JSONPath=`.spec.default`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Status",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].message`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.matches('^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')",message="metadata.name must be a DNS label of at most 63 characters"
type EntraTenant struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	// +required
	Spec EntraTenantSpec `json:"spec"`
	// +kubebuilder:default={"observedGeneration":-1}
	Status EntraTenantStatus `json:"status,omitempty"`
}

// EntraTenantList is a list of tenants.
// +kubebuilder:object:root=true
type EntraTenantList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []EntraTenant `json:"items"`
}

// Common gives the engine the status part that it writes.
func (t *EntraTenant) Common() *CommonStatus { return &t.Status.CommonStatus }

// Suspended is false: a connection is never suspended, its objects are.
func (t *EntraTenant) Suspended() bool { return false }

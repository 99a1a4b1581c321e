package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// PolicyRule allows, or denies, what is asked for in one way: exactly one of its members. In patterns * stands for part of one host
// label, path segment or permission segment; alone, for any value. It never stands for a permission that is as good as Global
// Administrator: an allow must name that exactly.
// +kubebuilder:validation:XValidation:rule="[has(self.field), has(self.redirect), has(self.identifierURI), has(self.declare), has(self.consent), has(self.assign), has(self.federate), has(self.delete)].filter(x, x).size() == 1",message="a rule has exactly one of field, redirect, identifierURI, declare, consent, assign, federate and delete"
type PolicyRule struct {
	// field is about the value of a spec field that no other member is about.
	Field *FieldRule `json:"field,omitempty"`
	// redirect is about redirect URIs.
	Redirect *RedirectRule `json:"redirect,omitempty"`
	// identifierURI is about names of APIs.
	IdentifierURI *IdentifierURIRule `json:"identifierURI,omitempty"`
	// declare is about permissions that AppRegistrations declare.
	Declare *DeclareRule `json:"declare,omitempty"`
	// consent is about DelegatedPermissionGrants.
	Consent *ConsentRule `json:"consent,omitempty"`
	// assign is about AppRoleAssignments.
	Assign *AssignRule `json:"assign,omitempty"`
	// federate is about FederatedCredentials.
	Federate *FederateRule `json:"federate,omitempty"`
	// delete is about deletion policies.
	Delete *DeleteRule `json:"delete,omitempty"`
}

// FieldRule is about the value of a spec field.
type FieldRule struct {
	// path of the field without indexes, as in spec.api.scopes.type.
	// +required
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^spec(\.[A-Za-z]+)+$`
	Path string `json:"path"`
	// values of it, in their JSON spelling without quotes, or *.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=256
	Values []string `json:"values"`
}

// RedirectPlatform is where a redirect URI is registered.
// +kubebuilder:validation:Enum=web;spa;publicClient
type RedirectPlatform string

// The platforms.
const (
	RedirectWeb          RedirectPlatform = "web"
	RedirectSPA          RedirectPlatform = "spa"
	RedirectPublicClient RedirectPlatform = "publicClient"
)

// RedirectRule is about redirect URIs. One with a wildcard is allowed by none.
// +kubebuilder:validation:XValidation:rule="has(self.hosts) || has(self.uris)",message="name hosts or uris"
type RedirectRule struct {
	// platforms that it is about; every platform where absent.
	// +listType=set
	// +kubebuilder:validation:MaxItems=3
	Platforms []RedirectPlatform `json:"platforms,omitempty"`
	// hosts of https URIs, on every port: exact, or with * for part of one label, or * alone. Hosts under a shared suffix and
	// loopback hosts need an exact entry; the latter then allows http too.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=253
	Hosts []string `json:"hosts,omitempty"`
	// uris that are allowed exactly as written: the way for custom schemes.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=256
	URIs []string `json:"uris,omitempty"`
}

// IdentifierURIRule is about names of APIs. {appID} stands for the application's own.
// +kubebuilder:validation:XValidation:rule="has(self.uris) || has(self.prefixes)",message="name uris or prefixes"
type IdentifierURIRule struct {
	// uris that are allowed exactly.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	URIs []string `json:"uris,omitempty"`
	// prefixes, which end where a path segment ends: https://example.com/orders allows https://example.com/orders/v2, not
	// https://example.com/orders-old.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	Prefixes []string `json:"prefixes,omitempty"`
}

// PolicyAPI names APIs in a rule: exactly one of its members.
// +kubebuilder:validation:XValidation:rule="[has(self.wellKnown), has(self.appID), has(self.appRegistrationRef), has(self.ownNamespace), has(self.allowedConsumer)].filter(x, x).size() == 1",message="give exactly one of wellKnown, appID, appRegistrationRef, ownNamespace and allowedConsumer"
type PolicyAPI struct {
	// wellKnown is an API of Microsoft, by name.
	WellKnown WellKnownAPI `json:"wellKnown,omitempty"`
	// appID is the application (client) ID of an API.
	AppID GUID `json:"appID,omitempty"`
	// appRegistrationRef is an AppRegistration of this cluster. Its allowedConsumers must allow it too.
	AppRegistrationRef *PolicyAppRegistration `json:"appRegistrationRef,omitempty"`
	// ownNamespace is every AppRegistration of the asking object's own namespace.
	OwnNamespace bool `json:"ownNamespace,omitempty"`
	// allowedConsumer is every AppRegistration of another namespace whose allowedConsumers lets the asking object's namespace.
	AllowedConsumer bool `json:"allowedConsumer,omitempty"`
}

// PolicyAppRegistration names an AppRegistration in a rule.
type PolicyAppRegistration struct {
	// namespace of the AppRegistration.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Namespace string `json:"namespace"`
	// name of the AppRegistration.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name"`
}

// DeclareRule is about permissions that an AppRegistration declares.
// +kubebuilder:validation:XValidation:rule="has(self.delegated) || has(self.application)",message="name delegated or application permissions"
type DeclareRule struct {
	// api that defines them.
	// +required
	API PolicyAPI `json:"api"`
	// delegated permissions by value or ID, exact or with *.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=120
	Delegated []string `json:"delegated,omitempty"`
	// application permissions by value or ID, exact or with *.
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=120
	Application []string `json:"application,omitempty"`
}

// ConsentUsers says for whom consent may be given.
// +kubebuilder:validation:Enum=All;One
type ConsentUsers string

// For all users, which covers each of them, or for one at a time.
const (
	ConsentAll ConsentUsers = "All"
	ConsentOne ConsentUsers = "One"
)

// ConsentRule is about admin consent.
type ConsentRule struct {
	// api that exposes the scopes.
	// +required
	API PolicyAPI `json:"api"`
	// scopes by value or ID, exact or with *.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=120
	Scopes []string `json:"scopes"`
	// users for whom consent may be given: One (where absent) is one user at a time, All is all users, which covers each of them.
	Users ConsentUsers `json:"users,omitempty"`
	// maxDuration is how far ahead notAfter may be at most, which is then required.
	MaxDuration *metav1.Duration `json:"maxDuration,omitempty"`
}

// AssignRule is about app roles given to principals.
type AssignRule struct {
	// principals that they are given to.
	// +required
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	Principals []PolicyPrincipal `json:"principals"`
	// api that defines the roles.
	// +required
	API PolicyAPI `json:"api"`
	// roles by value or ID, exact or with *. The default access is 00000000-0000-0000-0000-000000000000.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=200
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=120
	Roles []string `json:"roles"`
	// maxDuration is how far ahead notAfter may be at most, which is then required.
	MaxDuration *metav1.Duration `json:"maxDuration,omitempty"`
}

// PolicyPrincipal is a kind of principal, or one of that kind.
type PolicyPrincipal struct {
	// kind of the principal: AppRegistration is one of the asking object's own namespace, ManagedIdentity one of Azure's, ServicePrincipal
	// one that no AppRegistration describes, Group a group's direct members, User one user.
	// +required
	Kind PrincipalKind `json:"kind"`
	// objectID of the one; every one of the kind where absent.
	ObjectID GUID `json:"objectID,omitempty"`
}

// DeleteRule is about what becomes of applications in the end.
type DeleteRule struct {
	// policies of deletion.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=3
	Policies []DeletionPolicy `json:"policies"`
}

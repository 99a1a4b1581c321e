package v1alpha1

// AppRegistrationSpec describes an application, its service principal, what its API exposes, and the Secret that workloads mount.
// Absent and empty mean the same for every field: the default named there, enforced.
// +kubebuilder:validation:XValidation:rule="has(self.tenantRef) == has(oldSelf.tenantRef) && (!has(self.tenantRef) || self.tenantRef == oldSelf.tenantRef)",message="tenantRef is immutable: an application cannot move to another tenant"
// +kubebuilder:validation:XValidation:rule="!has(self.appRoles) || !has(self.api) || !has(self.api.scopes) || self.appRoles.all(r, self.api.scopes.all(s, s.value != r.value))",message="a value may be a scope or an app role, not both: rename one of them"
type AppRegistrationSpec struct {
	// displayName that people see on consent screens and in the portal. It needs not be unique.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=120
	DisplayName string `json:"displayName"`
	// description of the application.
	// +kubebuilder:validation:MaxLength=1024
	Description string `json:"description,omitempty"`
	// tenantRef names the EntraTenant; the one marked default where absent. Immutable, and pinned at first use.
	TenantRef *TenantReference `json:"tenantRef,omitempty"`
	// signInAudience says whose accounts may sign in: AzureADMyOrg (where absent) those of this tenant, AzureADMultipleOrgs those of any
	// tenant, AzureADandPersonalMicrosoftAccount personal Microsoft accounts too, PersonalMicrosoftAccount these alone.
	SignInAudience SignInAudience `json:"signInAudience,omitempty"`
	// identifierURIs name the API in requests for tokens. {appID} is filled in. Where the application exposes a scope or a role
	// and none is given: api://{appID}.
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	// +kubebuilder:validation:XValidation:rule="self.all(u, u.matches('^[a-z][a-z0-9+.-]*:[^\\\\s]+$') && !u.endsWith('/'))",message="an identifier URI has a scheme, no spaces and no trailing slash, as in api://{appID} or https://your.verified.domain/orders"
	IdentifierURIs []string `json:"identifierURIs,omitempty"`
	// api is what the application exposes to clients that act for a user.
	API *API `json:"api,omitempty"`
	// appRoles that applications and users can be given.
	// +listType=map
	// +listMapKey=value
	// +kubebuilder:validation:MaxItems=200
	AppRoles []AppRole `json:"appRoles,omitempty"`
	// web is the platform of server-side web applications.
	Web *Platform `json:"web,omitempty"`
	// spa is the platform of single-page applications.
	SPA *Platform `json:"spa,omitempty"`
	// publicClient is the platform of mobile and desktop applications.
	PublicClient *Platform `json:"publicClient,omitempty"`
	// fallbackPublicClient lets the application sign users in without a credential where no redirect URI tells: the device code
	// flow needs it. Only where policy allows it.
	FallbackPublicClient bool `json:"fallbackPublicClient,omitempty"`
	// permissions of other APIs that the application declares to need, by name. Consent is given by a DelegatedPermissionGrant or
	// an AppRoleAssignment, or by an admin.
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	Permissions []Permissions `json:"permissions,omitempty"`
	// allowedConsumers are the namespaces that may use this API, and what of it may be given there. This object's own namespace
	// needs no entry.
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	AllowedConsumers []AllowedConsumer `json:"allowedConsumers,omitempty"`
	// tags on the application. The prefixes managed-by: and k8s- are the operator's.
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=256
	// +kubebuilder:validation:XValidation:rule="self.all(t, !t.startsWith('managed-by:') && !t.startsWith('k8s-'))",message="the tag prefixes managed-by: and k8s- are reserved for the operator's own marks"
	// +kubebuilder:validation:XValidation:rule="self.all(t, !t.matches('\\\\s'))",message="a tag has no white space"
	Tags []string `json:"tags,omitempty"`
	// lock keeps other tenants from changing sensitive properties of their copy; on, for all properties, where absent.
	Lock *Lock `json:"lock,omitempty"`
	// servicePrincipal is the application's identity in this tenant.
	ServicePrincipal *ServicePrincipal `json:"servicePrincipal,omitempty"`
	// secret is what workloads mount. It holds no credential.
	Secret *Secret `json:"secret,omitempty"`
	// deletionPolicy says what becomes of the application when this object is deleted: Delete (where absent) leaves it in Entra's deleted
	// items, restorable for 30 days; Purge removes it for good; Orphan leaves it alive and unmanaged.
	DeletionPolicy DeletionPolicy `json:"deletionPolicy,omitempty"`
	// suspend pauses reconciliation; deletion still proceeds.
	Suspend bool `json:"suspend,omitempty"`
}

// SignInAudience says whose accounts may sign in to an application.
// +kubebuilder:validation:Enum=AzureADMyOrg;AzureADMultipleOrgs;AzureADandPersonalMicrosoftAccount;PersonalMicrosoftAccount
type SignInAudience string

// The audiences, in Graph's spelling.
const (
	AudienceMyOrg               SignInAudience = "AzureADMyOrg"
	AudienceMultipleOrgs        SignInAudience = "AzureADMultipleOrgs"
	AudienceOrgsAndPersonal     SignInAudience = "AzureADandPersonalMicrosoftAccount"
	AudiencePersonalAccountOnly SignInAudience = "PersonalMicrosoftAccount"
)

// DeletionPolicy says what becomes of the application when its object is deleted.
// +kubebuilder:validation:Enum=Delete;Purge;Orphan
type DeletionPolicy string

// The deletion policies. Delete leaves it restorable in Entra for 30 days, Purge does not, Orphan leaves it alive.
const (
	DeletionDelete DeletionPolicy = "Delete"
	DeletionPurge  DeletionPolicy = "Purge"
	DeletionOrphan DeletionPolicy = "Orphan"
)

// API is what an application exposes to clients that act for a user.
type API struct {
	// scopes (delegated permissions) that clients can ask for.
	// +listType=map
	// +listMapKey=value
	// +kubebuilder:validation:MaxItems=200
	Scopes []Scope `json:"scopes,omitempty"`
	// preAuthorizedClients use scopes of this API without consent.
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=100
	PreAuthorizedClients []PreAuthorizedClient `json:"preAuthorizedClients,omitempty"`
	// knownClients are asked for consent together with this API.
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=100
	KnownClients []ClientReference `json:"knownClients,omitempty"`
	// requestedAccessTokenVersion of the tokens that this API receives: 1 or 2; 2 where absent.
	// +kubebuilder:validation:Enum=1;2
	RequestedAccessTokenVersion *int32 `json:"requestedAccessTokenVersion,omitempty"`
}

// ScopeType says who may consent to a scope.
// +kubebuilder:validation:Enum=Admin;User
type ScopeType string

// The scope types.
const (
	ScopeAdmin ScopeType = "Admin"
	ScopeUser  ScopeType = "User"
)

// Scope is a delegated permission that the API exposes.
// +kubebuilder:validation:XValidation:rule="has(self.id) == has(oldSelf.id) && (!has(self.id) || self.id == oldSelf.id)",message="id is immutable: remove the scope and add it under another value"
type Scope struct {
	// value as tokens carry it in scp.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=120
	// +kubebuilder:validation:Pattern="^[A-Za-z0-9:!#$%&'()*+,\\-/;=?@\\[\\]^_{}~][A-Za-z0-9:!#$%&'()*+,\\-./;=?@\\[\\]^_{}~]*$"
	Value string `json:"value"`
	// type says who may consent: Admin (where absent) is an administrator only, User also users for themselves.
	Type ScopeType `json:"type,omitempty"`
	// adminConsentDisplayName is the title that an admin sees; the value where absent.
	// +kubebuilder:validation:MaxLength=100
	AdminConsentDisplayName string `json:"adminConsentDisplayName,omitempty"`
	// adminConsentDescription is the text that an admin sees; the value where absent.
	// +kubebuilder:validation:MaxLength=1000
	AdminConsentDescription string `json:"adminConsentDescription,omitempty"`
	// userConsentDisplayName is the title that a user sees.
	// +kubebuilder:validation:MaxLength=100
	UserConsentDisplayName string `json:"userConsentDisplayName,omitempty"`
	// userConsentDescription is the text that a user sees.
	// +kubebuilder:validation:MaxLength=1000
	UserConsentDescription string `json:"userConsentDescription,omitempty"`
	// enabled lets clients ask for the scope; true where absent.
	Enabled *bool `json:"enabled,omitempty"`
	// id in Entra; derived from the object's name and the value where absent. Immutable.
	ID GUID `json:"id,omitempty"`
}

// MemberType is what an app role can be given to.
// +kubebuilder:validation:Enum=Application;User
type MemberType string

// The member types. User covers groups.
const (
	MemberApplication MemberType = "Application"
	MemberUser        MemberType = "User"
)

// AppRole is a role that the application defines.
// +kubebuilder:validation:XValidation:rule="has(self.id) == has(oldSelf.id) && (!has(self.id) || self.id == oldSelf.id)",message="id is immutable: remove the role and add it under another value"
type AppRole struct {
	// value as tokens carry it in roles.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=120
	// +kubebuilder:validation:Pattern="^[A-Za-z0-9:!#$%&'()*+,\\-/;=?@\\[\\]^_{}~][A-Za-z0-9:!#$%&'()*+,\\-./;=?@\\[\\]^_{}~]*$"
	Value string `json:"value"`
	// displayName that people see; the value where absent.
	// +kubebuilder:validation:MaxLength=100
	DisplayName string `json:"displayName,omitempty"`
	// description that people see; the displayName where absent.
	// +kubebuilder:validation:MaxLength=1000
	Description string `json:"description,omitempty"`
	// allowedMemberTypes says to whom the role can be given: Application is applications and managed identities, User is users and groups.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=2
	AllowedMemberTypes []MemberType `json:"allowedMemberTypes"`
	// enabled lets the role be given; true where absent.
	Enabled *bool `json:"enabled,omitempty"`
	// id in Entra; derived from the object's name and the value where absent. Immutable.
	ID GUID `json:"id,omitempty"`
}

// Platform is where a kind of client receives its codes and tokens.
type Platform struct {
	// redirectURIs that the token service may send users back to.
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=256
	// +kubebuilder:validation:XValidation:rule="self.all(u, u.matches('^[A-Za-z][A-Za-z0-9+.-]*:[^\\\\s#]+$'))",message="a redirect URI has a scheme, no spaces and no fragment, as in https://orders.example.com/callback"
	RedirectURIs []string `json:"redirectURIs,omitempty"`
}

// Lock is Graph's servicePrincipalLockConfiguration.
type Lock struct {
	// enabled switches the lock on; true where absent.
	Enabled *bool `json:"enabled,omitempty"`
	// allProperties locks every sensitive property; true where absent.
	AllProperties *bool `json:"allProperties,omitempty"`
	// credentialsWithUsageSign locks key credentials that sign, where allProperties is false.
	CredentialsWithUsageSign bool `json:"credentialsWithUsageSign,omitempty"`
	// credentialsWithUsageVerify locks credentials that verify, where allProperties is false.
	CredentialsWithUsageVerify bool `json:"credentialsWithUsageVerify,omitempty"`
	// tokenEncryptionKeyID locks that property, where allProperties is false.
	TokenEncryptionKeyID bool `json:"tokenEncryptionKeyID,omitempty"`
}

// ServicePrincipal is the application's identity in this tenant.
type ServicePrincipal struct {
	// assignmentRequired lets only clients and users with a role get tokens. Where absent: true for an application with
	// roles but no scopes and no redirect URIs.
	AssignmentRequired *bool `json:"assignmentRequired,omitempty"`
}

// SecretFormat is a set of keys in the Secret.
// +kubebuilder:validation:Enum=AzureSDK;OIDC;Azurerator
type SecretFormat string

// The formats: for Azure's SDKs as environment variables, for OpenID Connect libraries as files, and for those who come from azurerator.
const (
	FormatAzureSDK   SecretFormat = "AzureSDK"
	FormatOIDC       SecretFormat = "OIDC"
	FormatAzurerator SecretFormat = "Azurerator"
)

// Secret is what workloads mount: client ID, tenant and endpoints.
type Secret struct {
	// enabled writes the Secret; true where absent.
	Enabled *bool `json:"enabled,omitempty"`
	// name of the Secret; <name>-entra where absent.
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="!format.dns1123Subdomain().validate(self).hasValue()",message="a Secret's name has lower case letters, digits, - and ., as in orders-entra"
	Name string `json:"name,omitempty"`
	// formats of its keys: AzureSDK (where absent) has the environment variables of Azure's SDKs, OIDC files for OpenID Connect libraries,
	// Azurerator the variables of that operator.
	// +listType=set
	// +kubebuilder:validation:MaxItems=3
	Formats []SecretFormat `json:"formats,omitempty"`
	// labels added to the Secret. The prefix entra-registrar.dev/ is the operator's.
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=32
	// +kubebuilder:validation:XValidation:rule="self.all(k, !k.startsWith('entra-registrar.dev/') && k.size() <= 317 && self[k].size() <= 63)",message="label keys must not start with entra-registrar.dev/, and values have at most 63 characters"
	Labels map[string]string `json:"labels,omitempty"`
	// annotations added to the Secret. The prefixes entra-registrar.dev/ and kubernetes.io/ are refused.
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=32
	// +kubebuilder:validation:XValidation:rule="self.all(k, !k.startsWith('entra-registrar.dev/') && !k.startsWith('kubernetes.io/') && k.size() <= 317 && self[k].size() <= 4096)",message="annotation keys must not start with entra-registrar.dev/ or kubernetes.io/, and values have at most 4096 characters"
	Annotations map[string]string `json:"annotations,omitempty"`
}

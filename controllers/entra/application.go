package entra

import "time"

// Application is an app registration: the properties that we own, and those that say whose it is.
type Application struct {
	ObjectID   string
	AppID      string
	UniqueName string
	// CreatedByAppID is the application that created it; empty where Entra does not tell.
	CreatedByAppID string
	CreatedAt      time.Time
	// Deleted is true where it is in deletedItems.
	Deleted bool
	// Disabled is true where somebody, or Microsoft, switched it off.
	Disabled bool
	// Passwords and Keys are the key IDs of its credentials.
	Passwords []string
	Keys      []string

	ApplicationSettings
}

// ApplicationSettings are the properties of an application that a spec decides. Lists are sets but for their order in Entra.
type ApplicationSettings struct {
	DisplayName    string
	Description    string
	SignInAudience string
	IdentifierURIs []string
	Tags           []string
	// AccessTokenVersion is 1 or 2; 0 where Entra has none, which it treats as 1.
	AccessTokenVersion int32
	Scopes             []Scope
	AppRoles           []AppRole
	WebRedirectURIs    []string
	SPARedirectURIs    []string
	PublicRedirectURIs []string
	// FallbackPublicClient is isFallbackPublicClient.
	FallbackPublicClient bool
	// RequiredAccess are the permissions of other APIs that the application declares, in Entra's order.
	RequiredAccess []RequiredAccess
	// PreAuthorized are clients that need no consent, in Entra's order.
	PreAuthorized []PreAuthorized
	// KnownClients are appIds.
	KnownClients []string
	Lock         Lock
}

// ApplicationPatch carries what differs: nil leaves a property alone, empty empties it. Its fields have the names of the settings, and
// their tags say how people call the property.
type ApplicationPatch struct {
	DisplayName          *string           `graph:"displayName"`
	Description          *string           `graph:"description"`
	SignInAudience       *string           `graph:"signInAudience"`
	AccessTokenVersion   *int32            `graph:"requestedAccessTokenVersion"`
	Lock                 *Lock             `graph:"lock"`
	IdentifierURIs       *[]string         `graph:"identifierUris"`
	Tags                 *[]string         `graph:"tags"`
	WebRedirectURIs      *[]string         `graph:"web.redirectUris"`
	SPARedirectURIs      *[]string         `graph:"spa.redirectUris"`
	PublicRedirectURIs   *[]string         `graph:"publicClient.redirectUris"`
	Scopes               *[]Scope          `graph:"scopes"`
	AppRoles             *[]AppRole        `graph:"appRoles"`
	RequiredAccess       *[]RequiredAccess `graph:"requiredResourceAccess"`
	PreAuthorized        *[]PreAuthorized  `graph:"preAuthorizedApplications"`
	KnownClients         *[]string         `graph:"knownClientApplications"`
	FallbackPublicClient *bool             `graph:"isFallbackPublicClient"`
}

// RequiredAccess are the permissions of one API that an application declares, by ID.
type RequiredAccess struct {
	ResourceAppID string
	Scopes        []string
	AppRoles      []string
}

// PreAuthorized is a client that needs no consent for scopes of an API, by ID.
type PreAuthorized struct {
	AppID  string
	Scopes []string
}

// Scope is a delegated permission that an application exposes.
type Scope struct {
	ID                      string
	Value                   string
	Type                    string // Admin or User
	AdminConsentDisplayName string
	AdminConsentDescription string
	UserConsentDisplayName  string
	UserConsentDescription  string
	Enabled                 bool
	// Unconfirmed is true while we have disabled it and no read has shown that: it cannot be removed yet.
	Unconfirmed bool
}

// AppRole is a role that an application defines.
type AppRole struct {
	ID          string
	Value       string
	DisplayName string
	Description string
	// AllowedMemberTypes are Application and User, sorted.
	AllowedMemberTypes []string
	Enabled            bool
	// Unconfirmed is true while we have disabled it and no read has shown that: it cannot be removed yet.
	Unconfirmed bool
}

// Lock is the servicePrincipalLockConfiguration.
type Lock struct {
	Enabled                    bool
	AllProperties              bool
	CredentialsWithUsageSign   bool
	CredentialsWithUsageVerify bool
	TokenEncryptionKeyID       bool
}

// NewApplication is what the create call carries. identifierUris cannot be in it: the appId is not known yet.
type NewApplication struct {
	UniqueName string
	// OwnerID is the object ID that is bound as owner: our own.
	OwnerID string
	ApplicationSettings
}

// FederatedCredential is a trust in tokens of another issuer. Name, within its application, is its key and cannot change.
type FederatedCredential struct {
	ID          string
	Name        string
	Issuer      string
	Subject     string
	Audience    string // Entra takes exactly one
	Description string
}

// MaxFederatedCredentials is how many an application can have.
const MaxFederatedCredentials = 20

// Trust is an application with the federated credentials on it, and no more: what one read gives.
type Trust struct {
	ApplicationID string // object ID
	UniqueName    string
	Tags          []string
	// Disabled is true where somebody in Entra, or Microsoft, switched it off.
	Disabled    bool
	Credentials []FederatedCredential
}

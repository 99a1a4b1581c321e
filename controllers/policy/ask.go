package policy

import "fmt"

// Ask is what one object newly asks for.
type Ask struct {
	// Kind of the object: AppRegistration, FederatedCredential or AppRoleAssignment.
	Kind string
	// Operator holds the operator's own IDs in this tenant: its application (client) IDs, its service principal's object ID.
	// What names one of them is denied whatever a rule says.
	Operator []string
	// Targets are the IDs of what would be written to: appIds and object IDs, as far as they are known.
	Targets []string
	// Tuples to judge. One rule must allow the whole of each.
	Tuples []Tuple
}

// Tuple is one thing that is asked for, resolved. One rule must allow all of it: no two rules add up. Its String says what is
// asked in one phrase, with everything a user wrote quoted.
type Tuple interface {
	fmt.Stringer
	// where is the field that asks, as in spec.web.redirectURIs[0].
	where() string
	// names are the IDs of principals and APIs in it.
	names() []string
	// allowedBy tells whether the rule allows all of it.
	allowedBy(rule Rule) bool
	// deniedBy tells whether the rule, among the denies of a policy, covers it. Where an allow needs an exact entry, a deny
	// does not.
	deniedBy(rule Rule) bool
	// remedy is the narrowest rule that allows it. False where none can.
	remedy() (Rule, bool)
}

// Field is the value of a spec field that has no tuple of its own.
type Field struct {
	// Path as in spec.api.scopes[0].type; list entries by index.
	Path string
	// Value in its JSON spelling, strings without quotes.
	Value string
}

// Platform is where a redirect URI is registered.
type Platform string

// The platforms.
const (
	Web          Platform = "web"
	SPA          Platform = "spa"
	PublicClient Platform = "publicClient"
)

// Redirect is a redirect URI on a platform.
type Redirect struct {
	Path     string
	Platform Platform
	URI      string
}

// IdentifierURI is a name of an API. In URI, {appID} stands for the application's own, also before it is known.
type IdentifierURI struct {
	Path string
	URI  string
	// AppID of the application; empty where it is not created yet.
	AppID string
}

// Federation is a trust in tokens of an issuer. How the spec spells it, as serviceAccount or as oidc, makes no difference.
type Federation struct {
	Path     string
	Issuer   string
	Subject  string
	Audience string
	// ClusterIssuer is the issuer of this cluster's ServiceAccount tokens; empty where it has none.
	ClusterIssuer string
	// Namespace of the asking object.
	Namespace string
	// CloudAudience is the audience that the tenant's cloud expects.
	CloudAudience string
}

// PrincipalKind is what is given a role.
type PrincipalKind string

// AppRegistration is an application of the asking object's own namespace.
const AppRegistration PrincipalKind = "AppRegistration"

// Assignment is an app role of an API given to a principal.
type Assignment struct {
	Path          string
	PrincipalKind PrincipalKind
	// PrincipalID is the object ID, PrincipalAppID the appId of the principal.
	PrincipalID    string
	PrincipalAppID string
	// APIID is the object ID, APIAppID the appId of the API.
	APIID    string
	APIAppID string
	// OwnAPI : the API is an AppRegistration of the asking object's own namespace.
	OwnAPI bool
	RoleID string
	// Role is the role's value, for people only: rules see IDs.
	Role string
}

// Deletion is what becomes of the application in the end. It is judged while the object lives; at the farewell only Purge is,
// and where that is denied the application is deleted softly.
type Deletion struct {
	Path string
	// Policy is Delete, Purge or Orphan.
	Policy string
	// Adopted : the application existed before the object did.
	Adopted bool
}

package policy

// Rule allows, or denies, tuples of one kind: exactly one of its members is set. A rule without a member matches nothing.
type Rule struct {
	Field         *FieldRule
	Redirect      *RedirectRule
	IdentifierURI *IdentifierURIRule
	Federate      *FederateRule
	Assign        *AssignRule
	Delete        *DeleteRule
}

// Any stands, alone, for any value.
const Any = "*"

// FieldRule is about the value of a spec field.
type FieldRule struct {
	// Path without indexes, as in spec.api.scopes.type.
	Path string
	// Values of it, or Any.
	Values []string
}

// RedirectRule is about redirect URIs. A wildcard URI is allowed by none.
type RedirectRule struct {
	// Platforms that it is about; every platform where empty.
	Platforms []Platform
	// Hosts of https URIs, on every port: exact, or a pattern in which * is part of one label, or Any. Hosts on shared
	// suffixes and loopback hosts need an exact entry; the latter then allows http too.
	Hosts []string
	// URIs that are allowed exactly as they are written: the way for custom schemes.
	URIs []string
}

// IdentifierURIRule is about names of APIs. {appID} stands for the application's own.
type IdentifierURIRule struct {
	// URIs that are allowed exactly.
	URIs []string
	// Prefixes, which end at a path segment's end: https://example.com/orders allows https://example.com/orders/v2, not
	// https://example.com/orders-old.
	Prefixes []string
}

// FederateRule is about trust in issuers: one of its members.
type FederateRule struct {
	ServiceAccounts *ServiceAccountsRule
	OIDC            *OIDCRule
}

// ServiceAccountsRule is about ServiceAccounts of this cluster, with the cloud's audience.
type ServiceAccountsRule struct {
	// Namespaces by name or pattern; the asking object's own where empty.
	Namespaces []string
}

// OIDCRule is about any issuer, this cluster's among them.
type OIDCRule struct {
	// Issuer, exactly.
	Issuer string
	// Subjects, exact, or patterns in which * is part of what is between two of : and /, or Any.
	Subjects []string
	// Audiences, exactly; the cloud's where empty.
	Audiences []string
}

// AssignRule is about app roles given to principals.
type AssignRule struct {
	Principals []PrincipalMatch
	API        APIMatch
	// Roles by ID, or Any.
	Roles []string
}

// PrincipalMatch is a kind of principal, or one of that kind.
type PrincipalMatch struct {
	Kind PrincipalKind
	// ObjectID of the one; all of the kind where empty.
	ObjectID string
}

// APIMatch is one API, or those of the asking object's own namespace.
type APIMatch struct {
	AppID        string
	OwnNamespace bool
}

// DeleteRule is about what becomes of applications in the end.
type DeleteRule struct {
	Policies []string
	// Adopted : about those that existed before their object did, instead of those that we created.
	Adopted bool
}

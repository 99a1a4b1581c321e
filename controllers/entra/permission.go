package entra

// Assignment is an app role of an API (ResourceID) given to a principal. The three IDs are its key; ID is Entra's own name for
// it, needed to remove it.
type Assignment struct {
	ID          string
	PrincipalID string
	ResourceID  string
	AppRoleID   string
}

// SameAs reports whether both give the same role of the same API to the same principal.
func (a Assignment) SameAs(b Assignment) bool {
	return a.PrincipalID == b.PrincipalID && a.ResourceID == b.ResourceID && a.AppRoleID == b.AppRoleID
}

// MemberKind is what kind of object is given a role: Graph's principalType.
type MemberKind string

// The kinds of member.
const (
	MemberServicePrincipal MemberKind = "ServicePrincipal"
	MemberGroup            MemberKind = "Group"
	MemberUser             MemberKind = "User"
)

// Member is a user or a group with the roles of one API that it has been given.
type Member struct {
	ID          string
	Kind        MemberKind
	DisplayName string
	Assignments []Assignment
}

// DefaultAccess is the ID of the role that gives access and no more.
const DefaultAccess = "00000000-0000-0000-0000-000000000000"

// Grant is the consent to scopes of an API (ResourceID) that a client may use: for all users, or for one. There is one for each
// client, API and user; many may have put their scopes into it.
type Grant struct {
	// ID is Entra's own name for it.
	ID string
	GrantKey
	// Scopes by value.
	Scopes []string
}

// GrantKey is what there is one grant for.
type GrantKey struct {
	// ClientID and ResourceID are object IDs of service principals.
	ClientID   string
	ResourceID string
	// UserID is the object ID of the one user; empty for all users.
	UserID string
}

// GrantChange takes scopes into a grant and out of it, whatever else it holds.
type GrantChange struct {
	Add    []string
	Remove []string
}

// MaxGrantScope is how many characters the scopes of one grant may have, with a space between two.
const MaxGrantScope = 3850

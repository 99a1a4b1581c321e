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

// Client is a service principal with all the app roles that it has been given.
type Client struct {
	ServicePrincipal
	Assignments []Assignment
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

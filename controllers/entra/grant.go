package entra

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

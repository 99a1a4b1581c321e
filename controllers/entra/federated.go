package entra

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

// FederatedCredentialPatch carries what differs: nil leaves a property alone.
type FederatedCredentialPatch struct {
	Issuer      *string
	Subject     *string
	Audience    *string
	Description *string
}

// Empty reports whether the patch changes nothing.
func (p FederatedCredentialPatch) Empty() bool { return p == FederatedCredentialPatch{} }

// Retargets reports whether the patch changes whose tokens are trusted, or for whom.
func (p FederatedCredentialPatch) Retargets() bool {
	return p.Issuer != nil || p.Subject != nil || p.Audience != nil
}

// Apply folds the patch into the credential.
func (p FederatedCredentialPatch) Apply(c *FederatedCredential) { apply(p, c) }

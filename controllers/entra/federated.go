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
	Credentials   []FederatedCredential
}

// FederatedCredentialPatch carries what differs: nil leaves a property alone.
type FederatedCredentialPatch struct {
	Issuer      *string
	Subject     *string
	Audience    *string
	Description *string
}

// Empty tells whether the patch changes nothing.
func (p FederatedCredentialPatch) Empty() bool { return p == FederatedCredentialPatch{} }

// Apply folds the patch into the credential.
func (p FederatedCredentialPatch) Apply(c *FederatedCredential) {
	set(&c.Issuer, p.Issuer)
	set(&c.Subject, p.Subject)
	set(&c.Audience, p.Audience)
	set(&c.Description, p.Description)
}

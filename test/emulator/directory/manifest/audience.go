package manifest

import "github.com/entra-registrar/entra-registrar/test/emulator/odata"

// limits are what an audience allows: a column of Microsoft's table of validation differences.
type limits struct {
	personal       bool
	displayName    int // characters
	identifierURI  int // characters
	identifierURIs int
	redirectURIs   int
	scopes         int
	value          int // characters of a scope's value
	passwords      int
	permissions    int
	perResource    int
}

const unlimited = 1 << 30

// limitsOf are the limits of an application's audience.
func limitsOf(app odata.Document) (limits, error) {
	switch odata.Text(app, "signInAudience") {
	case "AzureADMyOrg", "AzureADMultipleOrgs":
		return limits{
			displayName: 120, identifierURI: 255, identifierURIs: unlimited, redirectURIs: 256, scopes: unlimited, value: 249,
			passwords: unlimited, permissions: 400, perResource: unlimited,
		}, nil
	case "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount":
		return limits{
			personal: true, displayName: 90, identifierURI: 120, identifierURIs: 50, redirectURIs: 100, scopes: 100, value: 40,
			passwords: 2, permissions: 200, perResource: 30,
		}, nil
	default:
		return limits{}, invalid("signInAudience")
	}
}

// tokenVersion requires version 2 for personal accounts, and lets an application go back to version 1 only with identifier URIs that
// the tenant's default policy accepts.
func (r rules) tokenVersion(change Change) error {
	version := odata.At(change.After, "api", "requestedAccessTokenVersion")
	if version != nil && version != 1 && version != 2 || r.limits.personal && version != 2 {
		return invalid("api.requestedAccessTokenVersion")
	}
	if odata.At(change.Before, "api", "requestedAccessTokenVersion") != 2 || version == 2 {
		return nil
	}
	for _, uri := range odata.Texts(change.After, "identifierUris") {
		if !r.compliesWithPolicy(uri, odata.Text(change.After, "appId")) {
			return invalid("api.requestedAccessTokenVersion")
		}
	}
	return nil
}

func (r rules) credentials(change Change) error {
	if len(odata.List(change.After, "passwordCredentials")) > r.limits.passwords {
		return invalid("passwordCredentials")
	}
	wanted := odata.Text(change.After, "tokenEncryptionKeyId")
	if wanted == "" {
		return nil
	}
	for _, key := range odata.Documents(change.After, "keyCredentials") {
		if odata.Text(key, "keyId") == wanted && odata.Text(key, "usage") == "Encrypt" {
			return nil
		}
	}
	return invalid("tokenEncryptionKeyId")
}

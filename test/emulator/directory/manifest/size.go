package manifest

import (
	"net/http"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// maxEntries is how many entries all collections of an application may have together.
const maxEntries = 1200

func (r rules) size(change Change) error {
	count := 0
	for _, path := range [][]string{
		{"addIns"}, {"appRoles"}, {"identifierUris"}, {"keyCredentials"}, {"passwordCredentials"}, {"requiredResourceAccess"},
		{"tags"}, {"api", "knownClientApplications"}, {"api", "oauth2PermissionScopes"}, {"api", "preAuthorizedApplications"},
		{"web", "redirectUris"}, {"spa", "redirectUris"}, {"publicClient", "redirectUris"}, {"optionalClaims", "idToken"},
		{"optionalClaims", "accessToken"}, {"optionalClaims", "saml2Token"},
	} {
		count += len(odata.List(change.After, path...))
	}
	for _, resource := range odata.Documents(change.After, "requiredResourceAccess") {
		count += len(odata.List(resource, "resourceAccess"))
	}
	if count <= maxEntries {
		return nil
	}
	return odata.Refused(http.StatusBadRequest, "Directory_ResourceSizeExceeded",
		"The size of the object has exceeded its limit. Please reduce the number of values and retry your request")
}

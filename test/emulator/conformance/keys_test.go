package conformance

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What Graph's default projection has (recorded 2026-09-08), restated.
var (
	applicationKeys = strings.Fields(`@odata.context addIns api appId appRoles applicationTemplateId certification createdByAppId
		createdDateTime defaultRedirectUri deletedDateTime description disabledByMicrosoftStatus displayName groupMembershipClaims id
		identifierUris info isDeviceOnlyAuthSupported isDisabled isFallbackPublicClient keyCredentials
		nativeAuthenticationApisEnabled notes optionalClaims parentalControlSettings passwordCredentials publicClient publisherDomain
		requestSignatureVerification requiredResourceAccess samlMetadataUrl serviceManagementReference
		servicePrincipalLockConfiguration signInAudience spa tags tokenEncryptionKeyId uniqueName verifiedPublisher web`)
	principalKeys = strings.Fields(`@odata.context accountEnabled addIns alternativeNames appDescription appDisplayName appId
		appOwnerOrganizationId appRoleAssignmentRequired appRoles applicationTemplateId createdByAppId createdDateTime deletedDateTime
		description disabledByMicrosoftStatus displayName homepage id info isDisabled keyCredentials loginUrl logoutUrl notes
		notificationEmailAddresses oauth2PermissionScopes passwordCredentials preferredSingleSignOnMode
		preferredTokenSigningKeyThumbprint replyUrls resourceSpecificApplicationPermissions samlSingleSignOnSettings
		servicePrincipalNames servicePrincipalType signInAudience tags tokenEncryptionKeyId verifiedPublisher`)
	assignmentKeys = strings.Fields(`@odata.context appRoleId createdDateTime deletedDateTime id principalDisplayName principalId
		principalType resourceDisplayName resourceId`)
	federatedKeys = strings.Fields(`@odata.context @odata.id audiences description id issuer name subject`)
	passwordKeys  = strings.Fields(`@odata.context customKeyIdentifier displayName endDateTime hint keyId secretText startDateTime`)
)

// hasKeys compares an object's property names with the recorded ones. A real tenant may have more: they come every few months.
func hasKeys(t testing.TB, got object, want []string) {
	t.Helper()
	found := keys(got)
	if examined.newProperties {
		recorded := map[string]bool{}
		for _, name := range want {
			recorded[name] = true
		}
		kept := found[:0]
		for _, name := range found {
			if recorded[name] {
				kept = append(kept, name)
			} else {
				t.Logf("a property that was not recorded: %s", name)
			}
		}
		found = kept
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("property names (-recorded +seen):\n%s", diff)
	}
}

// hasContext checks the end of @odata.context; its host is the tenant's own.
func hasContext(t testing.TB, got reply, want string) {
	t.Helper()
	if !strings.HasPrefix(got.text("@odata.context"), "https://") || !strings.HasSuffix(got.text("@odata.context"), "/v1.0/$metadata#"+want) {
		t.Errorf("@odata.context: want https://…/v1.0/$metadata#%s, got %q", want, got.text("@odata.context"))
	}
}

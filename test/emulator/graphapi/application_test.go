package graphapi_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// applicationKeys and principalKeys are the default projections as recorded in September 2026.
var applicationKeys = strings.Fields(`@odata.context addIns api appId appRoles applicationTemplateId certification createdByAppId
	createdDateTime defaultRedirectUri deletedDateTime description disabledByMicrosoftStatus displayName groupMembershipClaims
	id identifierUris info isDeviceOnlyAuthSupported isDisabled isFallbackPublicClient keyCredentials
	nativeAuthenticationApisEnabled notes optionalClaims parentalControlSettings passwordCredentials publicClient
	publisherDomain requestSignatureVerification requiredResourceAccess samlMetadataUrl serviceManagementReference
	servicePrincipalLockConfiguration signInAudience spa tags tokenEncryptionKeyId uniqueName verifiedPublisher web`)

var principalKeys = strings.Fields(`@odata.context accountEnabled addIns alternativeNames appDescription appDisplayName appId
	appOwnerOrganizationId appRoleAssignmentRequired appRoles applicationTemplateId createdByAppId createdDateTime
	deletedDateTime description disabledByMicrosoftStatus displayName homepage id info isDisabled keyCredentials loginUrl
	logoutUrl notes notificationEmailAddresses oauth2PermissionScopes passwordCredentials preferredSingleSignOnMode
	preferredTokenSigningKeyThumbprint replyUrls resourceSpecificApplicationPermissions samlSingleSignOnSettings
	servicePrincipalNames servicePrincipalType signInAudience tags tokenEncryptionKeyId verifiedPublisher`)

func TestApplication_AnswersHaveRecordedKeys(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	app, sp, _ := f.principal("")
	for path, want := range map[string][]string{"applications/" + app: applicationKeys, "servicePrincipals/" + sp: principalKeys} {
		got := slices.Sorted(maps.Keys(f.must(200, "GET", path, "").body))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("keys of %s (-recorded +answered):\n%s", path, diff)
		}
	}
}

func TestApplication_IsFoundByItsKeys(t *testing.T) {
	t.Parallel()
	f := newTenant(t)
	created := f.must(201, "POST", "applications", `{"displayName":"Orders","uniqueName":"k8s.one","tags":["a:b"]}`)
	id, appID := odata.Text(created.body, "id"), odata.Text(created.body, "appId")
	if got, want := odata.Text(created.body, "createdDateTime"), "2026-11-21T10:00:00.1234567Z"; got != want {
		t.Errorf("createdDateTime of the 201 is %s, want %s", got, want)
	}
	if got := created.header.Get("Location"); !strings.HasSuffix(got, "/v2/"+tenantID+"/directoryObjects/"+id+"/Microsoft.DirectoryServices.Application") {
		t.Errorf("Location is %s", got)
	}
	f.must(204, "PATCH", "applications(uniqueName='k8s.one')", `{"web":{"redirectUris":["https://contoso.com/cb"]},"notes":null}`)
	f.must(204, "PATCH", "applications(appId='"+appID+"')", `{"web":{"homePageUrl":"https://contoso.com"},"createdByAppId":"`+f.clients["owned"].AppID+`"}`)
	got := f.must(200, "GET", "applications/"+id+"?$select=createdDateTime,web", "").body
	if text := odata.Text(got, "createdDateTime"); text != "2026-11-21T10:00:00Z" {
		t.Errorf("createdDateTime of a GET is %s", text)
	}
	web := odata.Document{
		"homePageUrl": "https://contoso.com", "logoutUrl": nil, "redirectUris": odata.Strings("https://contoso.com/cb"),
		"implicitGrantSettings": odata.Document{"enableAccessTokenIssuance": false, "enableIdTokenIssuance": false},
		"redirectUriSettings":   []any{odata.Document{"uri": "https://contoso.com/cb", "index": nil}},
	}
	if diff := cmp.Diff(web, got["web"]); diff != "" {
		t.Errorf("web (-want +got):\n%s", diff)
	}
	f.must(204, "DELETE", "applications/"+id, "")
	f.refused(404, "Resource '"+id+"' does not exist", "GET", "applications/"+id, "")
}

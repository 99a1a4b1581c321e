package conformance

import (
	"net/http"
	"strings"
	"testing"
)

func TestApplicationPatch_KeepsWritableProperties(t *testing.T) {
	t.Parallel()
	lock := object{"isEnabled": true, "allProperties": false, "credentialsWithUsageSign": true, "credentialsWithUsageVerify": true, "tokenEncryptionKeyId": false}
	checkRules(t, object{}, []rule{
		accepts("a public client by default", object{"isFallbackPublicClient": true}),
		accepts("device-only authentication", object{"isDeviceOnlyAuthSupported": true}),
		accepts("a service reference", object{"serviceManagementReference": "CMDB-4711"}),
		accepts("a SAML metadata URL", object{"samlMetadataUrl": "https://orders.example.com/saml"}),
		accepts("a home page", object{"web": object{"homePageUrl": "https://orders.example.com/"}}),
		accepts("implicit grants", object{"web": object{"implicitGrantSettings": object{"enableAccessTokenIssuance": true, "enableIdTokenIssuance": true}}}),
		accepts("blocked countries", object{"parentalControlSettings": object{"countriesBlockedForMinors": list{"DE", "FR"}, "legalAgeGroupRule": "BlockMinors"}}),
		accepts("a lock", object{"servicePrincipalLockConfiguration": lock}),
		accepts("no lock", object{"servicePrincipalLockConfiguration": nil}),
		accepts("no optional claims", object{"optionalClaims": nil}),
		accepts("group claims and an optional claim", object{
			"groupMembershipClaims": "ApplicationGroup",
			"optionalClaims": object{
				"accessToken": list{object{"name": "groups", "source": nil, "essential": false, "additionalProperties": list{"cloud_displayname"}}},
				"idToken":     list{}, "saml2Token": list{},
			},
		}),
	})
}

func TestApplicationRead_AuthenticationBehaviorsNeedSelect(t *testing.T) {
	t.Parallel()
	path := applicationPath(examined.first.newApplication(t, nil))
	want := object{"authenticationBehaviors": object{"blockAzureADGraphAccess": true, "removeUnverifiedEmailClaim": true}}
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, want)
	examined.first.waitShown(t, query(path, "select", "authenticationBehaviors"), want)
	if _, shown := examined.first.waitPresent(t, path).body["authenticationBehaviors"]; shown {
		t.Error("authenticationBehaviors is in the default projection")
	}
}

func TestApplicationPatch_PartOfAPIKeepsOthers(t *testing.T) {
	t.Parallel()
	one := scope("Orders.Read", nil)
	path := applicationPath(examined.first.newApplication(t, object{"api": object{
		"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": list{one}, "knownClientApplications": list{guid()},
	}}))
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, object{"api": object{"knownClientApplications": list{}}})
	examined.first.waitShown(t, path, object{"api": object{
		"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": list{one}, "knownClientApplications": list{},
	}})
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, object{"api": object{"oauth2PermissionScopes": list{one, scope("Orders.Write", nil)}}})
	examined.first.waitShown(t, path, object{"api": object{"requestedAccessTokenVersion": 2}})
}

func TestApplicationRead_BetaReadsTheSame(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	got := examined.first.waitShown(t, examined.graph+"/beta"+applicationPath(made), object{"id": made.id(), "appId": made.text("appId")})
	if !strings.HasSuffix(got.text("@odata.context"), "/beta/$metadata#applications/$entity") {
		t.Errorf("@odata.context: want beta's, got %q", got.text("@odata.context"))
	}
}

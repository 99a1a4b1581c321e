package conformance

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	guidPattern = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	fractional  = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$`)
	toTheSecond = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)
)

// hasLocation checks where a created directory object is said to be: not below /v1.0, and with the directory's own type.
func hasLocation(t testing.TB, got reply, kind string) {
	t.Helper()
	want := regexp.MustCompile(`^https://[^/]+/v2/` + examined.tenantID + `/directoryObjects/` + got.id() + `/Microsoft\.DirectoryServices\.` + kind + `$`)
	if !want.MatchString(got.header.Get("Location")) {
		t.Errorf("Location: want %s, got %q", want, got.header.Get("Location"))
	}
}

func TestApplicationCreate_HasRecordedShape(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	hasKeys(t, made.body, applicationKeys)
	hasContext(t, made, "applications/$entity")
	hasLocation(t, made, "Application")
	for _, property := range []string{"id", "appId"} {
		if !guidPattern.MatchString(made.text(property)) {
			t.Errorf("%s: want a GUID, got %q", property, made.text(property))
		}
	}
	if made.id() == made.text("appId") {
		t.Error("object ID and appId are one GUID")
	}
	if got := made.text("createdByAppId"); got != examined.first.id {
		t.Errorf("createdByAppId: want the caller's %s, got %q", examined.first.id, got)
	}
	if got := made.text("createdDateTime"); !fractional.MatchString(got) {
		t.Errorf("createdDateTime of the 201: want seven fractional digits, got %q", got)
	}
}

func TestApplicationCreate_HasGraphsDefaults(t *testing.T) {
	t.Parallel()
	name := examined.name()
	made := examined.first.must(t, http.StatusCreated, http.MethodPost, "/applications", object{"displayName": name, "signInAudience": singleTenant})
	want := object{
		"deletedDateTime": nil, "applicationTemplateId": nil, "disabledByMicrosoftStatus": nil, "displayName": name, "description": nil,
		"groupMembershipClaims": nil, "identifierUris": list{}, "isDeviceOnlyAuthSupported": nil, "isDisabled": nil,
		"isFallbackPublicClient": nil, "nativeAuthenticationApisEnabled": nil, "notes": nil, "serviceManagementReference": nil,
		"signInAudience": singleTenant, "tags": list{}, "tokenEncryptionKeyId": nil, "uniqueName": nil, "samlMetadataUrl": nil,
		"defaultRedirectUri": nil, "certification": nil, "optionalClaims": nil, "servicePrincipalLockConfiguration": nil,
		"requestSignatureVerification": nil, "addIns": list{},
		"api": object{
			"acceptMappedClaims": nil, "knownClientApplications": list{}, "requestedAccessTokenVersion": nil,
			"oauth2PermissionScopes": list{}, "preAuthorizedApplications": list{},
		},
		"appRoles": list{},
		"info": object{
			"logoUrl": nil, "marketingUrl": nil, "privacyStatementUrl": nil, "supportUrl": nil, "termsOfServiceUrl": nil,
		},
		"keyCredentials":          list{},
		"parentalControlSettings": object{"countriesBlockedForMinors": list{}, "legalAgeGroupRule": "Allow"},
		"passwordCredentials":     list{},
		"publicClient":            object{"redirectUris": list{}},
		"requiredResourceAccess":  list{},
		"verifiedPublisher":       object{"displayName": nil, "verifiedPublisherId": nil, "addedDateTime": nil},
		"web": object{
			"homePageUrl": nil, "logoutUrl": nil, "redirectUris": list{}, "redirectUriSettings": list{},
			"implicitGrantSettings": object{"enableAccessTokenIssuance": false, "enableIdTokenIssuance": false},
		},
		"spa": object{"redirectUris": list{}},
	}
	got := without(made.body, "@odata.context", "id", "appId", "createdByAppId", "createdDateTime", "publisherDomain")
	if diff := cmp.Diff(asJSON(want), asJSON(got)); diff != "" && !examined.newProperties || !includes(got, asJSON(want)) {
		t.Errorf("defaults (-documented +seen):\n%s", diff)
	}
}

func TestApplicationCreate_OmittedAudienceIsSingleTenant(t *testing.T) {
	t.Parallel()
	made := examined.first.must(t, http.StatusCreated, http.MethodPost, "/applications", object{"displayName": examined.name()})
	if got := made.text("signInAudience"); got != singleTenant {
		t.Errorf("signInAudience: want %s, got %q", singleTenant, got)
	}
}

func TestApplicationCreate_MakesNoServicePrincipal(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, nil)
	examined.first.waitAbsent(t, by(principals, "appId", made.text("appId")))
}

func TestApplicationCreate_KeepsWhatWasSent(t *testing.T) {
	t.Parallel()
	body := examined.application(object{
		"uniqueName": examined.name(), "description": "A text.", "notes": "A note.",
		"web":                               object{"redirectUris": list{"https://orders.example.com/callback"}},
		"spa":                               object{"redirectUris": list{"https://orders.example.com/"}},
		"api":                               object{"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": list{scope("Orders.Read", nil)}},
		"info":                              object{"supportUrl": "https://orders.example.com/help"},
		"addIns":                            list{object{"id": guid(), "type": "FileHandler", "properties": list{object{"key": "version", "value": "2"}}}},
		"appRoles":                          list{role("Orders.Read.All", nil)},
		"servicePrincipalLockConfiguration": object{"isEnabled": true, "allProperties": true},
	})
	made := examined.first.must(t, http.StatusCreated, http.MethodPost, "/applications", body)
	if !includes(made.body, asJSON(body)) {
		t.Errorf("the 201 lacks what was sent: %s", cmp.Diff(asJSON(body), asJSON(made.body)))
	}
	examined.first.waitShown(t, applicationPath(made), body)
}

func TestApplicationCreate_ClientsCannotChooseIDs(t *testing.T) {
	t.Parallel()
	id := guid()
	either := []int{http.StatusCreated, http.StatusBadRequest}
	for _, property := range []string{"id", "appId"} {
		got := examined.first.oneOf(t, either, http.MethodPost, applications, examined.application(object{property: id}))
		if got.text(property) == id {
			t.Errorf("the directory took the client's %s", property)
		}
	}
	body := object{"appId": examined.first.newApplication(t, nil).text("appId"), "id": id}
	if got := examined.first.oneOf(t, either, http.MethodPost, principals, body); got.id() == id {
		t.Error("the directory took the client's id of a service principal")
	}
}

func TestApplicationCreate_AcceptsTypeNameOfClients(t *testing.T) {
	t.Parallel()
	examined.first.newApplication(t, object{"@odata.type": "#microsoft.graph.application"})
}

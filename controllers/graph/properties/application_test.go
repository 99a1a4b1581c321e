package properties

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	serialization "github.com/microsoft/kiota-serialization-json-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func applicationFromJSON(t *testing.T, body string) entra.Application {
	t.Helper()
	node, err := serialization.NewJsonParseNodeFactory().GetRootParseNode("application/json", []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	model, err := node.GetObjectValue(models.CreateApplicationFromDiscriminatorValue)
	if err != nil {
		t.Fatal(err)
	}
	return Application(model.(models.Applicationable))
}

func TestApplication_ReadsWhatTheSDKDoesNotKnow(t *testing.T) {
	t.Parallel()
	app := applicationFromJSON(t, `{"id":"1","createdByAppId":"maker","isDisabled":true,"createdDateTime":"2026-11-21T12:00:00.1234567Z"}`)
	want := entra.Application{ObjectID: "1", CreatedByAppID: "maker", Disabled: true, CreatedAt: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	if diff := cmp.Diff(want, app); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(entra.Application{ObjectID: "1"}, applicationFromJSON(t, `{"id":"1","createdByAppId":null,"isDisabled":null}`)); diff != "" {
		t.Errorf("nulls (-want +got)\n%s", diff)
	}
}

func TestApplication_IsDisabledHoweverGraphSaysIt(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{}`:                   false,
		`{"isDisabled":false}`: false,
		`{"isDisabled":true}`:  true,
		`{"disabledByMicrosoftStatus":"NotDisabled"}`:                               false,
		`{"disabledByMicrosoftStatus":"DisabledDueToViolationOfServicesAgreement"}`: true,
	} {
		if got := applicationFromJSON(t, body).Disabled; got != want {
			t.Errorf("%s: %t", body, got)
		}
	}
}

func TestApplication_EmptyListsAreNilAndSetsSorted(t *testing.T) {
	t.Parallel()
	app := applicationFromJSON(t, `{"tags":[],"web":{"redirectUris":[]},"identifierUris":[],"api":{"oauth2PermissionScopes":[]},
		"appRoles":[{"id":"00000000-0000-4000-8000-00000000000b","allowedMemberTypes":["User","Application"],"isEnabled":true}],
		"passwordCredentials":[{"keyId":"00000000-0000-4000-8000-00000000000c"}],"keyCredentials":[{"keyId":"00000000-0000-4000-8000-00000000000d"}]}`)
	want := entra.Application{
		Passwords: []string{"00000000-0000-4000-8000-00000000000c"}, Keys: []string{"00000000-0000-4000-8000-00000000000d"},
		ApplicationSettings: entra.ApplicationSettings{AppRoles: []entra.AppRole{{
			ID: "00000000-0000-4000-8000-00000000000b", AllowedMemberTypes: []string{"Application", "User"}, Enabled: true,
		}}},
	}
	if diff := cmp.Diff(want, app); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestApplicationModel_HasOnlyWhatThePatchGives(t *testing.T) {
	t.Parallel()
	zero := int32(0)
	for _, test := range []struct {
		name  string
		patch entra.ApplicationPatch
		want  string
	}{
		{"nothing", entra.ApplicationPatch{}, `{"@odata.type":"#microsoft.graph.application"}`},
		{"an emptied text", entra.ApplicationPatch{Description: new(string)}, `{"@odata.type":"#microsoft.graph.application","description":null}`},
		{"an emptied list", entra.ApplicationPatch{Scopes: &[]entra.Scope{}}, `{"@odata.type":"#microsoft.graph.application","api":{"oauth2PermissionScopes":[]}}`},
		{"emptied permissions", entra.ApplicationPatch{RequiredAccess: &[]entra.RequiredAccess{}},
			`{"@odata.type":"#microsoft.graph.application","requiredResourceAccess":[]}`},
		{"emptied clients", entra.ApplicationPatch{PreAuthorized: &[]entra.PreAuthorized{}, KnownClients: &[]string{}},
			`{"@odata.type":"#microsoft.graph.application","api":{"knownClientApplications":[],"preAuthorizedApplications":[]}}`},
		{"no public client any more", entra.ApplicationPatch{FallbackPublicClient: new(bool)},
			`{"@odata.type":"#microsoft.graph.application","isFallbackPublicClient":false}`},
		{"a version that is taken back", entra.ApplicationPatch{AccessTokenVersion: &zero},
			`{"@odata.type":"#microsoft.graph.application","api":{"requestedAccessTokenVersion":null}}`},
	} {
		model, err := ApplicationModel(test.patch)
		if err != nil {
			t.Fatal(err)
		}
		writer := serialization.NewJsonSerializationWriter()
		if err := writer.WriteObjectValue("", model); err != nil {
			t.Fatal(err)
		}
		body, err := writer.GetSerializedContent()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, string(body)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
	}
}

func TestApplicationModel_RefusesWhatIsNoGUID(t *testing.T) {
	t.Parallel()
	bad := []string{"no guid"}
	for name, patch := range map[string]entra.ApplicationPatch{
		"a scope":                {Scopes: &[]entra.Scope{{ID: bad[0]}}},
		"a role":                 {AppRoles: &[]entra.AppRole{{ID: bad[0]}}},
		"a delegated permission": {RequiredAccess: &[]entra.RequiredAccess{{Scopes: bad}}},
		"an application's":       {RequiredAccess: &[]entra.RequiredAccess{{AppRoles: bad}}},
		"a client that is known": {KnownClients: &bad},
	} {
		if _, err := ApplicationModel(patch); err == nil {
			t.Errorf("%s was sent", name)
		}
	}
}

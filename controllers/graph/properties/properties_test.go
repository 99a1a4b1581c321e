package properties

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const (
	guidA = "00000000-0000-4000-8000-00000000000a"
	guidB = "00000000-0000-4000-8000-00000000000b"
)

// full has every property of an application that a spec decides.
func full() entra.ApplicationSettings {
	return entra.ApplicationSettings{
		DisplayName: "orders", Description: "made by a test", SignInAudience: "AzureADMyOrg", IdentifierURIs: []string{"api://orders"},
		Tags: []string{"a", "b"}, AccessTokenVersion: 2,
		Scopes:          []entra.Scope{{ID: guidA, Value: "read", Type: "Admin", AdminConsentDisplayName: "Read", Enabled: true}},
		AppRoles:        []entra.AppRole{{ID: guidB, Value: "read", DisplayName: "Read", AllowedMemberTypes: []string{"Application"}}},
		WebRedirectURIs: []string{"https://orders.example.com"}, SPARedirectURIs: []string{"https://spa.example.com"},
		PublicRedirectURIs: []string{"http://localhost"}, FallbackPublicClient: true,
		RequiredAccess: []entra.RequiredAccess{{ResourceAppID: guidA, Scopes: []string{guidA}, AppRoles: []string{guidB}}},
		PreAuthorized:  []entra.PreAuthorized{{AppID: guidA, Scopes: []string{guidB}}}, KnownClients: []string{guidA},
		Lock: entra.Lock{Enabled: true},
	}
}

func TestProperties_ReadWhatTheyWrite(t *testing.T) {
	t.Parallel()
	want := full()
	for field, value := range reflect.ValueOf(want).Fields() {
		if value.IsZero() {
			t.Errorf("full has no %s", field.Name)
		}
	}
	model, err := ApplicationModel(want.Patch())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, Application(model).ApplicationSettings); diff != "" {
		t.Errorf("an application (-want +got)\n%s", diff)
	}
	principal, err := ServicePrincipalModel(entra.ServicePrincipalPatch{AssignmentRequired: new(true), Tags: &want.Tags})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(entra.ServicePrincipal{AssignmentRequired: true, Tags: want.Tags}, ServicePrincipal(principal)); diff != "" {
		t.Errorf("a service principal (-want +got)\n%s", diff)
	}
}

func TestNewApplicationModel_LeavesOutTheIdentifierURIs(t *testing.T) {
	t.Parallel()
	model, err := NewApplicationModel(entra.NewApplication{UniqueName: "orders", ApplicationSettings: full()})
	if err != nil {
		t.Fatal(err)
	}
	want := entra.Application{UniqueName: "orders", ApplicationSettings: full()}
	want.IdentifierURIs = nil
	if diff := cmp.Diff(want, Application(model)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestApplication_ReadsIDsInSmallLetters(t *testing.T) {
	t.Parallel()
	const big, small = "ABCDEF00-0000-4000-8000-00000000000A", "abcdef00-0000-4000-8000-00000000000a"
	app := applicationFromJSON(t, `{"id":"`+big+`","appId":"`+big+`","createdByAppId":"`+big+`","uniqueName":"Orders",
		"passwordCredentials":[{"keyId":"`+big+`"}],"keyCredentials":[{"keyId":"`+big+`"}],
		"requiredResourceAccess":[{"resourceAppId":"`+big+`","resourceAccess":[{"id":"`+big+`","type":"Scope"},{"id":"`+big+`","type":"Role"}]}],
		"api":{"preAuthorizedApplications":[{"appId":"`+big+`","delegatedPermissionIds":["`+big+`"]}],"knownClientApplications":["`+big+`"],
			"oauth2PermissionScopes":[{"id":"`+big+`"}]},"appRoles":[{"id":"`+big+`"}]}`)
	want := entra.Application{
		ObjectID: small, AppID: small, CreatedByAppID: small, UniqueName: "Orders", Passwords: []string{small}, Keys: []string{small},
		ApplicationSettings: entra.ApplicationSettings{
			RequiredAccess: []entra.RequiredAccess{{ResourceAppID: small, Scopes: []string{small}, AppRoles: []string{small}}},
			PreAuthorized:  []entra.PreAuthorized{{AppID: small, Scopes: []string{small}}}, KnownClients: []string{small},
			Scopes: []entra.Scope{{ID: small}}, AppRoles: []entra.AppRole{{ID: small}},
		},
	}
	if diff := cmp.Diff(want, app); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

package entra

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPatches_NameFieldsOfTheirObjects(t *testing.T) {
	t.Parallel()
	for _, pair := range []struct{ patch, object any }{
		{ApplicationPatch{}, ApplicationSettings{}},
		{ServicePrincipalPatch{}, ServicePrincipal{}},
		{FederatedCredentialPatch{}, FederatedCredential{}},
	} {
		object := reflect.TypeOf(pair.object)
		for field := range reflect.TypeOf(pair.patch).Fields() {
			if owned, known := object.FieldByName(field.Name); !known || reflect.PointerTo(owned.Type) != field.Type {
				t.Errorf("%T.%s has no field of %s to change", pair.patch, field.Name, object)
			}
		}
	}
	for field := range reflect.TypeFor[ApplicationSettings]().Fields() {
		if _, known := reflect.TypeFor[ApplicationPatch]().FieldByName(field.Name); !known {
			t.Errorf("no patch can change ApplicationSettings.%s", field.Name)
		}
	}
}

func TestApplicationPatch_MakesSettingsOfNothing(t *testing.T) {
	t.Parallel()
	want := ApplicationSettings{
		DisplayName: "orders", Tags: []string{"a"}, AccessTokenVersion: 2, FallbackPublicClient: true,
		Scopes: []Scope{{ID: "1", Enabled: true}}, RequiredAccess: []RequiredAccess{{ResourceAppID: "2", Scopes: []string{"3"}}}, Lock: Lock{Enabled: true},
	}
	patch := want.Patch()
	if patch.Description != nil || patch.AppRoles != nil || patch.KnownClients != nil {
		t.Errorf("what is empty is in the patch: %+v", patch)
	}
	var got ApplicationSettings
	patch.Apply(&got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !(ApplicationSettings{Tags: []string{}}).Patch().Empty() {
		t.Error("an empty list is no change of nothing")
	}
}

func TestApplicationPatch_EmptiesWhatItGivesEmpty(t *testing.T) {
	t.Parallel()
	settings := ApplicationSettings{Description: "old", Tags: []string{"a"}, Lock: Lock{Enabled: true}, SignInAudience: "AzureADMyOrg"}
	ApplicationPatch{Description: new(string), Tags: &[]string{}, Lock: &Lock{}}.Apply(&settings)
	if diff := cmp.Diff(ApplicationSettings{Tags: []string{}, SignInAudience: "AzureADMyOrg"}, settings); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestApplicationPatch_MarksWhatItDisablesUnconfirmed(t *testing.T) {
	t.Parallel()
	settings := ApplicationSettings{
		Scopes:   []Scope{{ID: "1", Enabled: true}, {ID: "2"}, {ID: "3", Unconfirmed: true}},
		AppRoles: []AppRole{{ID: "1", Enabled: true}},
	}
	ApplicationPatch{Scopes: &[]Scope{{ID: "1"}, {ID: "2"}, {ID: "3"}, {ID: "4"}}, AppRoles: &[]AppRole{{ID: "1"}}}.Apply(&settings)
	want := ApplicationSettings{
		Scopes:   []Scope{{ID: "1", Unconfirmed: true}, {ID: "2"}, {ID: "3", Unconfirmed: true}, {ID: "4"}},
		AppRoles: []AppRole{{ID: "1", Unconfirmed: true}},
	}
	if diff := cmp.Diff(want, settings); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

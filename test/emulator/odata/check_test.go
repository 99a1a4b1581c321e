package odata_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

func read(t *testing.T, text string) odata.Document {
	t.Helper()
	var doc odata.Document
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestCheck_AgainstMetadata(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ body, want string }{
		"an unknown property of an entity":           {`{"displayname":"x"}`, "Invalid property 'displayname'."},
		"an unknown property of a complex type":      {`{"web":{"redirectUri":[]}}`, "The property 'redirectUri' does not exist on type 'microsoft.graph.webApplication'."},
		"a link":                                     {`{"owners":[]}`, "Invalid property 'owners'."},
		"a number for a text":                        {`{"displayName":1}`, "expected type 'Edm.String'"},
		"a text for a boolean":                       {`{"isDisabled":"true"}`, "expected type 'Edm.Boolean'"},
		"a fraction for an integer":                  {`{"api":{"requestedAccessTokenVersion":1.5}}`, "expected type 'Edm.Int32'"},
		"a text for a collection":                    {`{"tags":"a"}`, "expected type 'Collection(Edm.String)'"},
		"null for a collection":                      {`{"tags":null}`, "does not allow null values"},
		"null in a collection":                       {`{"tags":[null]}`, "does not allow null values"},
		"null for a boolean that is not nullable":    {`{"appRoles":[{"isEnabled":null}]}`, "does not allow null values"},
		"a GUID without dashes":                      {`{"appRoles":[{"id":"03ef14b0aaaa4bbb8cccdddddddddddd"}]}`, "expected type 'Edm.Guid'"},
		"a date without a time":                      {`{"keyCredentials":[{"endDateTime":"2026-01-01"}]}`, "expected type 'Edm.DateTimeOffset'"},
		"a key that is not base64":                   {`{"keyCredentials":[{"key":"?"}]}`, "expected type 'Edm.Binary'"},
		"an unknown member of an enumeration":        {`{"nativeAuthenticationApisEnabled":"some"}`, "Requested value 'some' was not found."},
		"the type of something else":                 {`{"@odata.type":"#microsoft.graph.user"}`, "not assignable to the expected type"},
		"an object for a text":                       {`{"notes":{}}`, "expected type 'Edm.String'"},
		"a text for a complex value":                 {`{"web":"x"}`, "expected type 'microsoft.graph.webApplication'"},
		"a stream that is not part of the document":  {`{"logo":"x"}`, "Invalid property 'logo'."},
		"the documented wrong name of a real member": {`{"oauth2RequiredPostResponse":true}`, "Invalid property 'oauth2RequiredPostResponse'."},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			_, err := odata.Check(odata.TypeByName("application"), read(t, row.body))
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("want %q, got %v", row.want, err)
			}
		})
	}
}

func TestCheck_NormalizesBody(t *testing.T) {
	t.Parallel()
	got, err := odata.Check(odata.TypeByName("application"), read(t, `{
		"@odata.type":"#microsoft.graph.application","@odata.context":"x","tags@odata.type":"#Collection(String)","tags":["a"],
		"notes":null,"api":{"requestedAccessTokenVersion":2},
		"appRoles":[{"id":"03EF14B0-AAAA-4BBB-8CCC-DDDDDDDDDDDD"}],
		"keyCredentials":[{"endDateTime":"2026-01-01T02:00:00+02:00"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := odata.Document{
		"tags": odata.Strings("a"), "notes": nil, "api": odata.Document{"requestedAccessTokenVersion": 2},
		"appRoles":       []any{odata.Document{"id": "03ef14b0-aaaa-4bbb-8ccc-dddddddddddd"}},
		"keyCredentials": []any{odata.Document{"endDateTime": "2026-01-01T00:00:00Z"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMerge_MergesComplexValuesReplacesCollections(t *testing.T) {
	t.Parallel()
	before := odata.Document{
		"tags": odata.Strings("a", "b"), "spa": odata.Document{"redirectUris": odata.Strings("https://a")},
		"servicePrincipalLockConfiguration": nil,
	}
	got := odata.Merge(odata.TypeByName("application"), before, odata.Document{
		"tags": odata.Strings("c"), "spa": odata.Document{}, "servicePrincipalLockConfiguration": odata.Document{"isEnabled": true},
	})
	want := odata.Document{
		"tags": odata.Strings("c"), "spa": odata.Document{"redirectUris": odata.Strings("https://a")},
		"servicePrincipalLockConfiguration": odata.Document{
			"isEnabled": true, "allProperties": nil, "credentialsWithUsageSign": nil, "credentialsWithUsageVerify": nil,
			"tokenEncryptionKeyId": nil,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestKnown_EveryNamedType(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{"customSecurityAttributeValue": true, "nativeAuthenticationApisEnabled": true, "weakAlgorithms": true}
	var check func(name string)
	check = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		typ := odata.TypeByName(name)
		if typ == nil {
			t.Fatalf("type %s has no table", name)
		}
		for property := range typ.Properties {
			if shape, _ := typ.Shape(property); shape.Type[0] >= 'a' {
				check(shape.Type)
			}
		}
		for _, property := range append(append([]string(nil), typ.Computed...), typ.Hidden...) {
			if _, ok := typ.Shape(property); !ok {
				t.Errorf("%s has no property %s", name, property)
			}
		}
	}
	for _, name := range []string{"application", "servicePrincipal", "federatedIdentityCredential", "appRoleAssignment", "organization", "addPassword", "removePassword"} {
		check(name)
	}
}

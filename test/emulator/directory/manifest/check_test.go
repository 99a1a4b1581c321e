package manifest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory/manifest"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const (
	tenantID = "11111111-2222-4333-8444-555555555555"
	appID    = "631a96bc-0000-4000-8000-000000000001"
	entryID  = "03ef14b0-0000-4000-8000-00000000000"
	otherID  = "99999999-0000-4000-8000-000000000000"
)

// state is a valid application with a body laid over it.
func state(t *testing.T, body string) odata.Document {
	t.Helper()
	typ := odata.TypeByName("application")
	doc := odata.Document{}
	for name := range typ.Properties {
		if shape, _ := typ.Shape(name); shape.Collection {
			doc[name] = []any{}
		}
	}
	doc["displayName"], doc["signInAudience"], doc["appId"] = "Orders", "AzureADMyOrg", appID
	doc["parentalControlSettings"] = odata.Document{"legalAgeGroupRule": "Allow"}
	var raw odata.Document
	if err := json.Unmarshal([]byte(body), &raw); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	checked, err := odata.Check(typ, raw)
	if err != nil {
		t.Fatal(err)
	}
	return odata.Merge(typ, doc, checked)
}

func check(t *testing.T, before, after string) error {
	t.Helper()
	tenant := manifest.Tenant{ID: tenantID, VerifiedDomains: []string{"contoso.onmicrosoft.com", "contoso.com"}}
	old := state(t, before)
	return manifest.Check(tenant, manifest.Change{Before: old, Stale: old, After: state(t, after)})
}

func role(n int, value string, more string) string {
	return fmt.Sprintf(`{"id":"%s%d","value":"%s","displayName":"d","description":"d","isEnabled":true,"allowedMemberTypes":["Application"]%s}`, entryID, n, value, more)
}

func scope(n int, value string, more string) string {
	return fmt.Sprintf(`{"id":"%s%d","value":"%s","type":"Admin","adminConsentDisplayName":"a","adminConsentDescription":"a","isEnabled":true%s}`, entryID, n, value, more)
}

func roles(list ...string) string { return `{"appRoles":[` + strings.Join(list, ",") + `]}` }

func scopes(list ...string) string {
	return `{"api":{"oauth2PermissionScopes":[` + strings.Join(list, ",") + `]}}`
}

func many(n int, format string) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf(format, i))
	}
	return strings.Join(out, ",")
}

const personal = `"signInAudience":"AzureADandPersonalMicrosoftAccount"`

func TestCheck_Refuses(t *testing.T) {
	t.Parallel()
	version2 := `"api":{"requestedAccessTokenVersion":2}`
	for name, row := range map[string]struct{ after, want string }{
		"no display name":                    {`{"displayName":null}`, "A value is required for property 'displayName'"},
		"a blank display name":               {`{"displayName":" "}`, "'displayName'"},
		"121 characters of display name":     {`{"displayName":"` + strings.Repeat("é", 121) + `"}`, "'displayName'"},
		"91 characters for personal":         {`{` + personal + `,` + version2 + `,"displayName":"` + strings.Repeat("x", 91) + `"}`, "'displayName'"},
		"1025 characters of notes":           {`{"notes":"` + strings.Repeat("x", 1025) + `"}`, "'notes'"},
		"an unknown audience":                {`{"signInAudience":"Everybody"}`, "'signInAudience'"},
		"a tag with a space":                 {`{"tags":["a b"]}`, "'tags'"},
		"an empty tag":                       {`{"tags":[""]}`, "'tags'"},
		"a tag twice":                        {`{"tags":["a","a"]}`, "'tags'"},
		"a tag of 257 characters":            {`{"tags":["` + strings.Repeat("x", 257) + `"]}`, "'tags'"},
		"an unknown group claim":             {`{"groupMembershipClaims":"SecurityGroup,Friends"}`, "'groupMembershipClaims'"},
		"a claim from elsewhere":             {`{"optionalClaims":{"idToken":[{"name":"a","source":"group"}]}}`, "'optionalClaims.idToken'"},
		"a claim without a name":             {`{"optionalClaims":{"idToken":[{"essential":true}]}}`, "optionalClaims.idToken[0].name"},
		"a marketing page by ftp":            {`{"info":{"marketingUrl":"ftp://a"}}`, "'info.marketingUrl'"},
		"token version 3":                    {`{"api":{"requestedAccessTokenVersion":3}}`, "requestedAccessTokenVersion"},
		"token version 1 for personal":       {`{` + personal + `}`, "requestedAccessTokenVersion"},
		"roles for personal":                 {`{` + personal + `,` + version2 + `,"appRoles":[` + role(1, "a", "") + `]}`, "'appRoles'"},
		"a role without ID":                  {`{"appRoles":[{"value":"a"}]}`, "appRoles[0].id"},
		"a role for groups":                  {roles(role(1, "a", `,"allowedMemberTypes":["Group"]`)), "allowedMemberTypes"},
		"a role for nobody":                  {roles(role(1, "a", `,"allowedMemberTypes":[]`)), "allowedMemberTypes"},
		"a role without description":         {roles(role(1, "a", `,"description":""`)), "description"},
		"a value with a space":               {roles(role(1, "a b", "")), "appRoles.value"},
		"a value with a dot in front":        {roles(role(1, ".a", "")), "appRoles.value"},
		"a value of 250 characters":          {roles(role(1, strings.Repeat("x", 250), "")), "appRoles.value"},
		"two roles of one ID":                {roles(role(1, "a", ""), role(1, "b", "")), "appRoles.id must be unique"},
		"two roles of one value":             {roles(role(1, "a", ""), role(2, "a", "")), "appRoles.value must be unique"},
		"a role's origin elsewhere":          {roles(role(1, "a", `,"origin":"ServicePrincipal"`)), "origin"},
		"a scope of no type":                 {scopes(scope(1, "a", `,"type":"Guest"`)), "type"},
		"an enabled scope without texts":     {scopes(scope(1, "a", `,"adminConsentDescription":null`)), "adminConsentDescription"},
		"a role and a scope of one value":    {`{"appRoles":[` + role(1, "a", "") + `],"api":{"oauth2PermissionScopes":[` + scope(2, "a", "") + `]}}`, "value must be unique"},
		"a role and a scope of one ID":       {`{"appRoles":[` + role(1, "a", "") + `],"api":{"oauth2PermissionScopes":[` + scope(1, "b", "") + `]}}`, "id must be unique"},
		"a scope that is not there":          {`{"api":{"preAuthorizedApplications":[{"appId":"` + otherID + `","delegatedPermissionIds":["` + entryID + `1"]}]}}`, "delegatedPermissionIds"},
		"a permission of no kind":            {`{"requiredResourceAccess":[{"resourceAppId":"` + otherID + `","resourceAccess":[{"id":"` + otherID + `","type":"Any"}]}]}`, "resourceAccess.type"},
		"a resource twice":                   {`{"requiredResourceAccess":[{"resourceAppId":"` + otherID + `"},{"resourceAppId":"` + otherID + `"}]}`, "requiredResourceAccess"},
		"an encryption key that is not held": {`{"tokenEncryptionKeyId":"` + otherID + `"}`, "tokenEncryptionKeyId"},
		"1201 entries":                       {`{"tags":[` + many(1201, `"t%d"`) + `]}`, "Directory_ResourceSizeExceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := check(t, `{}`, row.after)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("want %q, got %v", row.want, err)
			}
		})
	}
}

func TestCheck_Accepts(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]string{
		"120 characters of display name":    `{"displayName":"` + strings.Repeat("é", 120) + `"}`,
		"two group claims":                  `{"groupMembershipClaims":"SecurityGroup, ApplicationGroup"}`,
		"a claim from the user":             `{"optionalClaims":{"accessToken":[{"name":"a","source":"user"}]}}`,
		"a role of 249 characters":          roles(role(1, strings.Repeat("x", 249), "")),
		"a role with what was read":         roles(role(1, "Orders.Read.All", `,"origin":"Application"`)),
		"a disabled scope without texts":    scopes(scope(1, "a", `,"isEnabled":false,"adminConsentDescription":null`)),
		"1200 entries":                      `{"tags":[` + many(1200, `"t%d"`) + `]}`,
		"personal accounts with version 2":  `{` + personal + `,"api":{"requestedAccessTokenVersion":2}}`,
		"a role and a scope that are equal": `{"appRoles":[` + role(1, "a", "") + `],"api":{"oauth2PermissionScopes":[` + scope(1, "a", `,"adminConsentDisplayName":"d","adminConsentDescription":"d"`) + `]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := check(t, `{}`, after); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCheck_EntryIsDisabledBeforeRemoval(t *testing.T) {
	t.Parallel()
	const refused = "CannotDeleteOrUpdateEnabledEntitlement: Permission (scope or role) cannot be deleted or updated unless disabled first."
	off := `,"isEnabled":false`
	for name, row := range map[string]struct {
		before, stale, after string
		refused              bool
	}{
		"an enabled role is not removed":                 {roles(role(1, "a", "")), "", `{}`, true},
		"an enabled role keeps its value":                {roles(role(1, "a", "")), "", roles(role(1, "b", "")), true},
		"disabling and renaming at once is not enough":   {roles(role(1, "a", "")), "", roles(role(1, "b", off)), true},
		"an enabled scope is not removed":                {scopes(scope(1, "a", "")), "", `{}`, true},
		"a disabled role is removed":                     {roles(role(1, "a", off)), "", `{}`, false},
		"a disabled role is renamed":                     {roles(role(1, "a", off)), "", roles(role(1, "b", "")), false},
		"the texts of an enabled role change":            {roles(role(1, "a", "")), "", roles(role(1, "a", `,"description":"new"`)), false},
		"a replica that shows it enabled refuses":        {roles(role(1, "a", off)), roles(role(1, "a", "")), `{}`, true},
		"a replica that has never seen it does not mind": {roles(role(1, "a", off)), `{}`, `{}`, false},
		"a replica that is behind does not help":         {roles(role(1, "a", "")), roles(role(1, "a", off)), `{}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if row.stale == "" {
				row.stale = row.before
			}
			err := manifest.Check(manifest.Tenant{}, manifest.Change{
				Before: state(t, row.before), Stale: state(t, row.stale), After: state(t, row.after),
			})
			if (err != nil) != row.refused || err != nil && !strings.Contains(err.Error(), refused) {
				t.Errorf("refused must be %t, got %v", row.refused, err)
			}
		})
	}
}

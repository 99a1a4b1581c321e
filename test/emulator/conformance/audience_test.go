package conformance

import (
	"fmt"
	"net/http"
	"testing"
)

const (
	multiTenant      = "AzureADMultipleOrgs"
	anyAccount       = "AzureADandPersonalMicrosoftAccount"
	personalAccounts = "PersonalMicrosoftAccount"
)

func TestAudience_OfNewApplications(t *testing.T) {
	t.Parallel()
	for _, value := range []string{singleTenant, multiTenant, anyAccount, personalAccounts} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			made := examined.first.newApplication(t, object{"signInAudience": value})
			want := object{"signInAudience": value}
			if value == anyAccount || value == personalAccounts {
				want["api"] = object{"requestedAccessTokenVersion": 2}
			}
			examined.first.waitShown(t, applicationPath(made), want)
		})
	}
}

// forPersonal are rules that hold for applications with personal accounts, on top of the general ones.
func forPersonal() []rule {
	prefix := examined.prefix()
	api := func(property string, value any) object {
		return object{"api": object{"requestedAccessTokenVersion": 2, property: value}}
	}
	redirects := func(n int) list {
		return repeated(n, func(i int) any { return fmt.Sprintf("https://orders.example.com/%d", i) })
	}
	return []rule{
		accepts("a display name of 90 characters", object{"displayName": prefix + textOf(90-len(prefix))}),
		refusesAs("a display name of 91 characters", object{"displayName": prefix + textOf(91-len(prefix))}, about("displayName")),
		refuses("token version 1", object{"api": object{"requestedAccessTokenVersion": 1}}),
		refuses("app roles", withRoles(role("Orders.Read.All", nil))),
		refuses("optional claims", object{"optionalClaims": object{"idToken": list{object{"name": "email", "essential": false}}}}),
		refuses("a urn as identifier", identifiers("urn:conformance:"+random(8))),
		refuses("an identifier of 121 characters", identifiers("api://"+examined.tenantID+"/"+textOf(121-43))),
		refuses("51 identifiers", object{"identifierUris": repeated(51, func(int) any { return "api://" + examined.tenantID + "/" + random(8) })}),
		refuses("a scope value of 41 characters", api("oauth2PermissionScopes", list{scope(textOf(41), nil)})),
		accepts("a scope value of 40 characters", api("oauth2PermissionScopes", list{scope(textOf(40), nil)})),
		refuses("101 scopes", api("oauth2PermissionScopes", repeated(101, func(i int) any { return scope(fmt.Sprintf("Orders.%d", i), nil) }))),
		refuses("a wildcard redirect", web("https://*.orders.example.com/callback")),
		refuses("a query in a redirect", web("https://orders.example.com/callback?a=b")),
		refuses("101 redirects", object{"web": object{"redirectUris": redirects(101)}}),
		accepts("100 redirects", object{"web": object{"redirectUris": redirects(100)}}),
		refuses("31 permissions of one resource", object{"requiredResourceAccess": list{object{
			"resourceAppId": graphAppID, "resourceAccess": repeated(31, func(int) any { return object{"id": guid(), "type": "Scope"} }),
		}}}),
	}
}

func TestAudience_PersonalAccountsHaveTighterRules(t *testing.T) {
	t.Parallel()
	checkRules(t, object{"signInAudience": anyAccount}, forPersonal())
}

func TestAudience_ChangeValidatesEverythingAgain(t *testing.T) {
	t.Parallel()
	prefix := examined.prefix()
	personal := object{"signInAudience": anyAccount}
	for name, seed := range map[string]object{
		"token version null":      {},
		"token version 1":         {"api": object{"requestedAccessTokenVersion": 1}},
		"an app role":             changed(version2(), withRoles(role("Orders.Read.All", nil))),
		"a long name":             changed(version2(), object{"displayName": prefix + textOf(91-len(prefix))}),
		"a wildcard redirect":     changed(version2(), web("https://*.orders.example.com/callback")),
		"a urn":                   changed(version2(), identifiers("urn:conformance:"+random(8))),
		"optional claims":         changed(version2(), object{"optionalClaims": object{"idToken": list{object{"name": "email", "essential": false}}}}),
		"a scope of 41 letters":   {"api": object{"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": list{scope(textOf(41), nil)}}},
		"a redirect with a query": changed(version2(), web("https://orders.example.com/callback?a=b")),
	} {
		t.Run("refuses personal accounts with "+name, func(t *testing.T) {
			t.Parallel()
			path := applicationPath(examined.first.newApplication(t, seed))
			examined.first.refused(t, badRequest, http.MethodPatch, path, personal)
			examined.first.waitShown(t, path, object{"signInAudience": singleTenant})
		})
	}
}

func TestAudience_IsWidenedAfterPrerequisites(t *testing.T) {
	t.Parallel()
	first := examined.first
	path := applicationPath(first.newApplication(t, nil))
	for _, step := range []object{
		{"signInAudience": multiTenant},
		version2(),
		{"signInAudience": anyAccount},
	} {
		first.must(t, http.StatusNoContent, http.MethodPatch, path, step)
		first.waitShown(t, path, step)
	}
}

func TestAudience_PersonalAccountsAllowTwoSecrets(t *testing.T) {
	t.Parallel()
	made := examined.first.newApplication(t, object{"signInAudience": anyAccount})
	path := applicationPath(made) + "/addPassword"
	for range 2 {
		examined.first.must(t, http.StatusOK, http.MethodPost, path, password("one of two"))
	}
	examined.first.refused(t, badRequest, http.MethodPost, path, password("one too many"))
}

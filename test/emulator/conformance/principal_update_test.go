package conformance

import (
	"net/http"
	"testing"
)

func TestPrincipalPatch_Rules(t *testing.T) {
	t.Parallel()
	_, made := examined.first.newPair(t, nil)
	path := principalPath(made)
	for _, one := range []rule{
		accepts("disabling", object{"accountEnabled": false}),
		accepts("required assignment", object{"appRoleAssignmentRequired": true}),
		accepts("a description of 1024 characters", object{"description": textOf(1024)}),
		refusesAs("a description of 1025 characters", object{"description": textOf(1025)}, about("description")),
		accepts("notes of 1024 characters", object{"notes": textOf(1024)}),
		refusesAs("notes of 1025 characters", object{"notes": textOf(1025)}, about("notes")),
		accepts("no notes", object{"notes": nil}),
		accepts("notification addresses", object{"notificationEmailAddresses": list{"orders@example.com"}}),
		accepts("a login URL", object{"loginUrl": "https://orders.example.com/login"}),
		accepts("alternative names", object{"alternativeNames": list{"orders-" + random(4)}}),
		accepts("single sign-on oidc", object{"preferredSingleSignOnMode": "oidc"}),
		accepts("single sign-on saml", object{"preferredSingleSignOnMode": "saml"}),
		accepts("single sign-on password", object{"preferredSingleSignOnMode": "password"}),
		accepts("single sign-on notSupported", object{"preferredSingleSignOnMode": "notSupported"}),
		accepts("no single sign-on", object{"preferredSingleSignOnMode": nil}),
		refuses("an unknown single sign-on", object{"preferredSingleSignOnMode": "handshake"}),
		accepts("tags", object{"tags": list{suiteTag, examined.prefix() + "run", "WindowsAzureActiveDirectoryIntegratedApp"}}),
		refuses("an unknown property", object{"noSuchProperty": "x"}),
		refuses("a null assignment switch", object{"appRoleAssignmentRequired": nil}),
	} {
		t.Run(one.name, func(t *testing.T) {
			examined.first.check(t, http.MethodPatch, path, one.body, one)
		})
	}
}

func TestPrincipalPatch_ByAppID(t *testing.T) {
	t.Parallel()
	application, made := examined.first.newPair(t, nil)
	got := examined.first.must(t, http.StatusNoContent, http.MethodPatch, by(principals, "appId", application.text("appId")), object{"notes": "by appId"})
	if len(got.raw) != 0 {
		t.Errorf("want an empty body, got %s", got)
	}
	examined.first.waitShown(t, principalPath(made), object{"notes": "by appId"})
}

func TestPrincipal_FollowsItsApplication(t *testing.T) {
	t.Parallel()
	first := examined.first
	uri := "api://" + examined.tenantID + "/" + random(8)
	before := changed(identifiers(uri), object{
		"appRoles": list{role("Orders.Read.All", nil)}, "tags": list{suiteTag, "of-the-app"}, "description": "before",
		"api":  object{"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": list{scope("Orders.Read", nil)}},
		"web":  object{"redirectUris": list{"https://orders.example.com/callback"}},
		"info": object{"supportUrl": "https://orders.example.com/help"},
	})
	application := first.newApplication(t, before)
	principal := first.newPrincipal(t, application, object{"tags": list{"of-its-own"}})
	path, appID := principalPath(principal), application.text("appId")
	copied := func(name, description, audience string, names list) object {
		return object{
			"appDisplayName": name, "displayName": name, "appDescription": description, "signInAudience": audience,
			"servicePrincipalNames": names, "info": before["info"], "appRoles": before["appRoles"],
			"oauth2PermissionScopes": child(before, "api")["oauth2PermissionScopes"],
			"replyUrls":              child(before, "web")["redirectUris"],
		}
	}
	first.waitShown(t, path, copied(application.text("displayName"), "before", singleTenant, list{appID, uri}))
	first.waitShown(t, path, object{"tags": list{suiteTag, "of-the-app", "of-its-own"}})

	renamed := examined.name()
	more := role("Orders.Write.All", nil)
	first.must(t, http.StatusNoContent, http.MethodPatch, applicationPath(application), object{
		"displayName": renamed, "description": "after", "identifierUris": list{}, "signInAudience": multiTenant,
		"appRoles": append(list{more}, before["appRoles"].(list)...), "tags": list{suiteTag},
		"web": object{"redirectUris": list{"https://orders.example.com/other"}},
	})
	after := changed(copied(renamed, "after", multiTenant, list{appID}), object{
		"appRoles":  append(list{more}, before["appRoles"].(list)...),
		"replyUrls": list{"https://orders.example.com/other"},
	})
	first.waitShown(t, path, after)
	first.waitShown(t, path, object{"tags": list{suiteTag, "of-its-own"}})
}

package conformance

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestConsent_NoTokenWithout(t *testing.T) {
	t.Parallel()
	f := newFlow(t, web(callback))
	if f == nil {
		return
	}
	f.browser.DeclinesConsent = true
	page := f.authorize()
	if !page.AsksConsent() {
		t.Fatalf("no consent page: %v %s", page.Redirect, page.Text)
	}
	silently := f.authorize("prompt", "none")
	if redirectParameter(silently, "error") == "" || !strings.HasPrefix(redirectParameter(silently, "error_description"), "AADSTS65001") {
		t.Errorf("silently: %v", silently.Redirect)
	}
	declined, err := f.browser.Send(t.Context(), page, url.Values{"decision": {"cancel"}})
	if err != nil || redirectParameter(declined, "error") != "access_denied" {
		t.Errorf("declined: %v %v", err, declined.Redirect)
	}
	if page := f.authorize("scope", f.api.text("appId")+"/Orders.Manage"); !strings.Contains(page.Text, "AADSTS90094") {
		t.Errorf("a scope for administrators: %v %s", page.Redirect, page.Text)
	}
	if page := f.authorize("scope", f.api.text("appId")+"/No.Such"); !strings.HasPrefix(redirectParameter(page, "error_description"), "AADSTS650053") {
		t.Errorf("a scope that is not there: %v %s", page.Redirect, page.Text)
	}
}

func TestConsent_TokensHaveGrantedScopes(t *testing.T) {
	t.Parallel()
	f := newFlow(t, web(callback))
	if f == nil {
		return
	}
	f.browser.DeclinesConsent = true // nobody asks
	granted := f.grant("Orders.Read Orders.Manage")
	before := f.tokens(f.redeeming(f.code()))
	if f.scopes(before) != "Orders.Manage Orders.Read" {
		t.Errorf("before: %v", f.claims(before))
	}
	refresh := url.Values{
		"grant_type": {"refresh_token"}, "client_id": {f.client.id}, "client_secret": {f.client.secret}, "refresh_token": {before.text("refresh_token")},
	}
	path := grants + "/" + granted.id()
	examined.callerWith(t, grantAll).must(t, http.StatusNoContent, http.MethodPatch, path, object{"scope": "Orders.Read"})
	if got := f.tokens(refresh); f.scopes(got) != "Orders.Read" {
		t.Errorf("less: %v", f.claims(got))
	}
	f.revoke(granted)
	refused := examined.noToken(t, refresh, http.StatusBadRequest, "invalid_grant", 65001)
	if refused.text("suberror") != "consent_required" {
		t.Errorf("got %s", refused)
	}
}

func TestConsent_PreAuthorizedClientNeedsNone(t *testing.T) {
	t.Parallel()
	f := newFlow(t, web(callback))
	if f == nil {
		return
	}
	f.browser.DeclinesConsent = true
	scopes := objects(child(f.api.body, "api")["oauth2PermissionScopes"])
	trust := func(clients ...any) object {
		return object{"api": object{"preAuthorizedApplications": listOf(clients)}}
	}
	path := applicationPath(f.api)
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, trust(object{
		"appId": f.client.id, "delegatedPermissionIds": list{scopes[1]["id"]},
	}))
	got := f.tokens(f.redeeming(f.code("scope", f.api.text("appId")+"/Orders.Manage offline_access")))
	if f.scopes(got) != "Orders.Manage" {
		t.Errorf("claims %v", f.claims(got))
	}
	for _, one := range scopes {
		one["isEnabled"] = false
	}
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, object{"api": object{"oauth2PermissionScopes": asJSON(scopes)}})
	examined.first.refused(t, badRequest, http.MethodPatch, path, object{"api": object{"oauth2PermissionScopes": list{}}}) // it is still named
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, trust())
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, path, object{"api": object{"oauth2PermissionScopes": list{}}})
}

func TestConsent_DefaultIsWhatRegistrationRequires(t *testing.T) {
	t.Parallel()
	f := newFlow(t, web(callback))
	if f == nil {
		return
	}
	all := f.api.text("appId") + "/.default"
	if page := f.authorize("scope", all); !strings.HasPrefix(redirectParameter(page, "error_description"), "AADSTS650057") {
		t.Errorf("without a registration: %v %s", page.Redirect, page.Text)
	}
	scopes := objects(child(f.api.body, "api")["oauth2PermissionScopes"])
	examined.first.must(t, http.StatusNoContent, http.MethodPatch, applications+"/"+f.client.object, object{"requiredResourceAccess": list{object{
		"resourceAppId": f.api.text("appId"), "resourceAccess": list{object{"id": scopes[0]["id"], "type": "Scope"}},
	}}})
	if got := f.tokens(f.redeeming(f.code("scope", all))); f.scopes(got) != "Orders.Read" {
		t.Errorf("claims %v", f.claims(got))
	}
}

func TestOnBehalfOf_APIActsForUser(t *testing.T) {
	t.Parallel()
	f := newFlow(t, web(callback))
	next := newFlow(t, nil)
	if f == nil {
		return
	}
	password := examined.first.addPassword(t, applicationPath(f.api), "on behalf of")
	assertion := f.tokens(f.redeeming(f.code())).text("access_token")
	form := url.Values{
		"grant_type": {onBehalf}, "client_id": {f.api.text("appId")}, "client_secret": {password.text("secretText")}, "assertion": {assertion},
		"requested_token_use": {"on_behalf_of"}, "scope": {next.read()},
	}
	examined.noToken(t, form, http.StatusBadRequest, "invalid_grant", 65001)
	next.own = f.apiSP
	granted := next.grant("Orders.Read")
	got := next.tokens(form)
	if claims := next.claims(got); claims["scp"] != "Orders.Read" || claims["azp"] != f.api.text("appId") || claims["oid"] != examined.principals.userID {
		t.Errorf("claims %v", claims)
	}
	form.Set("client_id", f.client.id)
	form.Set("client_secret", f.client.secret)
	examined.noToken(t, form, 0, "", 500131) // it is not for the client
	next.revoke(granted)
}

func TestUserRoles_ComeFromUserAndGroups(t *testing.T) {
	t.Parallel()
	f := newFlow(t, web(callback))
	if f == nil || examined.principals.groupID == "" {
		return
	}
	first := examined.first
	assignTo := principalPath(f.apiSP) + "/appRoleAssignedTo"
	first.must(t, http.StatusNoContent, http.MethodPatch, principalPath(f.apiSP), object{"appRoleAssignmentRequired": true})
	if page := f.authorize(); !strings.Contains(page.Text, "AADSTS50105") {
		t.Errorf("not assigned: %v %s", page.Redirect, page.Text)
	}
	made := first.must(t, http.StatusCreated, http.MethodPost, assignTo, object{
		"principalId": examined.principals.groupID, "resourceId": f.apiSP.id(), "appRoleId": f.role["id"],
	})
	got := f.tokens(f.redeeming(f.code()))
	if roles := texts(f.claims(got)["roles"]); len(roles) != 1 || roles[0] != "Orders.Use" {
		t.Errorf("roles %v", roles)
	}
	examined.noToken(t, f.client.grant(f.api.text("appId")+"/.default"), http.StatusBadRequest, "invalid_grant", 501051) // the client itself
	first.must(t, http.StatusNoContent, http.MethodDelete, assignTo+"/"+made.id(), nil)
	if page := f.authorize(); !strings.Contains(page.Text, "AADSTS50105") {
		t.Errorf("not assigned any more: %v %s", page.Redirect, page.Text)
	}
}

package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/signin"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const scopesOfAll = directory.AllPrincipals

// consent lets a client use a scope of the API for everybody, and gives the grant's ID.
func (s *signInTenant) consent(client registered, scope string) (id string) {
	s.t.Helper()
	s.within(func(d *directory.Session) error {
		made, err := d.CreateGrant(odata.Document{
			"clientId": client.principal, "resourceId": s.api.principal, "consentType": scopesOfAll, "scope": scope,
		})
		if err != nil {
			return err
		}
		id = made.ID
		return nil
	})
	return id
}

func TestRefreshToken_GivesWhatIsStillConsented(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(redirects("web", callback))
	granted := s.consent(client, "Read Manage")
	_, first := s.redeem(client, s.code(client))
	if got := s.claimsOf(first["access_token"])["scp"]; got != "Manage Read" {
		t.Errorf("scp %v", got)
	}
	refresh := func(more ...string) (int, document) {
		text, _ := first["refresh_token"].(string)
		form := url.Values{
			"grant_type": {"refresh_token"}, "client_id": {client.id}, "client_secret": {client.secret}, "refresh_token": {text},
		}
		set(form, more)
		return s.token(form, "")
	}
	status, second := refresh()
	if status != http.StatusOK || second["refresh_token"] == first["refresh_token"] || second["refresh_token"] == nil {
		t.Errorf("%d %v", status, second)
	}
	for name, row := range map[string]struct {
		change []string
		want   int
	}{
		"an unknown token":       {[]string{"refresh_token", "no"}, 70000},
		"no token":               {[]string{"refresh_token", ""}, 900144},
		"no credential":          {[]string{"client_secret", ""}, 7000218},
		"a scope without grant":  {[]string{"scope", "User.Read"}, 65001},
		"a scope that is absent": {[]string{"scope", s.api.id + "/None"}, 650053},
	} {
		if _, body := refresh(row.change...); number(body) != row.want {
			t.Errorf("%s: %v", name, body)
		}
	}
	s.within(func(d *directory.Session) error { return d.DeleteGrant(granted) })
	_, body := refresh()
	if number(body) != 65001 || body["suberror"] != "consent_required" || body["error"] != "invalid_grant" {
		t.Errorf("revoked, but: %v", body)
	}
}

func TestConsent_PreAuthorizedClientNeedsNone(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(redirects("web", callback))
	s.within(func(d *directory.Session) error {
		primary, replica, err := d.Editable(directory.Application, directory.Key{Value: s.api.object})
		if err != nil {
			return err
		}
		return d.PatchApplication(primary, replica, odata.Document{"api": odata.Document{"preAuthorizedApplications": []any{
			odata.Document{"appId": client.id, "delegatedPermissionIds": []any{adminScope}},
		}}})
	})
	_, body := s.redeem(client, s.code(client, "scope", s.api.id+"/.default"))
	if diff := cmp.Diff("Manage", s.claimsOf(body["access_token"])["scp"]); diff != "" {
		t.Errorf("scp (-want +got):\n%s", diff)
	}
}

func TestOnBehalfOf_APIActsForUser(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client, middle := s.register(redirects("web", callback)), s.api
	next := s.register(odata.Document{"displayName": "Next", "api": odata.Document{
		"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": []any{odata.Document{
			"id": readScope, "value": "Next", "type": "User", "isEnabled": true, "adminConsentDisplayName": "n", "adminConsentDescription": "n",
			"userConsentDisplayName": "n", "userConsentDescription": "n",
		}},
	}})
	s.consent(client, "Read")
	_, body := s.redeem(client, s.code(client))
	assertion, _ := body["access_token"].(string)
	ask := func(change ...string) (int, document) {
		form := url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "client_id": {middle.id}, "client_secret": {middle.secret},
			"assertion": {assertion}, "requested_token_use": {"on_behalf_of"}, "scope": {next.id + "/Next"},
		}
		set(form, change)
		return s.token(form, "")
	}
	if _, body := ask(); number(body) != 65001 {
		t.Errorf("without consent: %v", body)
	}
	s.within(func(d *directory.Session) error {
		_, err := d.CreateGrant(odata.Document{
			"clientId": middle.principal, "resourceId": next.principal, "consentType": directory.OnePrincipal, "principalId": s.adaID, "scope": "Next",
		})
		return err
	})
	status, body := ask()
	if status != http.StatusOK {
		t.Fatalf("%d %v", status, body)
	}
	got := s.claimsOf(body["access_token"])
	if got["oid"] != s.adaID || got["scp"] != "Next" || got["azp"] != middle.id {
		t.Errorf("claims %v", got)
	}
	_, appOnly := s.token(url.Values{
		"grant_type": {"client_credentials"}, "client_id": {client.id}, "client_secret": {client.secret}, "scope": {middle.id + "/.default"},
	}, "")
	machine, _ := appOnly["access_token"].(string)
	for name, row := range map[string]struct {
		change []string
		want   int
	}{
		"no assertion":                {[]string{"assertion", ""}, 900144},
		"no JWT":                      {[]string{"assertion", "no"}, 50013},
		"an application's token":      {[]string{"assertion", machine}, 7000114},
		"a token for somebody else":   {[]string{"client_id", client.id, "client_secret", client.secret}, 500131},
		"without requested_token_use": {[]string{"requested_token_use", ""}, 900144},
	} {
		if _, body := ask(row.change...); number(body) != row.want {
			t.Errorf("%s: %v", name, body)
		}
	}
}

func TestAdminConsent_ToWhatRegistrationRequires(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	body := redirects("web", callback)
	body["requiredResourceAccess"] = []any{odata.Document{"resourceAppId": s.api.id, "resourceAccess": []any{
		odata.Document{"id": adminScope, "type": "Scope"}, odata.Document{"id": appRole, "type": "Role"},
	}}}
	client := s.register(body)
	address := s.URL() + "/" + s.TenantID() + "/adminconsent?" + url.Values{
		"client_id": {client.id}, "redirect_uri": {callback}, "state": {"s"},
	}.Encode()
	denied := newBrowser(t, s.Emulator).signIn(address).Redirect
	if denied.Query().Get("error") != "permission_denied" || denied.Query().Get("state") != "s" {
		t.Errorf("a user: %s", denied)
	}
	browser := newBrowser(t, s.Emulator)
	shown := browser.send(browser.open(address), "login", root, "passwd", adasPassword)
	if shown.Form != "consent" || !strings.Contains(shown.Text, "Manage") {
		t.Fatalf("no consent page: %s", shown.Text)
	}
	left := browser.send(shown, "decision", "accept").Redirect
	if left.Query().Get("admin_consent") != "True" || left.Query().Get("tenant") != s.TenantID() {
		t.Errorf("left for %s", left)
	}
	_, tokens := s.redeem(client, s.code(client, "scope", s.api.id+"/.default"))
	if got := s.claimsOf(tokens["access_token"])["scp"]; got != "Manage" {
		t.Errorf("scp %v", got)
	}
	seen := signin.Directory{Directory: s.Directory()}
	if diff := cmp.Diff([]string{"Orders.Run"}, seen.Roles(client.principal, s.api.principal)); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
}

func TestGraphMe_NeedsUserRead(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(redirects("web", callback))
	me := func(token any) (int, document) {
		raw, _ := token.(string)
		return s.call(http.MethodGet, s.URL()+"/v1.0/me?$select=id,userPrincipalName", raw, "", nil)
	}
	_, body := s.redeem(client, s.code(client, "scope", "User.Read"))
	status, got := me(body["access_token"])
	if status != http.StatusOK || got["id"] != s.adaID || got["userPrincipalName"] != ada || got["displayName"] != nil {
		t.Errorf("with User.Read: %d %v", status, got)
	}
	other := s.register(redirects("web", callback))
	_, body = s.redeem(other, s.code(other, "scope", "Mail.Read"))
	if status, got := me(body["access_token"]); status != http.StatusForbidden {
		t.Errorf("with Mail.Read: %d %v", status, got)
	}
	if status, got := me(s.testEmulator.token(clientID, secret, s.URL()+"/.default")); status != http.StatusBadRequest {
		t.Errorf("without a user: %d %v", status, got)
	}
}

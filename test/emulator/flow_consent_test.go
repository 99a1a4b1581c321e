package emulator_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/browserclient"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

const (
	userRead = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
	mailRead = "570282fd-fa5c-430d-a7fd-fc8dc98a9dca"
)

// requires is what an application's registration requires: IDs of scopes after the API that they are of.
func requires(access map[string][]string) odata.Document {
	var out []any
	for appID, ids := range access {
		var entries []any
		for _, id := range ids {
			entries = append(entries, odata.Document{"id": id, "type": "Scope"})
		}
		out = append(out, odata.Document{"resourceAppId": appID, "resourceAccess": entries})
	}
	return odata.Document{"requiredResourceAccess": out}
}

// merged is one document laid over another.
func merged(in, more odata.Document) odata.Document {
	maps.Copy(in, more)
	return in
}

// patch changes an application.
func (s *signInTenant) patch(app registered, body odata.Document) {
	s.t.Helper()
	s.within(func(d *directory.Session) error {
		primary, replica, err := d.Editable(directory.Application, directory.Key{Value: app.object})
		if err != nil {
			return err
		}
		return d.PatchApplication(primary, replica, body)
	})
}

// granted are the scopes of a client by the API's name, for whomever.
func (s *signInTenant) granted(client registered) map[string]string {
	s.t.Helper()
	out := map[string]string{}
	live := s.Directory().Snapshot().Live
	names := map[string]string{}
	for _, e := range directory.OfKind(directory.ServicePrincipal, live) {
		names[e.ID] = odata.Text(e.Properties, "displayName")
	}
	for _, e := range directory.OfKind(directory.Grant, live) {
		if odata.Text(e.Properties, "clientId") == client.principal {
			out[names[odata.Text(e.Properties, "resourceId")]] = odata.Text(e.Properties, "scope")
		}
	}
	return out
}

func TestConsent_DefaultAsksForAllRequiredAPIs(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(merged(redirects("web", callback), requires(map[string][]string{
		s.api.id: {readScope}, firstparty.GraphAppID: {userRead},
	})))
	s.patch(s.api, merged(requires(map[string][]string{firstparty.GraphAppID: {mailRead}}), odata.Document{
		"api": odata.Document{"knownClientApplications": odata.Strings(client.id)},
	}))
	browser := newBrowser(t, s.Emulator)
	shown := browser.open(s.authorizeURL(client, "scope", s.api.id+"/.default"))
	shown = browser.send(shown, "login", ada, "passwd", adasPassword)
	for _, scope := range []string{">Read<", ">User.Read<", ">Mail.Read<"} {
		if !strings.Contains(shown.Text, scope) {
			t.Errorf("the page does not ask for %s: %s", scope, shown.Text)
		}
	}
	left := browser.send(shown, "decision", "accept").Redirect
	if diff := cmp.Diff(map[string]string{"Orders": "Read", "Microsoft Graph": "User.Read"}, s.granted(client)); diff != "" {
		t.Errorf("the client (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"Microsoft Graph": "Mail.Read"}, s.granted(s.api)); diff != "" {
		t.Errorf("the API (-want +got):\n%s", diff)
	}
	_, body := s.redeem(client, left.Query().Get("code"))
	assertion, _ := body["access_token"].(string)
	status, body := s.token(url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "client_id": {s.api.id}, "client_secret": {s.api.secret},
		"assertion": {assertion}, "requested_token_use": {"on_behalf_of"}, "scope": {"https://graph.microsoft.com/.default"},
	}, "")
	if status != http.StatusOK || s.claimsOf(body["access_token"])["scp"] != "Mail.Read" {
		t.Errorf("on behalf of: %d %v", status, body)
	}
}

func TestConsent_DefaultRefusals(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	plain := s.register(redirects("web", callback))
	demanding := s.register(merged(redirects("web", callback), requires(map[string][]string{s.api.id: {adminScope}})))
	for name, row := range map[string]struct {
		client registered
		scope  string
		want   string
	}{
		"for an API that is not registered":      {plain, s.api.id + "/.default", "AADSTS650057"},
		"beside a scope by name":                 {plain, s.api.id + "/.default " + s.readOrders(), "AADSTS70011"},
		"with a scope that administrators grant": {demanding, s.api.id + "/.default", "AADSTS90094"},
	} {
		shown := newBrowser(t, s.Emulator).signIn(s.authorizeURL(row.client, "scope", row.scope))
		text := shown.Text
		if shown.Redirect != nil {
			text = shown.Redirect.Query().Get("error_description")
		}
		if !strings.Contains(text, row.want) {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// openAsAdministrator opens a page of admin consent and decides as an administrator.
func (s *signInTenant) openAsAdministrator(path string, query url.Values) browserclient.Page {
	s.t.Helper()
	browser := newBrowser(s.t, s.Emulator)
	shown := browser.open(s.URL() + "/" + s.TenantID() + path + "?" + query.Encode())
	shown = browser.send(shown, "login", root, "passwd", adasPassword)
	return browser.send(shown, "decision", "accept")
}

func TestAdminConsent_NeedsNoRedirectURI(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	required := requires(map[string][]string{s.api.id: {adminScope}})
	site, service := s.register(merged(redirects("web", callback), required)), s.register(required)
	left := s.openAsAdministrator("/adminconsent", url.Values{"client_id": {site.id}}).Redirect
	if left == nil || !strings.HasPrefix(left.String(), callback+"?") || left.Query().Get("admin_consent") != "True" {
		t.Errorf("with a registered address it leads to %v", left)
	}
	if shown := s.openAsAdministrator("/adminconsent", url.Values{"client_id": {service.id}}); !strings.Contains(shown.Text, "You have granted") {
		t.Errorf("without one it shows %s", shown.Text)
	}
	for _, client := range []registered{site, service} {
		if diff := cmp.Diff(map[string]string{"Orders": "Manage"}, s.granted(client)); diff != "" {
			t.Errorf("granted (-want +got):\n%s", diff)
		}
	}
}

func TestAdminConsent_ToScopesByName(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(redirects("web", callback))
	left := s.openAsAdministrator("/v2.0/adminconsent", url.Values{
		"client_id": {client.id}, "redirect_uri": {callback}, "scope": {s.api.id + "/Manage " + s.readOrders()}, "state": {"s"},
	}).Redirect
	if left == nil || left.Query().Get("admin_consent") != "True" || left.Query().Get("scope") == "" || left.Query().Get("state") != "s" {
		t.Errorf("it leads to %v", left)
	}
	if diff := cmp.Diff(map[string]string{"Orders": "Manage Read"}, s.granted(client)); diff != "" {
		t.Errorf("granted (-want +got):\n%s", diff)
	}
}

func TestClientAuth_OnlyPublicClientNeedsNoCredential(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	site, desktop := s.register(redirects("web", callback)), s.register(redirects("publicClient", callback))
	if _, body := s.redeem(site, s.code(site), "client_secret", ""); number(body) != 7000218 {
		t.Errorf("a site without its secret: %v", body)
	}
	if _, body := s.redeem(desktop, s.code(desktop)); number(body) != 700025 {
		t.Errorf("a desktop with a secret: %v", body)
	}
	if status, body := s.redeem(desktop, s.code(desktop), "client_secret", ""); status != http.StatusOK {
		t.Errorf("a desktop without: %v", body)
	}
	_, begun := s.call(http.MethodPost, s.URL()+"/common/oauth2/v2.0/devicecode", "", "application/x-www-form-urlencoded",
		strings.NewReader(url.Values{"client_id": {desktop.id}, "scope": {"openid"}}.Encode()))
	code, _ := begun["device_code"].(string)
	d := device{signInTenant: s, client: desktop, code: code}
	if _, body := d.poll(); number(body) != 7000218 {
		t.Errorf("a device of an application that does not allow public clients: %v", body)
	}
}

func TestToken_RolesAndScopesAreFixedAtIssue(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(redirects("web", callback))
	id := s.consent(client, "Read Manage")
	ask := func() document {
		_, body := s.redeem(client, s.code(client, "scope", s.readOrders()))
		return s.claimsOf(body["access_token"])
	}
	before := ask()
	s.within(func(d *directory.Session) error { return d.PatchGrant(id, odata.Document{"scope": "Read"}) })
	if before["scp"] != "Manage Read" || ask()["scp"] != "Read" {
		t.Errorf("before %v, after %v", before["scp"], ask()["scp"])
	}
}

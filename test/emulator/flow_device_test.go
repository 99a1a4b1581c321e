package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	testingclock "k8s.io/utils/clock/testing"

	"github.com/entra-registrar/entra-registrar/test/browserclient"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// device is a device flow that has begun.
type device struct {
	*signInTenant

	client registered
	code   string
	user   string // code
}

func (s *signInTenant) device() device {
	s.t.Helper()
	client := s.register(odata.Document{"isFallbackPublicClient": true})
	_, body := s.call(http.MethodPost, s.URL()+"/common/oauth2/v2.0/devicecode", "", "application/x-www-form-urlencoded",
		strings.NewReader(url.Values{"client_id": {client.id}, "scope": {"openid " + s.readOrders()}}.Encode()))
	d := device{signInTenant: s, client: client}
	d.code, _ = body["device_code"].(string)
	d.user, _ = body["user_code"].(string)
	return d
}

func (d device) poll() (int, document) {
	return d.token(url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "client_id": {d.client.id}, "device_code": {d.code},
	}, "")
}

// enter opens the verification page, enters the code and signs Ada in.
func (d device) enter(decision string) browserclient.Page {
	browser := newBrowser(d.t, d.Emulator)
	shown := browser.send(browser.open(d.URL()+"/common/oauth2/deviceauth"), "otc", strings.ToLower(d.user))
	shown = browser.send(shown, "login", ada, "passwd", adasPassword)
	return browser.send(shown, "decision", decision)
}

func TestDeviceCode_WaitsForUser(t *testing.T) {
	t.Parallel()
	d := newSignInTenant(t).device()
	if _, body := d.poll(); number(body) != 70016 || body["error"] != "authorization_pending" {
		t.Errorf("before: %v", body)
	}
	if shown := d.enter("accept"); !strings.Contains(shown.Text, "You have signed in") {
		t.Errorf("shows %s", shown.Text)
	}
	status, body := d.poll()
	if status != http.StatusOK || d.claimsOf(body["access_token"])["scp"] != "Read" || body["id_token"] == nil {
		t.Errorf("after: %d %v", status, body)
	}
	if _, body := d.poll(); number(body) != 54005 {
		t.Errorf("again: %v", body)
	}
}

func TestDeviceCode_IsDeclined(t *testing.T) {
	t.Parallel()
	d := newSignInTenant(t).device()
	d.enter("cancel")
	if _, body := d.poll(); number(body) != 70018 {
		t.Errorf("declined: %v", body)
	}
	if shown := newBrowser(t, d.Emulator).open(d.URL() + "/common/oauth2/deviceauth?otc=" + url.QueryEscape(`"><b>`)); strings.Contains(shown.Text, "<b>") {
		t.Errorf("not escaped: %s", shown.Text)
	}
}

func TestCode_Expires(t *testing.T) {
	t.Parallel()
	clock := testingclock.NewFakePassiveClock(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
	s := &signInTenant{testEmulator: startEmulator(t, emulator.Options{Clock: clock})}
	s.adaID = s.Directory().SeedPerson(directory.SeedPerson{DisplayName: "Ada", UserPrincipalName: ada, Password: adasPassword})
	s.api = s.register(nil)
	client := s.register(redirects("web", callback))
	code := s.code(client, "scope", "openid")
	kept := s.code(client, "scope", "openid offline_access")
	_, body := s.redeem(client, kept)
	d := device{signInTenant: s, client: s.register(odata.Document{"isFallbackPublicClient": true})}
	_, begun := s.call(http.MethodPost, s.URL()+"/common/oauth2/v2.0/devicecode", "", "application/x-www-form-urlencoded",
		strings.NewReader(url.Values{"client_id": {d.client.id}, "scope": {"openid"}}.Encode()))
	d.code, _ = begun["device_code"].(string)
	clock.SetTime(clock.Now().Add(15 * time.Minute))
	if _, body := s.redeem(client, code); number(body) != 70008 {
		t.Errorf("code: %v", body)
	}
	if _, body := d.poll(); number(body) != 70019 || body["error"] != "expired_token" {
		t.Errorf("device code: %v", body)
	}
	clock.SetTime(clock.Now().AddDate(0, 0, 91))
	text, _ := body["refresh_token"].(string)
	_, body = s.token(url.Values{
		"grant_type": {"refresh_token"}, "client_id": {client.id}, "client_secret": {client.secret}, "refresh_token": {text},
	}, "")
	if number(body) != 700082 {
		t.Errorf("refresh token: %v", body)
	}
}

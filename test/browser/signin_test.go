// Package browser lets a real browser sign in at the emulator: what a client without scripts cannot show is tested here.
package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestAPersonSignsInWithABrowser(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	build(t, folder, "./test/emulator/cmd/emulator", "./test/webapp/cmd/webapp")
	entra := newTenant(t, folder)
	api, _ := entra.register(object{"displayName": "Orders API", "api": object{"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": []object{{
		"id": scopeID, "value": "Orders.Read", "type": "User", "isEnabled": true, "adminConsentDisplayName": "Read orders",
		"adminConsentDescription": "Read orders", "userConsentDisplayName": "Read orders", "userConsentDescription": "Read orders",
	}}}})
	site, secret := entra.register(object{"displayName": "Orders site", "web": object{"redirectUris": []string{"http://localhost/callback"}}})
	orders := start(t, folder+"/webapp", []string{"CLIENT_SECRET=" + secret}, "--issuer", entra.url+"/"+tenantID+"/v2.0", "--client-id", site,
		"--scopes", api+"/Orders.Read", "--audience", api, "--ca", entra.ca)

	b := chromium(t, entra.pin)
	b.do(
		chromedp.Navigate(orders.url),
		chromedp.Click(chromedp.CSS("#signin")),
		chromedp.SendKeys(chromedp.CSS("#login input[name=login]"), ada),
		chromedp.SendKeys(chromedp.CSS("#login input[name=passwd]"), password),
		chromedp.Click(chromedp.CSS("#login button")),
		chromedp.WaitVisible(chromedp.CSS("#consent")),
	)
	consent := b.text("body")
	for _, text := range []string{"Orders site", "Orders API", "Orders.Read"} {
		if !strings.Contains(consent, text) {
			t.Errorf("the consent page does not name %s: %s", text, consent)
		}
	}
	b.do(chromedp.Click(chromedp.CSS("#consent button[value=accept]")))
	for element, want := range map[chromedp.CSS]string{"#name": "Ada", "#username": ada, "#scp": "Orders.Read"} {
		if got := b.text(element); got != want {
			t.Errorf("%s shows %q, want %q", element, got, want)
		}
	}
}

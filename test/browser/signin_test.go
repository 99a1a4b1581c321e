// Package browser lets a real browser sign in at the emulator: what a client without scripts cannot show is tested here.
package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestWebApp_SignsInWithABrowser(t *testing.T) {
	t.Parallel()
	entra := newTenant(t)
	api := entra.api()
	site, secret := entra.register(object{"displayName": "Orders site", "web": object{"redirectUris": []string{"http://localhost/callback"}}})
	orders := start(t, program("webapp"), []string{"CLIENT_SECRET=" + secret}, "--issuer", entra.url+"/"+tenantID+"/v2.0", "--client-id", site,
		"--scopes", api+"/Orders.Read", "--audience", api, "--ca", entra.ca)

	b := chromium(t, entra.pin)
	b.do(chromedp.Navigate(orders), chromedp.Click(chromedp.CSS("#signin")))
	b.signIn()
	b.do(chromedp.WaitVisible(chromedp.CSS("#consent")))
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

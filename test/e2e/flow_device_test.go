package e2e

import (
	"net/url"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// TestClientsWithoutACredentialActForTheirUsers goes the way of a page in a browser, and of a program on a desk.
func TestClientsWithoutACredentialActForTheirUsers(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		platform         func(*v1alpha1.AppRegistrationSpec)
		redirect, origin string
	}{
		"a single-page application": {func(spec *v1alpha1.AppRegistrationSpec) {
			spec.SPA = &v1alpha1.Platform{RedirectURIs: []string{callback}}
		}, callback, "https://orders.example.com"},
		"a program on a desk": {func(spec *v1alpha1.AppRegistrationSpec) {
			spec.PublicClient = &v1alpha1.Platform{RedirectURIs: []string{"http://localhost"}}
		}, "http://localhost", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			p := s.portal(row.platform)
			_, err := p.ada.code(p.web, row.redirect, p.scope())
			refused(t, "before consent", err, adminNeeded)

			s.create(p.consent)
			s.ready(p.consent)
			code, err := p.ada.code(p.web, row.redirect, p.scope())
			if err != nil {
				t.Fatal(err)
			}
			given, err := s.redeemed(p.web, row.origin, row.redirect, code)
			if err != nil {
				t.Fatal(err)
			}
			s.isOf(p.api, given.Access, p.adas())
			s.idTokenIsAdas(p, given.ID)
			fresh, err := s.refreshed(p.web, row.origin, given.Refresh, p.scope())
			if err != nil {
				t.Fatalf("stay signed in: %v", err)
			}
			s.isOf(p.api, fresh.Access, p.adas())

			s.delete(p.consent)
			s.gone(p.consent)
			_, err = s.refreshed(p.web, row.origin, fresh.Refresh, p.scope())
			refused(t, "after consent", err, "AADSTS65001")
			s.isOf(p.api, fresh.Access, p.adas())
		})
	}
}

func TestARedirectURIThatIsNoneOfTheApplicationsGetsNoCode(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.portal(onTheWeb)
	s.create(p.consent)
	s.ready(p.consent)
	_, err := p.ada.code(p.web, "https://evil.example.com/callback", p.scope())
	refused(t, "to another host", err, "AADSTS50011")

	edit(s, p.web, func(o *v1alpha1.AppRegistration) {
		o.Spec.Web.RedirectURIs = []string{"https://orders.example.com/other"}
	})
	s.ready(p.web)
	_, err = p.ada.code(p.web, callback, p.scope())
	refused(t, "to one that was taken away", err, "AADSTS50011")
}

func TestADeviceActsForItsUserWhereAPolicyLetsIt(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(*field("spec.fallbackPublicClient", "true")))
	p := s.portal(func(spec *v1alpha1.AppRegistrationSpec) { spec.FallbackPublicClient = true })
	s.create(p.consent)
	s.ready(p.consent)
	app := s.public(p.web)
	begun, err := app.AcquireTokenByDeviceCode(t.Context(), []string{p.scope()})
	if err != nil {
		t.Fatal(err)
	}
	browser := p.ada.browser()
	browser.Declines = false // the device's own page asks whether it is meant
	page, err := browser.Open(t.Context(), begun.Result.VerificationURL)
	for _, form := range []url.Values{
		{"otc": {begun.Result.UserCode}}, {"login": {p.ada.name}, "passwd": {password}}, {"decision": {"accept"}},
	} {
		if err == nil {
			page, err = browser.Send(t.Context(), page, form)
		}
	}
	if err != nil || !strings.Contains(page.Text, "You have signed in") {
		t.Fatalf("the device's page: %v %s", err, page.Text)
	}
	result, err := begun.AuthenticationResult(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.isOf(p.api, result.AccessToken, p.adas())
}

func TestAPreAuthorizedClientNeedsNoConsent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.portal(onTheWeb)
	_, err := p.ada.code(p.web, callback, p.scope())
	refused(t, "before", err, adminNeeded)

	edit(s, p.api, func(o *v1alpha1.AppRegistration) {
		o.Spec.API.PreAuthorizedClients = []v1alpha1.PreAuthorizedClient{{
			Client: v1alpha1.ClientReference{AppRegistrationRef: &v1alpha1.LocalReference{Name: "portal"}}, Scopes: []string{"Orders.Read"},
		}}
	})
	s.ready(p.api)
	if _, err := p.ada.code(p.web, callback, p.scope()); err != nil {
		t.Errorf("pre-authorized: %v", err)
	}

	edit(s, p.api, func(o *v1alpha1.AppRegistration) { o.Spec.API.PreAuthorizedClients = nil })
	s.ready(p.api)
	_, err = p.ada.code(p.web, callback, p.scope())
	refused(t, "no longer", err, adminNeeded)
}

func TestConsentForOneUserIsForNobodyElse(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.portal(onTheWeb)
	bob := s.person("bob")
	p.consent.Spec.User = &v1alpha1.DirectoryObjectReference{ObjectID: p.ada.id}
	s.create(p.consent)
	s.ready(p.consent)
	if _, err := p.ada.code(p.web, callback, p.scope()); err != nil {
		t.Errorf("Ada: %v", err)
	}
	_, err := bob.code(p.web, callback, p.scope())
	refused(t, "Bob", err, adminNeeded)
	s.delete(p.consent)
	s.gone(p.consent)
	_, err = p.ada.code(p.web, callback, p.scope())
	refused(t, "Ada, later", err, adminNeeded)
}

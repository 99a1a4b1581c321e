package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"

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
	_, err := p.onADevice()
	refused(t, "before consent", err, adminNeeded)
	s.create(p.consent)
	s.ready(p.consent)
	token, err := p.onADevice()
	if err != nil {
		t.Fatal(err)
	}
	s.isOf(p.api, token, p.adas())

	public := func(is bool) {
		edit(s, p.web, func(o *v1alpha1.AppRegistration) { o.Spec.FallbackPublicClient = is })
		s.ready(p.web)
	}
	public(false)
	_, err = p.onADevice()
	refused(t, "no public client any more", err, "AADSTS7000218")

	public(true)
	s.delete(p.consent)
	s.gone(p.consent)
	_, err = p.onADevice()
	refused(t, "after consent", err, adminNeeded)
	s.isOf(p.api, token, p.adas())

}

// onADevice signs Ada in with a code that a device shows, and gives the device's token.
func (p portal) onADevice() (string, error) {
	p.t.Helper()
	begun, err := p.public(p.web).AcquireTokenByDeviceCode(p.t.Context(), []string{p.scope()})
	if err != nil {
		return "", err
	}
	browser := p.ada.browser()
	page, err := browser.Open(p.t.Context(), begun.Result.VerificationURL)
	for _, form := range []url.Values{
		{"otc": {begun.Result.UserCode}}, {"login": {p.ada.name}, "passwd": {password}}, {"decision": {"accept"}},
	} {
		if err == nil && !strings.Contains(page.Text, "AADSTS") {
			page, err = browser.Send(p.t.Context(), page, form)
		}
	}
	if err != nil || !strings.Contains(page.Text, "You have signed in") {
		return "", fmt.Errorf("the device's page: %w %s", err, page.Text)
	}
	result, err := begun.AuthenticationResult(p.t.Context())
	return result.AccessToken, err
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
	_, err := p.ada.code(p.web, callback, p.scope())
	refused(t, "Ada, before", err, adminNeeded)
	p.consent.Spec.User = &v1alpha1.DirectoryObjectReference{ObjectID: p.ada.id}
	s.create(p.consent)
	s.ready(p.consent)
	if _, err := p.ada.code(p.web, callback, p.scope()); err != nil {
		t.Errorf("Ada: %v", err)
	}
	_, err = bob.code(p.web, callback, p.scope())
	refused(t, "Bob", err, adminNeeded)
	s.delete(p.consent)
	s.gone(p.consent)
	_, err = p.ada.code(p.web, callback, p.scope())
	refused(t, "Ada, later", err, adminNeeded)
}

func TestAKnownClientsUserConsentsToWhatItsAPINeedsToo(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(*field("spec.api.scopes.type", "User")))
	p := s.portal(onTheWeb)
	trust := s.trust("orders-api", "orders-api", "orders-api")
	s.create(s.account("orders-api"), trust)
	edit(s, p.api, func(o *v1alpha1.AppRegistration) {
		o.Spec.API.Scopes[0].Type = v1alpha1.ScopeUser
		needing(microsoftGraph, []string{"User.Read"})(&o.Spec)
	})
	s.ready(p.api, trust)
	onBehalf := func(who person) error {
		who.accepts = true
		code, err := who.code(p.web, callback, p.api.Status.AppID+"/.default")
		if err != nil {
			t.Fatal(err)
		}
		signedIn, err := s.confidential(p.web, "portal").AcquireTokenByAuthCode(t.Context(), code, callback,
			[]string{p.api.Status.AppID + "/.default"}, confidential.WithChallenge(verifier))
		if err != nil {
			t.Fatal(err)
		}
		graph := []string{"https://graph.microsoft.com/User.Read"}
		_, err = s.confidential(p.api, "orders-api").AcquireTokenOnBehalfOf(t.Context(), signedIn.AccessToken, graph)
		return err
	}
	refused(t, "a client that the API does not know", onBehalf(p.ada), "AADSTS65001")
	edit(s, p.api, func(o *v1alpha1.AppRegistration) {
		o.Spec.API.KnownClients = []v1alpha1.ClientReference{{AppRegistrationRef: &v1alpha1.LocalReference{Name: "portal"}}}
	})
	s.ready(p.api)
	if err := onBehalf(s.person("bob")); err != nil {
		t.Errorf("a client that the API knows: %v", err)
	}
}

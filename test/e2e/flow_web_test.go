package e2e

import (
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// portal is a web application that acts for its users at an API.
type portal struct {
	*stage
	api, web *v1alpha1.AppRegistration
	consent  *v1alpha1.DelegatedPermissionGrant
	ada      person
}

// opens the portal: an API with a scope, an application that needs it and signs in with its ServiceAccount's token, and Ada.
func (s *stage) portal(change ...func(*v1alpha1.AppRegistrationSpec)) portal {
	s.t.Helper()
	p := portal{
		stage: s, api: s.app("orders-api", scoped("Orders.Read")),
		web:     s.app("portal", append(change, needing(ofApp("", "orders-api"), []string{"Orders.Read"}))...),
		consent: s.grant("portal-reads", "portal", ofApp("", "orders-api"), "Orders.Read"), ada: s.person("ada"),
	}
	trust := s.trust("portal", "portal", "portal")
	s.create(s.account("portal"), p.api, p.web, trust)
	s.ready(p.api, p.web, trust)
	return p
}

// scope of the API that the portal asks for.
func (p portal) scope() string { return p.api.Status.IdentifierURIs[0] + "/Orders.Read" }

// adas are the claims of a token with which an application reads orders for Ada.
func (p portal) adas() claims {
	return claims{Azp: p.web.Status.AppID, OID: p.ada.id, Ver: "2.0", Scp: "Orders.Read"}
}

func onTheWeb(spec *v1alpha1.AppRegistrationSpec) {
	spec.Web = &v1alpha1.Platform{RedirectURIs: []string{callback}}
}

func TestAWebApplicationActsForItsUsersForAsLongAsConsentIsGiven(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p := s.portal(onTheWeb)
	_, err := p.ada.code(p.web, callback, p.scope())
	refused(t, "before consent", err, adminNeeded)

	s.create(p.consent)
	s.ready(p.consent)
	code, err := p.ada.code(p.web, callback, p.scope())
	if err != nil {
		t.Fatalf("with consent: %v", err)
	}
	app := s.confidential(p.web, "portal")
	signedIn, err := app.AcquireTokenByAuthCode(t.Context(), code, callback, []string{p.scope()}, confidential.WithChallenge(verifier))
	if err != nil {
		t.Fatalf("redeem the code: %v", err)
	}
	s.isOf(p.api, signedIn.AccessToken, p.adas())
	s.idTokenIsAdas(p, signedIn.IDToken.RawToken)
	silent, err := app.AcquireTokenSilent(t.Context(), []string{p.api.Status.AppID + "/.default"}, confidential.WithSilentAccount(signedIn.Account))
	if err != nil {
		t.Fatalf("stay signed in: %v", err)
	}
	s.isOf(p.api, silent.AccessToken, p.adas())

	s.delete(p.consent)
	s.gone(p.consent)
	_, err = p.ada.code(p.web, callback, p.scope())
	refused(t, "after consent", err, adminNeeded)
	s.isOf(p.api, signedIn.AccessToken, p.adas()) // what was given lasts until it expires
}

// idTokenIsAdas verifies an ID token as the application does that it is for.
func (s *stage) idTokenIsAdas(p portal, raw string) {
	s.t.Helper()
	ctx := s.asAPI()
	provider, err := oidc.NewProvider(ctx, p.web.Status.Endpoints.Issuer)
	if err != nil {
		s.t.Fatal(err)
	}
	verified, err := provider.Verifier(&oidc.Config{ClientID: p.web.Status.AppID, Now: s.clock.Now}).Verify(ctx, raw)
	if err != nil {
		s.t.Fatalf("the ID token: %v", err)
	}
	var c struct {
		OID      string `json:"oid"`
		Username string `json:"preferred_username"`
		Nonce    string `json:"nonce"`
	}
	if err := verified.Claims(&c); err != nil {
		s.t.Fatal(err)
	}
	same(s.t, "the ID token", []string{p.ada.id, p.ada.name, "n"}, []string{c.OID, c.Username, c.Nonce})
}

func TestAnAPIActsOnBehalfOfAUserOnlyWithConsentOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(consenting("User.Read")))
	p := s.portal(onTheWeb)
	trust := s.trust("orders-api", "orders-api", "orders-api")
	s.create(s.account("orders-api"), p.consent, trust)
	s.ready(p.consent, trust)
	code, err := p.ada.code(p.web, callback, p.scope())
	if err != nil {
		t.Fatal(err)
	}
	signedIn, err := s.confidential(p.web, "portal").AcquireTokenByAuthCode(t.Context(), code, callback, []string{p.scope()},
		confidential.WithChallenge(verifier))
	if err != nil {
		t.Fatal(err)
	}
	graph := []string{"https://graph.microsoft.com/User.Read"}
	onBehalf := func() (string, error) {
		result, err := s.confidential(p.api, "orders-api").AcquireTokenOnBehalfOf(t.Context(), signedIn.AccessToken, graph)
		return result.AccessToken, err
	}
	_, err = onBehalf()
	refused(t, "without consent of its own", err, "AADSTS65001")

	further := s.grant("api-reads-users", "orders-api", microsoftGraph, "User.Read")
	s.create(further)
	s.ready(further)
	token, err := onBehalf()
	if err != nil {
		t.Fatalf("with consent: %v", err)
	}
	if got := s.claimsOf(token); got.Scp != "User.Read" || got.OID != p.ada.id {
		t.Errorf("the token says %+v", got)
	}
	s.delete(further)
	s.gone(further)
	_, err = onBehalf()
	refused(t, "after consent", err, "AADSTS65001")
}

package e2e

import (
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

func TestWebApp_ActsForUsersWhileConsentIsGiven(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	p := signin.NewPortal(e, with.WebCallback)
	_, err := p.Code(signin.Callback)
	signin.CheckRefused(t, "before consent", err, signin.AdminNeeded)

	e.Cluster.Create(p.Grant)
	e.Status.WaitReady(p.Grant)
	code, err := p.Code(signin.Callback)
	if err != nil {
		t.Fatalf("with consent: %v", err)
	}
	app := signin.Confidential(e, p.Web, "portal")
	signedIn, err := app.AcquireTokenByAuthCode(t.Context(), code, signin.Callback, []string{p.Scope()}, confidential.WithChallenge(signin.Verifier))
	if err != nil {
		t.Fatalf("redeem the code: %v", err)
	}
	p.CheckAdasClaims(signedIn.AccessToken)
	p.CheckAdasIDToken(signedIn.IDToken.RawToken)
	silent, err := app.AcquireTokenSilent(t.Context(), []string{p.API.Status.AppID + "/.default"}, confidential.WithSilentAccount(signedIn.Account))
	if err != nil {
		t.Fatalf("stay signed in: %v", err)
	}
	p.CheckAdasClaims(silent.AccessToken)

	e.Cluster.Delete(p.Grant)
	e.Status.WaitGone(p.Grant)
	_, err = p.Code(signin.Callback)
	signin.CheckRefused(t, "after consent", err, signin.AdminNeeded)
	p.CheckAdasClaims(signedIn.AccessToken) // what was given lasts until it expires
}

// An API acts on behalf of a user only with consent of its own.
func TestOnBehalfOf_NeedsConsentOfItsOwn(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(rule.Consent("User.Read")))
	p := signin.NewPortal(e, with.WebCallback)
	credential := e.FederatedCredential("orders-api", "orders-api", "orders-api")
	e.Cluster.Create(e.ServiceAccount("orders-api"), p.Grant, credential)
	e.Status.WaitReady(p.Grant, credential)
	code, err := p.Code(signin.Callback)
	if err != nil {
		t.Fatal(err)
	}
	signedIn, err := signin.Confidential(e, p.Web, "portal").AcquireTokenByAuthCode(t.Context(), code, signin.Callback, []string{p.Scope()},
		confidential.WithChallenge(signin.Verifier))
	if err != nil {
		t.Fatal(err)
	}
	graph := []string{"https://graph.microsoft.com/User.Read"}
	onBehalf := func() (string, error) {
		result, err := signin.Confidential(e, p.API, "orders-api").AcquireTokenOnBehalfOf(t.Context(), signedIn.AccessToken, graph)
		return result.AccessToken, err
	}
	_, err = onBehalf()
	signin.CheckRefused(t, "without consent of its own", err, "AADSTS65001")

	further := e.Grant("api-reads-users", "orders-api", with.MicrosoftGraph, "User.Read")
	e.Cluster.Create(further)
	e.Status.WaitReady(further)
	token, err := onBehalf()
	if err != nil {
		t.Fatalf("with consent: %v", err)
	}
	if got := signin.UnverifiedClaims(e, token); got.Scp != "User.Read" || got.OID != p.Ada.ID {
		t.Errorf("the token says %+v", got)
	}
	e.Cluster.Delete(further)
	e.Status.WaitGone(further)
	_, err = onBehalf()
	signin.CheckRefused(t, "after consent", err, "AADSTS65001")
}

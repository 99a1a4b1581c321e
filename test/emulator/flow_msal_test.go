package emulator_test

import (
	"context"
	"strings"
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory/firstparty"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// msal is a public client of the library that most applications use.
func (s *signInTenant) msal(client registered) public.Client {
	s.t.Helper()
	made, err := public.New(client.id, public.WithAuthority(s.URL()+"/"+s.TenantID()), public.WithHTTPClient(s.http),
		public.WithInstanceDiscovery(false))
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

func TestMSAL_SignsInWithCodeAndStaysSignedIn(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(redirects("publicClient", "http://localhost"))
	app := s.msal(client)
	scopes := []string{s.readOrders()}
	result, err := app.AcquireTokenInteractive(context.Background(), scopes, public.WithOpenURL(func(address string) error {
		browser := newBrowser(t, s.Emulator)
		shown := browser.signIn(address)
		switch {
		case shown.Redirect != nil:
			browser.open(shown.Redirect.String()) // the library's own listener
		case strings.HasPrefix(shown.Action, "http://localhost:"):
			browser.send(shown)
		default:
			t.Errorf("not signed in: %s", shown.Text)
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.claimsOf(result.AccessToken); got["scp"] != "Read" || result.Account.PreferredUsername != ada {
		t.Errorf("account %v, claims %v", result.Account, got)
	}
	silent, err := app.AcquireTokenSilent(context.Background(), []string{s.api.id + "/.default"}, public.WithSilentAccount(result.Account))
	if err != nil || s.claimsOf(silent.AccessToken)["oid"] != s.adaID {
		t.Errorf("silently: %v", err)
	}
}

func TestMSAL_SignsInOnDevice(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(odata.Document{"isFallbackPublicClient": true})
	app := s.msal(client)
	begun, err := app.AcquireTokenByDeviceCode(context.Background(), []string{s.readOrders()})
	if err != nil {
		t.Fatal(err)
	}
	d := device{signInTenant: s, client: client, user: begun.Result.UserCode}
	if shown := d.enter("accept"); !strings.Contains(shown.Text, "You have signed in") {
		t.Fatalf("shows %s", shown.Text)
	}
	result, err := begun.AuthenticationResult(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if got := s.claimsOf(result.AccessToken); got["scp"] != "Read" || got["oid"] != s.adaID {
		t.Errorf("claims %v", got)
	}
}

func TestMSAL_ActsOnBehalfOfUser(t *testing.T) {
	t.Parallel()
	s := newSignInTenant(t)
	client := s.register(redirects("web", callback))
	s.consent(client, "Read")
	s.within(func(d *directory.Session) error {
		graph, err := d.Find(directory.ServicePrincipal, directory.Key{Property: "appId", Value: firstparty.GraphAppID})
		if err != nil {
			return err
		}
		_, err = d.CreateGrant(odata.Document{
			"clientId": s.api.principal, "resourceId": graph.ID, "consentType": scopesOfAll, "scope": "User.Read",
		})
		return err
	})
	_, body := s.redeem(client, s.code(client))
	assertion, _ := body["access_token"].(string)
	secret, err := confidential.NewCredFromSecret(s.api.secret)
	if err != nil {
		t.Fatal(err)
	}
	api, err := confidential.New(s.URL()+"/"+s.TenantID(), s.api.id, secret, confidential.WithHTTPClient(s.http),
		confidential.WithInstanceDiscovery(false))
	if err != nil {
		t.Fatal(err)
	}
	result, err := api.AcquireTokenOnBehalfOf(context.Background(), assertion, []string{"https://graph.microsoft.com/User.Read"})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.claimsOf(result.AccessToken); got["scp"] != "User.Read" || got["oid"] != s.adaID {
		t.Errorf("claims %v", got)
	}
}

package e2e

import (
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

func TestPreAuthorizedClient_NeedsNoConsent(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	p := signin.NewPortal(e, with.WebCallback)
	_, err := p.Code(signin.Callback)
	signin.CheckRefused(t, "before", err, signin.AdminNeeded)

	env.Edit(e.Cluster, p.API, func(o *v1alpha1.AppRegistration) {
		o.Spec.API.PreAuthorizedClients = []v1alpha1.PreAuthorizedClient{{
			Client: v1alpha1.ClientReference{AppRegistrationRef: &v1alpha1.LocalReference{Name: "portal"}}, Scopes: []string{"Orders.Read"},
		}}
	})
	e.Status.WaitReady(p.API)
	if _, err := p.Code(signin.Callback); err != nil {
		t.Errorf("pre-authorized: %v", err)
	}

	env.Edit(e.Cluster, p.API, func(o *v1alpha1.AppRegistration) { o.Spec.API.PreAuthorizedClients = nil })
	e.Status.WaitReady(p.API)
	_, err = p.Code(signin.Callback)
	signin.CheckRefused(t, "no longer", err, signin.AdminNeeded)
}

func TestConsent_ForOneUserIsForNobodyElse(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	p := signin.NewPortal(e, with.WebCallback)
	bob := signin.NewPerson(e, "bob")
	_, err := p.Code(signin.Callback)
	signin.CheckRefused(t, "Ada, before", err, signin.AdminNeeded)
	p.Grant.Spec.User = &v1alpha1.DirectoryObjectReference{ObjectID: v1alpha1.GUID(p.Ada.ID)}
	e.Cluster.Create(p.Grant)
	e.Status.WaitReady(p.Grant)
	if _, err := p.Code(signin.Callback); err != nil {
		t.Errorf("Ada: %v", err)
	}
	_, err = bob.Code(p.Web, signin.Callback, p.Scope())
	signin.CheckRefused(t, "Bob", err, signin.AdminNeeded)
	e.Cluster.Delete(p.Grant)
	e.Status.WaitGone(p.Grant)
	_, err = p.Code(signin.Callback)
	signin.CheckRefused(t, "Ada, later", err, signin.AdminNeeded)
}

// A known client's user consents to what its API needs, too.
func TestKnownClient_UserConsentsToWhatAPINeeds(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(rule.Field("spec.api.scopes.type", "User")))
	p := signin.NewPortal(e, with.WebCallback)
	credential := e.FederatedCredential("orders-api", "orders-api", "orders-api")
	e.Cluster.Create(e.ServiceAccount("orders-api"), credential)
	env.Edit(e.Cluster, p.API, func(o *v1alpha1.AppRegistration) {
		o.Spec.API.Scopes[0].Type = v1alpha1.ScopeUser
		with.Permissions(with.MicrosoftGraph, []string{"User.Read"})(&o.Spec)
	})
	e.Status.WaitReady(p.API, credential)
	onBehalf := func(who signin.Person) error {
		who.Accepts = true
		code, err := who.Code(p.Web, signin.Callback, p.API.Status.AppID+"/.default")
		if err != nil {
			t.Fatal(err)
		}
		signedIn, err := signin.Confidential(e, p.Web, "portal").AcquireTokenByAuthCode(t.Context(), code, signin.Callback,
			[]string{p.API.Status.AppID + "/.default"}, confidential.WithChallenge(signin.Verifier))
		if err != nil {
			t.Fatal(err)
		}
		graph := []string{"https://graph.microsoft.com/User.Read"}
		_, err = signin.Confidential(e, p.API, "orders-api").AcquireTokenOnBehalfOf(t.Context(), signedIn.AccessToken, graph)
		return err
	}
	signin.CheckRefused(t, "a client that the API does not know", onBehalf(p.Ada), "AADSTS65001")
	env.Edit(e.Cluster, p.API, func(o *v1alpha1.AppRegistration) {
		o.Spec.API.KnownClients = []v1alpha1.ClientReference{{AppRegistrationRef: &v1alpha1.LocalReference{Name: "portal"}}}
	})
	e.Status.WaitReady(p.API)
	if err := onBehalf(signin.NewPerson(e, "bob")); err != nil {
		t.Errorf("a client that the API knows: %v", err)
	}
}

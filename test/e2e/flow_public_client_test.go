package e2e

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/signin"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// Clients without a credential act for their users: a page in a browser, and a program on a desk.
func TestPublicClient_ActsForUsersWhileConsentIsGiven(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		platform         func(*v1alpha1.AppRegistrationSpec)
		redirect, origin string
	}{
		"a single-page application": {func(spec *v1alpha1.AppRegistrationSpec) {
			spec.SPA = &v1alpha1.Platform{RedirectURIs: []string{signin.Callback}}
		}, signin.Callback, "https://orders.example.com"},
		"a program on a desk": {func(spec *v1alpha1.AppRegistrationSpec) {
			spec.PublicClient = &v1alpha1.Platform{RedirectURIs: []string{"http://localhost"}}
		}, "http://localhost", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t)
			p := signin.NewPortal(e, row.platform)
			_, err := p.Code(row.redirect)
			signin.CheckRefused(t, "before consent", err, signin.AdminNeeded)

			e.Cluster.Create(p.Grant)
			e.Status.WaitReady(p.Grant)
			code, err := p.Code(row.redirect)
			if err != nil {
				t.Fatal(err)
			}
			tokens, err := signin.Redeem(e, p.Web, row.origin, row.redirect, code)
			if err != nil {
				t.Fatal(err)
			}
			p.CheckAdasClaims(tokens.Access)
			p.CheckAdasIDToken(tokens.ID)
			fresh, err := signin.Refresh(e, p.Web, row.origin, tokens.Refresh, p.Scope())
			if err != nil {
				t.Fatalf("stay signed in: %v", err)
			}
			p.CheckAdasClaims(fresh.Access)

			e.Cluster.Delete(p.Grant)
			e.Status.WaitGone(p.Grant)
			_, err = signin.Refresh(e, p.Web, row.origin, fresh.Refresh, p.Scope())
			signin.CheckRefused(t, "after consent", err, "AADSTS65001")
			p.CheckAdasClaims(fresh.Access)
		})
	}
}

// A redirect URI that the application does not have gets no code.
func TestSignIn_ForeignRedirectURIGetsNoCode(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	p := signin.NewPortal(e, with.WebCallback)
	e.Cluster.Create(p.Grant)
	e.Status.WaitReady(p.Grant)
	_, err := p.Code("https://evil.example.com/callback")
	signin.CheckRefused(t, "to another host", err, "AADSTS50011")

	env.Edit(e.Cluster, p.Web, func(o *v1alpha1.AppRegistration) {
		o.Spec.Web.RedirectURIs = []string{"https://orders.example.com/other"}
	})
	e.Status.WaitReady(p.Web)
	_, err = p.Code(signin.Callback)
	signin.CheckRefused(t, "to one that was taken away", err, "AADSTS50011")
}

func TestDevice_ActsForUserWherePolicyAllows(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(rule.Field("spec.fallbackPublicClient", "true")))
	p := signin.NewPortal(e, func(spec *v1alpha1.AppRegistrationSpec) { spec.FallbackPublicClient = true })
	_, err := p.OnDevice()
	signin.CheckRefused(t, "before consent", err, signin.AdminNeeded)
	e.Cluster.Create(p.Grant)
	e.Status.WaitReady(p.Grant)
	token, err := p.OnDevice()
	if err != nil {
		t.Fatal(err)
	}
	p.CheckAdasClaims(token)

	public := func(is bool) {
		env.Edit(e.Cluster, p.Web, func(o *v1alpha1.AppRegistration) { o.Spec.FallbackPublicClient = is })
		e.Status.WaitReady(p.Web)
	}
	public(false)
	_, err = p.OnDevice()
	signin.CheckRefused(t, "no public client any more", err, "AADSTS7000218")

	public(true)
	e.Cluster.Delete(p.Grant)
	e.Status.WaitGone(p.Grant)
	_, err = p.OnDevice()
	signin.CheckRefused(t, "after consent", err, signin.AdminNeeded)
	p.CheckAdasClaims(token)

}

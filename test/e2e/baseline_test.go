package e2e

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
	"github.com/entra-registrar/entra-registrar/test/emulator"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// deniedSpec is a spec that the baseline denies.
type deniedSpec struct {
	change func(*v1alpha1.AppRegistrationSpec)
	// path and value are what the denial must name.
	path, value string
	// rule that allows it; none can where it is nil.
	rule *v1alpha1.PolicyRule
	// property in Entra, and its value where it is allowed.
	property     []string
	allowedValue any
}

func userConsented(spec *v1alpha1.AppRegistrationSpec) {
	with.Scopes("Orders.Read")(spec)
	spec.API.Scopes[0].Type = v1alpha1.ScopeUser
	spec.API.Scopes[0].UserConsentDisplayName, spec.API.Scopes[0].UserConsentDescription = "Read", "Read your orders"
}

var deniedSpecs = map[string]deniedSpec{
	"wildcard-redirect": {
		change: with.WebRedirectURIs("https://*.orders.example.com/callback"),
		path:   "spec.web.redirectURIs[0]", value: "https://*.orders.example.com/callback",
	},
	"shared-suffix": {
		change: with.WebRedirectURIs("https://orders.azurewebsites.net/callback"),
		path:   "spec.web.redirectURIs[0]", value: "https://orders.azurewebsites.net/callback",
		rule:     new(rule.Redirect("orders.azurewebsites.net")),
		property: []string{"web", "redirectUris"}, allowedValue: []any{"https://orders.azurewebsites.net/callback"},
	},
	"other-tenants": {
		change: func(spec *v1alpha1.AppRegistrationSpec) { spec.SignInAudience = v1alpha1.AudienceMultipleOrgs },
		path:   "spec.signInAudience", value: "AzureADMultipleOrgs", rule: new(rule.Field("spec.signInAudience", "AzureADMultipleOrgs")),
		property: []string{"signInAudience"}, allowedValue: "AzureADMultipleOrgs",
	},
	"user-consent": {
		change: userConsented, path: "spec.api.scopes[0].type", value: "User", rule: new(rule.Field("spec.api.scopes.type", "User")),
	},
	"version-1-tokens": {
		change: with.Version1Tokens, path: "spec.api.requestedAccessTokenVersion", value: "1",
		rule:     new(rule.Field("spec.api.requestedAccessTokenVersion", "1")),
		property: []string{"api", "requestedAccessTokenVersion"}, allowedValue: 1,
	},
	"lock-off": {
		change: func(spec *v1alpha1.AppRegistrationSpec) { spec.Lock = &v1alpha1.Lock{Enabled: new(bool)} },
		path:   "spec.lock.enabled", value: "false", rule: new(rule.Field("spec.lock.enabled", "false")),
	},
	"purge": {
		change: func(spec *v1alpha1.AppRegistrationSpec) { spec.DeletionPolicy = v1alpha1.DeletionPurge },
		path:   "spec.deletionPolicy", value: "Purge",
		rule: &v1alpha1.PolicyRule{Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{"Purge"}}},
	},
	"other-name": {
		change: with.IdentifierURIs("https://contoso.onmicrosoft.com/orders"),
		path:   "spec.identifierURIs[0]", value: "https://contoso.onmicrosoft.com/orders",
		rule:     &v1alpha1.PolicyRule{IdentifierURI: &v1alpha1.IdentifierURIRule{Prefixes: []string{"https://contoso.onmicrosoft.com"}}},
		property: []string{"identifierUris"}, allowedValue: []any{"https://contoso.onmicrosoft.com/orders"},
	},
}

func TestBaseline_DeniesBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	var all []env.Object
	for name := range deniedSpecs {
		all = append(all, e.AppRegistration(name+"-later"))
	}
	for _, existing := range all {
		e.Cluster.Create(existing)
	}
	e.Status.WaitReady(all...)
	e.Requests.Reset()
	for name, w := range deniedSpecs {
		app, existing := e.AppRegistration(name, w.change), e.AppRegistration(name+"-later")
		e.Cluster.Create(app)
		env.Edit(e.Cluster, existing, func(obj *v1alpha1.AppRegistration) { w.change(&obj.Spec); obj.Spec.DisplayName = "changed" })
		words := []string{w.path, w.value}
		if w.rule != nil {
			words = append(words, "this rule would: ")
		}
		e.Status.WaitDenied(app, words...)
		e.Status.WaitDenied(existing, words...)
		all = append(all, app)
	}
	e.Clock.PassHours(2 * time.Hour)
	e.Requests.CheckNoWrites()
	for _, obj := range all {
		env.Edit(e.Cluster, obj, func(obj env.Object) {
			obj.(*v1alpha1.AppRegistration).Spec = v1alpha1.AppRegistrationSpec{DisplayName: "harmless"}
		})
	}
	if took := e.Status.WaitReady(all...); took > time.Minute {
		t.Errorf("recovered after %s", took)
	}
}

func TestDenial_NamesAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	app := e.AppRegistration("orders-api")
	var paths []string
	for _, name := range []string{"other-tenants", "user-consent", "version-1-tokens", "lock-off"} {
		deniedSpecs[name].change(&app.Spec)
		paths = append(paths, deniedSpecs[name].path)
	}
	e.Cluster.Create(app)
	e.Status.WaitDenied(app, paths...)
	with.WebRedirectURIs(
		"https://*.a.example.com", "https://orders.azurewebsites.net", "https://orders.github.io", "http://orders.example.com",
	)(&app.Spec)
	app.Spec.DeletionPolicy = v1alpha1.DeletionPurge
	spec := app.Spec.DeepCopy()
	env.Edit(e.Cluster, app, func(obj *v1alpha1.AppRegistration) { obj.Spec = *spec })
	e.Status.WaitDenied(app, append(paths, "spec.deletionPolicy", "spec.web.redirectURIs[0]", "spec.web.redirectURIs[3]")...)
	e.Tenant.CheckInventory(env.Inventory{})
}

func TestPolicy_WhatARuleAllowsIsDone(t *testing.T) {
	t.Parallel()
	var rules []v1alpha1.PolicyRule
	for _, w := range deniedSpecs {
		if w.rule != nil {
			rules = append(rules, *w.rule)
		}
	}
	e := env.New(t, env.WithPolicy(rules...))
	for name, w := range deniedSpecs {
		app := e.AppRegistration(name, w.change)
		e.Cluster.Create(app)
		if w.rule == nil {
			e.Status.WaitDenied(app, w.path, w.value, "policy "+e.Namespace+"-allowing")
			continue
		}
		e.Status.WaitReady(app)
		if w.property != nil {
			if diff := cmp.Diff(w.allowedValue, odata.At(e.Tenant.Properties(app.Status.ObjectID), w.property...)); diff != "" {
				t.Errorf("%s\n%s", name, diff)
			}
		}
	}
	for _, name := range []string{"purge", "other-tenants"} {
		app := e.AppRegistration(name)
		e.Cluster.Delete(app)
		e.Status.WaitGone(app)
	}
	if deleted := e.Tenant.Inventory().Deleted; deleted != 1 {
		t.Errorf("%d applications can be restored; one was purged, one was not", deleted)
	}
}

// credentialOf orders-worker that trusts tokens of any issuer.
func credentialOf(e *env.Env, name, audience string, subject *v1alpha1.OIDCSubject) *v1alpha1.FederatedCredential {
	credential := e.FederatedCredential(name, "orders-worker", "orders-worker")
	credential.Spec.Audience = audience
	if subject != nil {
		credential.Spec.ServiceAccount, credential.Spec.OIDC = nil, subject
	}
	return credential
}

func TestPolicy_OtherIssuersAndAudiencesNeedARule(t *testing.T) {
	t.Parallel()
	const issuer, subject, audience = "https://token.actions.example.com", "repo:example/orders:ref:refs/heads/main", "api://orders"
	rule := v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{
		Issuer: issuer, Subjects: []string{subject}, Audiences: []string{audience, "api://AzureADTokenExchange"},
	}}}
	for name, allowed := range map[string]bool{"without a rule": false, "with one": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := env.New(t, func(e *env.Env, o *emulator.Options) {
				var rules []v1alpha1.PolicyRule
				if allowed {
					rules = []v1alpha1.PolicyRule{rule, {Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{
						Issuer: e.ControlPlane.Issuer(), Subjects: []string{"*"}, Audiences: []string{audience},
					}}}}
				}
				env.WithPolicy(rules...)(e, o)
			})
			worker := e.AppRegistration("orders-worker")
			e.Cluster.Create(worker)
			e.Status.WaitReady(worker)
			e.Requests.Reset()
			actions := credentialOf(e, "actions", "", &v1alpha1.OIDCSubject{Issuer: issuer, Subject: subject})
			custom := credentialOf(e, "custom", audience, nil)
			e.Cluster.Create(actions, custom)
			if !allowed {
				e.Status.WaitDenied(actions, issuer, subject, "this rule would: ")
				e.Status.WaitDenied(custom, audience, "this rule would: ")
				e.Requests.CheckNoWrites()
				return
			}
			e.Status.WaitReady(actions, custom)
			want := map[string][]any{
				"k8s-actions": {issuer, subject, []any{"api://AzureADTokenExchange"}},
				"k8s-custom":  {e.ControlPlane.Issuer(), "system:serviceaccount:" + e.Namespace + ":orders-worker", []any{audience}},
			}
			if diff := cmp.Diff(want, e.Tenant.FederatedCredentials(worker)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// propertyOf an application in Entra.
func propertyOf(e *env.Env, objectID string, path ...string) any {
	e.T.Helper()
	return odata.At(e.Tenant.Properties(objectID), path...)
}

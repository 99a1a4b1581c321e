package e2e

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// wish is what the baseline denies.
type wish struct {
	make func(*v1alpha1.AppRegistrationSpec)
	// path and asked are what the denial must name.
	path, asked string
	// rule that allows it; none can where it is nil.
	rule *v1alpha1.PolicyRule
	// property in Entra, and its value where it is allowed.
	property []string
	value    any
}

func field(path, value string) *v1alpha1.PolicyRule {
	return &v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: path, Values: []string{value}}}
}

func redirectRule(hosts ...string) *v1alpha1.PolicyRule {
	return &v1alpha1.PolicyRule{Redirect: &v1alpha1.RedirectRule{Platforms: []v1alpha1.RedirectPlatform{v1alpha1.RedirectWeb}, Hosts: hosts}}
}

func userConsented(spec *v1alpha1.AppRegistrationSpec) {
	scoped("Orders.Read")(spec)
	spec.API.Scopes[0].Type = v1alpha1.ScopeUser
	spec.API.Scopes[0].UserConsentDisplayName, spec.API.Scopes[0].UserConsentDescription = "Read", "Read your orders"
}

var wishes = map[string]wish{
	"wildcard-redirect": {
		make: redirecting("https://*.orders.example.com/callback"), path: "spec.web.redirectURIs[0]", asked: "https://*.orders.example.com/callback",
	},
	"shared-suffix": {
		make: redirecting("https://orders.azurewebsites.net/callback"), path: "spec.web.redirectURIs[0]", asked: "https://orders.azurewebsites.net/callback",
		rule: redirectRule("orders.azurewebsites.net"), property: []string{"web", "redirectUris"}, value: []any{"https://orders.azurewebsites.net/callback"},
	},
	"other-tenants": {
		make: func(spec *v1alpha1.AppRegistrationSpec) { spec.SignInAudience = v1alpha1.AudienceMultipleOrgs },
		path: "spec.signInAudience", asked: "AzureADMultipleOrgs", rule: field("spec.signInAudience", "AzureADMultipleOrgs"),
		property: []string{"signInAudience"}, value: "AzureADMultipleOrgs",
	},
	"user-consent": {
		make: userConsented, path: "spec.api.scopes[0].type", asked: "User", rule: field("spec.api.scopes.type", "User"),
	},
	"version-1-tokens": {
		make: version1, path: "spec.api.requestedAccessTokenVersion", asked: "1", rule: field("spec.api.requestedAccessTokenVersion", "1"),
		property: []string{"api", "requestedAccessTokenVersion"}, value: 1,
	},
	"lock-off": {
		make: func(spec *v1alpha1.AppRegistrationSpec) { spec.Lock = &v1alpha1.Lock{Enabled: new(bool)} },
		path: "spec.lock.enabled", asked: "false", rule: field("spec.lock.enabled", "false"),
	},
	"purge": {
		make: func(spec *v1alpha1.AppRegistrationSpec) { spec.DeletionPolicy = v1alpha1.DeletionPurge },
		path: "spec.deletionPolicy", asked: "Purge", rule: &v1alpha1.PolicyRule{Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{"Purge"}}},
	},
	"other-name": {
		make: named("https://contoso.onmicrosoft.com/orders"), path: "spec.identifierURIs[0]", asked: "https://contoso.onmicrosoft.com/orders",
		rule:     &v1alpha1.PolicyRule{IdentifierURI: &v1alpha1.IdentifierURIRule{Prefixes: []string{"https://contoso.onmicrosoft.com"}}},
		property: []string{"identifierUris"}, value: []any{"https://contoso.onmicrosoft.com/orders"},
	},
}

// denied waits for the denial, and checks that it says all of this.
func (s *stage) denied(obj object, words ...string) {
	s.t.Helper()
	message := s.has(obj, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonDenied)
	s.has(obj, v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonDenied)
	s.says(message, append(words, "baseline Default")...)
}

// writesNothing fails where anything was written in Entra since the last forget.
func (s *stage) writesNothing() {
	s.t.Helper()
	if seen := s.traffic(); len(seen.writes) > 0 {
		s.t.Errorf("nothing is to be written: %s", seen)
	}
}

func TestWhatTheBaselineDeniesIsDeniedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var all []object
	for name := range wishes {
		all = append(all, s.app(name+"-later"))
	}
	for _, existing := range all {
		s.create(existing)
	}
	s.ready(all...)
	s.forget()
	for name, w := range wishes {
		app, existing := s.app(name, w.make), s.app(name+"-later")
		s.create(app)
		edit(s, existing, func(obj *v1alpha1.AppRegistration) { w.make(&obj.Spec); obj.Spec.DisplayName = "changed" })
		words := []string{w.path, w.asked}
		if w.rule != nil {
			words = append(words, "this rule would: ")
		}
		s.denied(app, words...)
		s.denied(existing, words...)
		all = append(all, app)
	}
	s.clock.leap(t, 2*time.Hour)
	s.writesNothing()
	for _, obj := range all {
		edit(s, obj, func(obj object) {
			obj.(*v1alpha1.AppRegistration).Spec = v1alpha1.AppRegistrationSpec{DisplayName: "harmless"}
		})
	}
	if took := s.ready(all...); took > time.Minute {
		t.Errorf("healed after %s", took)
	}
}

func TestADenialTellsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	app := s.app("orders-api")
	var paths []string
	for _, name := range []string{"other-tenants", "user-consent", "version-1-tokens", "lock-off"} {
		wishes[name].make(&app.Spec)
		paths = append(paths, wishes[name].path)
	}
	s.create(app)
	s.denied(app, paths...)
	redirecting("https://*.a.example.com", "https://orders.azurewebsites.net", "https://orders.github.io", "http://orders.example.com")(&app.Spec)
	app.Spec.DeletionPolicy = v1alpha1.DeletionPurge
	spec := app.Spec.DeepCopy()
	edit(s, app, func(obj *v1alpha1.AppRegistration) { obj.Spec = *spec })
	s.denied(app, append(paths, "spec.deletionPolicy", "spec.web.redirectURIs[0]", "spec.web.redirectURIs[3]")...)
	s.holds(census{})
}

func TestWhatARuleAllowsIsDone(t *testing.T) {
	t.Parallel()
	var rules []v1alpha1.PolicyRule
	for _, w := range wishes {
		if w.rule != nil {
			rules = append(rules, *w.rule)
		}
	}
	s := newStage(t, allowing(rules...))
	for name, w := range wishes {
		app := s.app(name, w.make)
		s.create(app)
		if w.rule == nil {
			s.denied(app, w.path, w.asked, "policy "+s.namespace+"-allowing")
			continue
		}
		s.ready(app)
		if w.property != nil {
			if diff := cmp.Diff(w.value, odata.At(s.application(app.Status.ObjectID), w.property...)); diff != "" {
				t.Errorf("%s\n%s", name, diff)
			}
		}
	}
	for _, name := range []string{"purge", "other-tenants"} {
		app := s.app(name)
		s.delete(app)
		s.gone(app)
	}
	if deleted := s.census().deleted; deleted != 1 {
		t.Errorf("%d applications can be restored; one was purged, one was not", deleted)
	}
}

// trustOf makes a trust of any issuer.
func (s *stage) trustOf(name, audience string, subject *v1alpha1.OIDCSubject) *v1alpha1.FederatedCredential {
	trust := s.trust(name, "orders-worker", "orders-worker")
	trust.Spec.Audience = audience
	if subject != nil {
		trust.Spec.ServiceAccount, trust.Spec.OIDC = nil, subject
	}
	return trust
}

func TestATrustInOtherIssuersAndAudiencesNeedsARule(t *testing.T) {
	t.Parallel()
	const issuer, subject, audience = "https://token.actions.example.com", "repo:example/orders:ref:refs/heads/main", "api://orders"
	rule := v1alpha1.PolicyRule{Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{
		Issuer: issuer, Subjects: []string{subject}, Audiences: []string{audience, "api://AzureADTokenExchange"},
	}}}
	for name, allowed := range map[string]bool{"without a rule": false, "with one": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var rules []v1alpha1.PolicyRule
			if allowed {
				rules = []v1alpha1.PolicyRule{rule, {Federate: &v1alpha1.FederateRule{OIDC: &v1alpha1.OIDCRule{
					Issuer: cluster.Issuer(), Subjects: []string{"*"}, Audiences: []string{audience},
				}}}}
			}
			s := newStage(t, allowing(rules...))
			worker := s.app("orders-worker")
			s.create(worker)
			s.ready(worker)
			s.forget()
			actions := s.trustOf("actions", "", &v1alpha1.OIDCSubject{Issuer: issuer, Subject: subject})
			custom := s.trustOf("custom", audience, nil)
			s.create(actions, custom)
			if !allowed {
				s.denied(actions, issuer, subject, "this rule would: ")
				s.denied(custom, audience, "this rule would: ")
				s.writesNothing()
				return
			}
			s.ready(actions, custom)
			want := map[string][]any{
				"k8s-actions": {issuer, subject, []any{"api://AzureADTokenExchange"}},
				"k8s-custom":  {cluster.Issuer(), "system:serviceaccount:" + s.namespace + ":orders-worker", []any{audience}},
			}
			if diff := cmp.Diff(want, s.trusts(worker)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// trusts are issuer, subject and audiences of an application's federated credentials, by name.
func (s *stage) trusts(app *v1alpha1.AppRegistration) map[string][]any {
	found := map[string][]any{}
	for _, entry := range directory.OfKind(directory.Application, s.entra.Directory().Snapshot().Live) {
		if entry.ID != app.Status.ObjectID {
			continue
		}
		for _, f := range entry.Federated {
			found[odata.Text(f, "name")] = []any{f["issuer"], f["subject"], f["audiences"]}
		}
	}
	return found
}

// propertyOf an application in Entra.
func (s *stage) propertyOf(objectID string, path ...string) any {
	s.t.Helper()
	return odata.At(s.application(objectID), path...)
}

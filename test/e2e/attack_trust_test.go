package e2e

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// subject of a ServiceAccount's tokens.
func subject(namespace, account string) string {
	return "system:serviceaccount:" + namespace + ":" + account
}

// trusting gives a FederatedCredential another subject.
func trusting(issuer, subject string) func(*v1alpha1.FederatedCredentialSpec) {
	return func(spec *v1alpha1.FederatedCredentialSpec) {
		spec.ServiceAccount, spec.OIDC = nil, &v1alpha1.OIDCSubject{Issuer: issuer, Subject: subject}
	}
}

func TestTrustInTokensThatNobodyAllowedIsDenied(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	app := s.app("orders-api")
	mallory.create(app)
	mallory.ready(app)
	own := subject(s.namespace, "orders-api")
	untouched := s.untouched()
	for name, c := range map[string]struct {
		attack func(*v1alpha1.FederatedCredentialSpec)
		says   string
	}{
		"another-namespace": {func(spec *v1alpha1.FederatedCredentialSpec) { spec.ServiceAccount.Namespace = "kube-system" }, "spec.serviceAccount"},
		"as-oidc":           {trusting(cluster.Issuer(), subject("kube-system", "orders-api")), "spec.oidc"},
		"another-issuer":    {trusting("https://token.actions.githubusercontent.com", "repo:thief/repo:ref:refs/heads/main"), "spec.oidc"},
		"our-name-there":    {trusting("https://"+thief, own), thief},
		"a-slash-more":      {trusting(cluster.Issuer()+"/", own), "spec.oidc"},
		"more-behind":       {trusting(cluster.Issuer(), own+":admin"), "spec.oidc"},
		"a-line-behind":     {trusting(cluster.Issuer(), own+"\nsystem:serviceaccount:kube-system:x"), `\n`},
		"a-node":            {trusting(cluster.Issuer(), "system:node:worker-1"), "spec.oidc"},
		"another-audience":  {func(spec *v1alpha1.FederatedCredentialSpec) { spec.Audience = "https://kubernetes.default.svc" }, "kubernetes.default.svc"},
	} {
		trust := s.trust(name, "orders-api", "orders-api")
		c.attack(&trust.Spec)
		mallory.create(trust)
		mallory.refused(trust, v1alpha1.ReasonDenied, c.says)
	}
	untouched()
}

func TestATrustThatIsAllowedIsNoWayToAnother(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	app, trust := s.app("orders-api"), s.trust("orders-api", "orders-api", "orders-api")
	trusting(cluster.Issuer(), subject(s.namespace, "orders-api"))(&trust.Spec) // spelled as oidc, and its own
	mallory.create(app, trust)
	mallory.ready(app, trust)
	untouched := s.untouched()
	edit(mallory, trust, func(f *v1alpha1.FederatedCredential) { f.Spec.OIDC.Subject = subject("kube-system", "orders-api") })
	mallory.refused(trust, v1alpha1.ReasonDenied, "kube-system")
	untouched()
}

// baits are redirect URIs that hand codes and tokens to somebody else.
var baits = []string{
	"https://*.example.com/callback",
	"https://orders.example.com/*",
	"https://orders.azurewebsites.net/callback",
	"https://mallory.github.io/callback",
	"https://orders.trafficmanager.net/callback",
	"https://bucket.s3.amazonaws.com/callback",
	"http://orders.example.com/callback",
	"https://login.example.com@thief.example/callback",
	"https://thief.example\\@orders.example.com/callback",
	"https://xn--80ak6aa92e.azurewebsites.net/callback",
	"javascript:alert(1)",
	"myapp://callback",
}

func TestARedirectToWhereAnybodyCanBeIsDenied(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	app := s.app("orders-web")
	mallory.create(app)
	mallory.ready(app)
	untouched := s.untouched()
	for name, platform := range map[string]func(*v1alpha1.AppRegistrationSpec, *v1alpha1.Platform){
		"web":          func(spec *v1alpha1.AppRegistrationSpec, p *v1alpha1.Platform) { spec.Web = p },
		"spa":          func(spec *v1alpha1.AppRegistrationSpec, p *v1alpha1.Platform) { spec.SPA = p },
		"publicClient": func(spec *v1alpha1.AppRegistrationSpec, p *v1alpha1.Platform) { spec.PublicClient = p },
	} {
		for i, bait := range baits {
			edit(mallory, app, func(a *v1alpha1.AppRegistration) {
				a.Spec.Web, a.Spec.SPA, a.Spec.PublicClient = nil, nil, nil
				platform(&a.Spec, &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/callback", bait}})
			})
			message := mallory.has(app, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonDenied)
			if !strings.Contains(message, "spec."+name+".redirectURIs[1]") || strings.Contains(message, "redirectURIs[0]") {
				t.Errorf("%d: %s: the message does not name it, or names more: %s", i, bait, message)
			}
		}
	}
	untouched()
}

func TestWhatANamespaceMayNotAskForIsDeniedAllAtOnce(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	untouched := s.untouched()
	one, off := int32(1), false
	app := s.app("orders-api", func(spec *v1alpha1.AppRegistrationSpec) {
		spec.SignInAudience = v1alpha1.AudienceMultipleOrgs
		spec.IdentifierURIs = []string{"api://{appID}/{appID}", "api://" + otherApp, "https://contoso.onmicrosoft.com/payments"}
		spec.API = &v1alpha1.API{RequestedAccessTokenVersion: &one, Scopes: []v1alpha1.Scope{{Value: "Read", Type: v1alpha1.ScopeUser}}}
		spec.Lock = &v1alpha1.Lock{Enabled: &off}
		spec.DeletionPolicy = v1alpha1.DeletionPurge
	})
	mallory.create(app)
	mallory.refused(app, v1alpha1.ReasonDenied, "spec.signInAudience", "spec.identifierURIs[0]", "spec.identifierURIs[1]")
	untouched()
}

package e2e

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// Trust in tokens that nobody has allowed is denied.
func TestFederatedCredential_UnallowedSubjectIsDenied(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	app := e.AppRegistration("orders-api")
	mallory.Cluster.Create(app)
	mallory.Status.WaitReady(app)
	own := with.Subject(e.Namespace, "orders-api")
	checkUnchanged := e.RecordTenant()
	for name, c := range map[string]struct {
		attack func(*v1alpha1.FederatedCredentialSpec)
		says   string
	}{
		"another-namespace": {func(spec *v1alpha1.FederatedCredentialSpec) { spec.ServiceAccount.Namespace = "kube-system" }, "spec.serviceAccount"},
		"as-oidc":           {with.OIDCSubject(e.ControlPlane.Issuer(), with.Subject("kube-system", "orders-api")), "spec.oidc"},
		"another-issuer":    {with.OIDCSubject("https://token.actions.githubusercontent.com", "repo:thief/repo:ref:refs/heads/main"), "spec.oidc"},
		"our-name-there":    {with.OIDCSubject("https://"+foreignHost, own), foreignHost},
		"a-slash-more":      {with.OIDCSubject(e.ControlPlane.Issuer()+"/", own), "spec.oidc"},
		"more-behind":       {with.OIDCSubject(e.ControlPlane.Issuer(), own+":admin"), "spec.oidc"},
		"a-line-behind":     {with.OIDCSubject(e.ControlPlane.Issuer(), own+"\nsystem:serviceaccount:kube-system:x"), `\n`},
		"a-node":            {with.OIDCSubject(e.ControlPlane.Issuer(), "system:node:worker-1"), "spec.oidc"},
		"another-audience": {
			func(spec *v1alpha1.FederatedCredentialSpec) { spec.Audience = "https://kubernetes.default.svc" }, "kubernetes.default.svc",
		},
	} {
		credential := e.FederatedCredential(name, "orders-api", "orders-api")
		c.attack(&credential.Spec)
		mallory.Cluster.Create(credential)
		mallory.Status.WaitStalled(credential, v1alpha1.ReasonDenied, c.says)
	}
	checkUnchanged()
}

func TestFederatedCredential_AllowedOneCannotBecomeAnother(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	app, credential := e.AppRegistration("orders-api"), e.FederatedCredential("orders-api", "orders-api", "orders-api")
	with.OIDCSubject(e.ControlPlane.Issuer(), with.Subject(e.Namespace, "orders-api"))(&credential.Spec) // its own, spelled as oidc
	mallory.Cluster.Create(app, credential)
	mallory.Status.WaitReady(app, credential)
	checkUnchanged := e.RecordTenant()
	env.Edit(mallory.Cluster, credential, func(f *v1alpha1.FederatedCredential) { f.Spec.OIDC.Subject = with.Subject("kube-system", "orders-api") })
	mallory.Status.WaitStalled(credential, v1alpha1.ReasonDenied, "kube-system")
	checkUnchanged()
}

// hostileRedirectURIs would hand codes and tokens to somebody else.
var hostileRedirectURIs = []string{
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

func TestRedirectURI_HostOpenToAnybodyIsDenied(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	app := e.AppRegistration("orders-web")
	mallory.Cluster.Create(app)
	mallory.Status.WaitReady(app)
	checkUnchanged := e.RecordTenant()
	for name, platform := range map[string]func(*v1alpha1.AppRegistrationSpec, *v1alpha1.Platform){
		"web":          func(spec *v1alpha1.AppRegistrationSpec, p *v1alpha1.Platform) { spec.Web = p },
		"spa":          func(spec *v1alpha1.AppRegistrationSpec, p *v1alpha1.Platform) { spec.SPA = p },
		"publicClient": func(spec *v1alpha1.AppRegistrationSpec, p *v1alpha1.Platform) { spec.PublicClient = p },
	} {
		for i, uri := range hostileRedirectURIs {
			env.Edit(mallory.Cluster, app, func(a *v1alpha1.AppRegistration) {
				a.Spec.Web, a.Spec.SPA, a.Spec.PublicClient = nil, nil, nil
				platform(&a.Spec, &v1alpha1.Platform{RedirectURIs: []string{"https://orders.example.com/callback", uri}})
			})
			message := mallory.Status.WaitCondition(app, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonDenied)
			if !strings.Contains(message, "spec."+name+".redirectURIs[1]") || strings.Contains(message, "redirectURIs[0]") {
				t.Errorf("%d: %s: the message does not name it, or names more: %s", i, uri, message)
			}
		}
	}
	checkUnchanged()
}

func TestBaseline_DeniesAllFaultsOfANamespaceAtOnce(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	checkUnchanged := e.RecordTenant()
	one, off := int32(1), false
	app := e.AppRegistration("orders-api", func(spec *v1alpha1.AppRegistrationSpec) {
		spec.SignInAudience = v1alpha1.AudienceMultipleOrgs
		spec.IdentifierURIs = []string{"api://{appID}/{appID}", "api://" + otherAppID, "https://contoso.onmicrosoft.com/payments"}
		spec.API = &v1alpha1.API{RequestedAccessTokenVersion: &one, Scopes: []v1alpha1.Scope{{Value: "Read", Type: v1alpha1.ScopeUser}}}
		spec.Lock = &v1alpha1.Lock{Enabled: &off}
		spec.DeletionPolicy = v1alpha1.DeletionPurge
	})
	mallory.Cluster.Create(app)
	mallory.Status.WaitStalled(app, v1alpha1.ReasonDenied, "spec.signInAudience", "spec.identifierURIs[0]", "spec.identifierURIs[1]")
	checkUnchanged()
}

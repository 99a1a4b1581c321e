package e2e

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/rule"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// sharedHost is a host of redirect URIs that the baseline denies.
const sharedHost = "orders.azurewebsites.net"

func onSharedHost(spec *v1alpha1.AppRegistrationSpec) {
	spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://" + sharedHost + "/callback"}}
}

// A policy that is created lets go on what was denied, and one that is deleted takes nothing away.
func TestPolicy_CreatedAllowsAndDeletedTakesNothingAway(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	app := e.AppRegistration("portal", onSharedHost)
	e.Cluster.Create(app)
	e.Status.WaitDenied(app, "spec.web.redirectURIs[0]", sharedHost)

	policy := e.Policy("web", rule.Allow(rule.Redirect(sharedHost)))
	e.Cluster.Create(policy)
	e.Status.WaitReady(app, policy)

	e.Cluster.Delete(policy)
	message := e.Status.WaitCondition(app, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonDenied)
	e.Status.CheckMessage(message, "kept", sharedHost)
	if !env.IsReady(app) {
		t.Errorf("what exists is kept working:\n%s", e.Status.Describe(app))
	}
	e.Requests.Reset()
	e.Clock.PassHours(3 * time.Hour)
	e.Requests.CheckNoWrites()
	env.Edit(e.Cluster, app, func(o *v1alpha1.AppRegistration) {
		o.Spec.Web.RedirectURIs = append(o.Spec.Web.RedirectURIs, "https://more.azurewebsites.net/callback")
	})
	e.Status.WaitDenied(app, "spec.web.redirectURIs[1]")
}

func TestPolicy_MayRevokeWhatItNoLongerAllows(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	revoking := func(spec *v1alpha1.RegistrationPolicySpec) { spec.OnTightening = v1alpha1.TighteningRevoke }
	policy := e.Policy("web", rule.Allow(rule.Consent("User.Read"), rule.Redirect(sharedHost)), revoking)
	app, grant := e.AppRegistration("portal", onSharedHost), e.Grant("portal-reads", "portal", with.MicrosoftGraph, "User.Read")
	e.Cluster.Create(policy, app, grant)
	e.Status.WaitReady(app, grant)

	env.Edit(e.Cluster, policy, func(o *v1alpha1.RegistrationPolicy) { o.Spec.Allow = nil })
	e.Status.WaitDenied(grant, "spec.scopes[0]", "User.Read")
	e.Status.WaitDenied(app, "spec.web.redirectURIs[0]", sharedHost)
	env.CheckEqual(t, "granted", []string(nil), e.Tenant.Granted(app))
	env.CheckEqual(t, "redirect URIs", []any{}, propertyOf(e, app.Status.ObjectID, "web", "redirectUris"))
}

// A namespace that loses its label loses what the label allowed.
func TestPolicy_EndsWithNamespaceLabel(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	policy := e.Policy("web", rule.Allow(rule.Redirect(sharedHost)))
	policy.Spec.Namespaces = v1alpha1.NamespaceSelection{Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"team": e.Namespace}}}
	app := e.AppRegistration("portal", onSharedHost)
	e.Cluster.Create(policy, app)
	e.Status.WaitDenied(app, sharedHost)
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: e.Namespace}}
	env.Edit(e.Cluster, namespace, func(o *corev1.Namespace) { o.Labels["team"] = e.Namespace })
	e.Status.WaitReady(app)
	env.Edit(e.Cluster, namespace, func(o *corev1.Namespace) { delete(o.Labels, "team") })
	e.Status.WaitCondition(app, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonDenied)
	later := e.AppRegistration("later", onSharedHost)
	e.Cluster.Create(later)
	e.Status.WaitDenied(later, sharedHost)
}

// A policy in Audit counts what it would deny, and denies nothing.
func TestPolicy_AuditCountsAndDeniesNothing(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	audit := func(spec *v1alpha1.RegistrationPolicySpec) { spec.Enforcement = v1alpha1.EnforcementAudit }
	policy := e.Policy("shadow", audit, rule.Allow(rule.Redirect(sharedHost)), rule.Deny(rule.Redirect("orders.example.com")))
	fine, denied := e.AppRegistration("fine", with.WebCallback), e.AppRegistration("denied", onSharedHost)
	e.Cluster.Create(policy, fine, denied)
	e.Status.WaitReady(fine)
	e.Status.WaitDenied(denied, sharedHost)
	e.Clock.WaitUntil("the policy's count", env.SettleTime, func() bool {
		return e.Cluster.Get(policy) && policy.Status.WouldDeny > 0
	})
	if policy.Status.Denied != 0 || policy.Status.Selected != 1 {
		t.Errorf("the policy says %+v", policy.Status)
	}
}

func TestPolicy_IrrelevantChangeCostsNothing(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	c := e.CreateOrders()
	e.SkipTenMinutes()
	e.Requests.Reset()
	policy := e.Policy("web", rule.Allow(rule.Redirect(sharedHost)))
	e.Cluster.Create(policy)
	e.Status.WaitReady(policy)
	e.Quiet()
	env.Edit(e.Cluster, policy, func(o *v1alpha1.RegistrationPolicy) { o.Spec.Allow = append(o.Spec.Allow, rule.Consent("User.Read")) })
	e.Quiet()
	e.Requests.CheckCost("a policy that comes and is edited", 0, 0)
	e.Status.WaitReady(c.All()...)
}

func TestPolicy_MayRequireJustification(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	policy := e.Policy("strict", rule.Allow(rule.Consent("User.Read")), func(spec *v1alpha1.RegistrationPolicySpec) {
		spec.Require = []v1alpha1.Requirement{v1alpha1.RequireJustification}
	})
	app, grant := e.AppRegistration("portal"), e.Grant("portal-reads", "portal", with.MicrosoftGraph, "User.Read")
	e.Cluster.Create(policy, app, grant)
	e.Status.WaitStalled(grant, v1alpha1.ReasonDenied, "spec.justification", policy.Name)
	env.Edit(e.Cluster, grant, func(o *v1alpha1.DelegatedPermissionGrant) { o.Spec.Justification = "the portal greets people by name" })
	e.Status.WaitReady(grant)
	env.CheckEqual(t, "status.justification", "the portal greets people by name", grant.Status.Justification)
}

func TestPolicy_WithoutBaselineOnlyItsRulesAllow(t *testing.T) {
	t.Parallel()
	e := env.New(t)
	none := e.Policy("bare", func(spec *v1alpha1.RegistrationPolicySpec) { spec.Baseline = v1alpha1.BaselineNone })
	app := e.AppRegistration("portal")
	e.Cluster.Create(none, app)
	e.Status.WaitStalled(app, v1alpha1.ReasonDenied, "spec.displayName", none.Name)
	e.Tenant.CheckInventory(env.Inventory{})
	env.Edit(e.Cluster, none, func(o *v1alpha1.RegistrationPolicy) {
		o.Spec.Allow = []v1alpha1.PolicyRule{
			rule.Field("spec.displayName", "*"), {Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{"Delete"}}},
		}
	})
	e.Status.WaitReady(app)
}

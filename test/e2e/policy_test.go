package e2e

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// shared is a redirect URI that the baseline denies.
const sharedHost = "orders.azurewebsites.net"

func onSharedHost(spec *v1alpha1.AppRegistrationSpec) {
	spec.Web = &v1alpha1.Platform{RedirectURIs: []string{"https://" + sharedHost + "/callback"}}
}

func TestAPolicyThatComesWakesWhatWasDeniedAndOneThatGoesTakesNothingAway(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	app := s.app("portal", onSharedHost)
	s.create(app)
	s.denied(app, "spec.web.redirectURIs[0]", sharedHost)

	policy := s.policy("web", allow(*redirectRule(sharedHost)))
	s.create(policy)
	s.ready(app, policy)

	s.delete(policy)
	message := s.has(app, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonDenied)
	s.says(message, "kept", sharedHost)
	if !isReady(app) {
		t.Errorf("what exists is kept working:\n%s", s.unready(app))
	}
	s.forget()
	s.clock.leap(t, 3*time.Hour)
	s.writesNothing()
	edit(s, app, func(o *v1alpha1.AppRegistration) {
		o.Spec.Web.RedirectURIs = append(o.Spec.Web.RedirectURIs, "https://more.azurewebsites.net/callback")
	})
	s.denied(app, "spec.web.redirectURIs[1]")
}

func TestAPolicyMayRevokeWhatItNoLongerAllows(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	revoking := func(spec *v1alpha1.RegistrationPolicySpec) { spec.OnTightening = v1alpha1.TighteningRevoke }
	policy := s.policy("web", allow(consenting("User.Read"), *redirectRule(sharedHost)), revoking)
	app, grant := s.app("portal", onSharedHost), s.grant("portal-reads", "portal", microsoftGraph, "User.Read")
	s.create(policy, app, grant)
	s.ready(app, grant)

	edit(s, policy, func(o *v1alpha1.RegistrationPolicy) { o.Spec.Allow = nil })
	s.denied(grant, "spec.scopes[0]", "User.Read")
	s.denied(app, "spec.web.redirectURIs[0]", sharedHost)
	same(t, "granted", []string(nil), s.granted(app))
	same(t, "redirect URIs", []any{}, s.propertyOf(app.Status.ObjectID, "web", "redirectUris"))
}

func TestANamespaceThatLosesItsLabelLosesWhatItAllowed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	policy := s.policy("web", allow(*redirectRule(sharedHost)))
	policy.Spec.Namespaces = v1alpha1.NamespaceSelection{Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"team": s.namespace}}}
	app := s.app("portal", onSharedHost)
	s.create(policy, app)
	s.denied(app, sharedHost)
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.namespace}}
	edit(s, namespace, func(o *corev1.Namespace) { o.Labels["team"] = s.namespace })
	s.ready(app)
	edit(s, namespace, func(o *corev1.Namespace) { delete(o.Labels, "team") })
	s.has(app, v1alpha1.ConditionSynced, metav1.ConditionFalse, v1alpha1.ReasonDenied)
	later := s.app("later", onSharedHost)
	s.create(later)
	s.denied(later, sharedHost)
}

func TestAuditTellsWhatItWouldDenyAndDoesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	audit := func(spec *v1alpha1.RegistrationPolicySpec) { spec.Enforcement = v1alpha1.EnforcementAudit }
	policy := s.policy("shadow", audit, allow(*redirectRule(sharedHost)), deny(*redirectRule("orders.example.com")))
	fine, denied := s.app("fine", onTheWeb), s.app("denied", onSharedHost)
	s.create(policy, fine, denied)
	s.ready(fine)
	s.denied(denied, sharedHost)
	s.clock.until(t, "the policy's count", settleTime, func() bool {
		return s.get(policy) && policy.Status.WouldDeny > 0
	})
	if policy.Status.Denied != 0 || policy.Status.Selected != 1 {
		t.Errorf("the policy says %+v", policy.Status)
	}
}

func TestAPolicyThatChangesNothingForAnObjectCostsItNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c := s.enters()
	s.later()
	s.forget()
	policy := s.policy("web", allow(*redirectRule(sharedHost)))
	s.create(policy)
	s.ready(policy)
	s.clock.quiet(t)
	edit(s, policy, func(o *v1alpha1.RegistrationPolicy) { o.Spec.Allow = append(o.Spec.Allow, consenting("User.Read")) })
	s.clock.quiet(t)
	s.costs("a policy that comes and is edited", 0, 0)
	s.ready(c.all()...)
}

func TestAJustificationIsAskedForWhereAPolicyRequiresIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	policy := s.policy("strict", allow(consenting("User.Read")), func(spec *v1alpha1.RegistrationPolicySpec) {
		spec.Require = []v1alpha1.Requirement{v1alpha1.RequireJustification}
	})
	app, grant := s.app("portal"), s.grant("portal-reads", "portal", microsoftGraph, "User.Read")
	s.create(policy, app, grant)
	s.refused(grant, v1alpha1.ReasonDenied, "spec.justification", policy.Name)
	edit(s, grant, func(o *v1alpha1.DelegatedPermissionGrant) { o.Spec.Justification = "the portal greets people by name" })
	s.ready(grant)
	same(t, "status.justification", "the portal greets people by name", grant.Status.Justification)
}

func TestWithoutTheBaselineOnlyWhatAPolicyAllowsIsAllowed(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	none := s.policy("bare", func(spec *v1alpha1.RegistrationPolicySpec) { spec.Baseline = v1alpha1.BaselineNone })
	app := s.app("portal")
	s.create(none, app)
	s.refused(app, v1alpha1.ReasonDenied, "spec.displayName", none.Name)
	s.holds(census{})
	edit(s, none, func(o *v1alpha1.RegistrationPolicy) {
		o.Spec.Allow = []v1alpha1.PolicyRule{*field("spec.displayName", "*"), {Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{"Delete"}}}}
	})
	s.ready(app)
}

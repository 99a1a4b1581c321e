package approleassignment

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// denying is a policy that denies all roles of the own namespace's APIs.
func denying(change ...func(*v1alpha1.RegistrationPolicySpec)) func(*World) {
	return allowing(v1alpha1.PrincipalAppRegistration, append(change, func(spec *v1alpha1.RegistrationPolicySpec) {
		spec.Deny, spec.Allow = spec.Allow, nil
	})...)
}

func revoking(spec *v1alpha1.RegistrationPolicySpec) { spec.OnTightening = v1alpha1.TighteningRevoke }

func auditing(spec *v1alpha1.RegistrationPolicySpec) { spec.Enforcement = v1alpha1.EnforcementAudit }

func requiring(spec *v1alpha1.RegistrationPolicySpec) {
	spec.Require = []v1alpha1.Requirement{v1alpha1.RequireJustification}
}

// brief allows roles for an hour.
func brief(spec *v1alpha1.RegistrationPolicySpec) {
	for i := range spec.Allow {
		spec.Allow[i].Assign.MaxDuration = &metav1.Duration{Duration: time.Hour}
	}
}

func because(why string) func(*v1alpha1.AppRoleAssignment) {
	return func(a *v1alpha1.AppRoleAssignment) { a.Spec.Justification = why }
}

func TestDecide_Policies(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"without a policy, a role of Microsoft's is denied, with what would allow it": {
			change: changes{world: graphAPI},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: `spec.roles[0]: role "Read" (read) of API MicrosoftGraph for AppRegistration worker`},
		},
		"with one it is given": {
			change: changes{world: both(graphAPI, allowing(v1alpha1.PrincipalAppRegistration))},
			want:   outcome{steps: []string{"give role Read of MicrosoftGraph to orders-worker"}},
		},
		"one denial keeps back all that is new": {
			change: changes{obj: wants("Read", "Application.ReadWrite.All"), world: both(graphAPI, allowing(v1alpha1.PrincipalAppRegistration), tierZero)},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: `spec.roles[1]: role "Application.ReadWrite.All"`},
		},
		"a denial and a wrong name are told together": {
			change: changes{obj: wants("Read", "Raed"), world: graphAPI},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: `; spec.roles[1]: MicrosoftGraph has no role "Raed"`},
		},
		"a justification that is required is asked for": {
			change: changes{world: allowing(v1alpha1.PrincipalAppRegistration, requiring)},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "spec.justification: nothing: it is required by policy open"},
		},
		"with a justification it is given": {
			change: changes{obj: because("reads orders"), world: allowing(v1alpha1.PrincipalAppRegistration, requiring)},
			want:   outcome{steps: []string{giveRead}},
		},
		"what was given without one stays": {
			change: changes{obj: recorded("Read"), world: both(given("read"), allowing(v1alpha1.PrincipalAppRegistration, requiring))},
		},
		"for ever is longer than an hour": {
			change: changes{obj: user, world: both(member, allowing(v1alpha1.PrincipalUser, brief))},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "a rule allows it for a shorter time only"},
		},
		"for an hour it is given": {
			change: changes{obj: both(user, until(today.Add(time.Hour))), world: both(member, allowing(v1alpha1.PrincipalUser, brief))},
			want:   outcome{steps: []string{"give role Read of orders-api to user worker"}, revisit: time.Hour},
		},
		"a policy that is tightened leaves what was given, and says so": {
			change: changes{obj: recorded("Read"), world: both(given("read"), denying())},
			want:   outcome{reason: v1alpha1.ReasonDenied, tells: "kept, though it would be denied today: spec.roles[0]"},
		},
		"where it revokes, what was given is taken away": {
			change: changes{obj: recorded("Read"), world: both(given("read"), denying(revoking))},
			want:   outcome{steps: []string{takeRead}},
		},
		"then it is denied": {
			change: changes{obj: recorded(), world: denying(revoking)},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "policy open denies it"},
		},
		"tier 0 is taken away as soon as nothing names it any more": {
			change: changes{obj: both(wants("Application.ReadWrite.All"), func(a *v1alpha1.AppRoleAssignment) {
				recorded()(a)
				a.Status.Roles = []v1alpha1.NamedID{{Value: "Application.ReadWrite.All", ID: "tier-0"}}
			}), world: both(graphAPI, tierZero, given("tier-0"))},
			want: outcome{steps: []string{"take role Application.ReadWrite.All of MicrosoftGraph from orders-worker"}},
		},
		"what others gave is not adopted where it would be denied": {
			change: changes{world: both(graphAPI, given("read"))},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "no rule allows it"},
		},
		"what was withheld by a policy in the meantime is not given after a crash": {
			change: changes{obj: both(recorded("Read"), pending("read")), world: denying()},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "policy open denies it"},
		},
		"a policy in Audit changes nothing": {
			change: changes{world: denying(auditing)},
			want:   outcome{steps: []string{giveRead}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

// tierZero gives the API a role that only an exact entry allows.
func tierZero(w *World) {
	tier0 := role("Application.ReadWrite.All")
	tier0.ID = "tier-0"
	w.API.AppRoles = append(w.API.AppRoles, tier0)
}

func TestDecide_RemarksWhatAPolicyInAuditWouldDeny(t *testing.T) {
	t.Parallel()
	if remark := (changes{obj: recorded("Read"), world: both(given("read"), denying(auditing))}).decide(t).Remark; remark == "" {
		t.Error("no remark")
	}
}

func TestDecide_JudgesDefaultAccessByItsID(t *testing.T) {
	t.Parallel()
	kind, obj, world := changes{obj: byDefault, world: func(w *World) { w.API.AppRoles = nil }}.apply()
	world.Policies = append(world.Policies, v1alpha1.RegistrationPolicy{Spec: v1alpha1.RegistrationPolicySpec{
		Namespaces: v1alpha1.NamespaceSelection{All: true},
		Deny: []v1alpha1.PolicyRule{{Assign: &v1alpha1.AssignRule{
			Principals: []v1alpha1.PolicyPrincipal{{Kind: v1alpha1.PrincipalAppRegistration}},
			API:        v1alpha1.PolicyAPI{OwnNamespace: true}, Roles: []string{entra.DefaultAccess},
		}}},
	}})
	if refusal := enginetest.Decide(t, kind, obj, world, today).Refusal; refusal == nil || refusal.Reason != v1alpha1.ReasonDenied {
		t.Errorf("decided %v", refusal)
	}
}

package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

func TestExcess_IsReportedOrRevoked(t *testing.T) {
	t.Parallel()
	revoking := everywhere("strict", nil, nil)
	revoking.Spec.OnTightening = v1alpha1.TighteningRevoke
	elsewhere := revoking
	elsewhere.Spec.Namespaces = v1alpha1.NamespaceSelection{Names: []string{"bank"}}
	watching := revoking
	watching.Spec.Enforcement = v1alpha1.EnforcementAudit
	for name, row := range map[string]struct {
		gate    fixture
		request policy.Request
		want    []bool
	}{
		"what is allowed is not in it":                    {baseline().with(revoking), newAssignment(worker, ownAPI), nil},
		"what nothing allows is kept":                     {baseline(), graphRole("Mail.Send"), []bool{false}},
		"unless a policy about the namespace revokes":     {baseline().with(revoking), graphRole("Mail.Send"), []bool{true}},
		"a policy about another namespace does not":       {baseline().with(elsewhere), graphRole("Mail.Send"), []bool{false}},
		"a policy in Audit does not":                      {baseline().with(watching), graphRole("Mail.Send"), []bool{false}},
		"what is as good as Global Administrator is gone": {baseline(), graphRole("RoleManagement.ReadWrite.Directory"), []bool{true}},
		"but not the operator's own":                      {baseline().with(revoking), newAssignment(operator, msGraph), []bool{false}},
		"a deny counts too":                               {baseline().with(everywhere("shut", nil, rules(roles(v1alpha1.PolicyAPI{OwnNamespace: true}, "*.*.*")))), newAssignment(worker, ownAPI), []bool{false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			review := row.gate.review("AppRoleAssignment")
			review.Held, review.Operator = []policy.Request{row.request}, []string{operator}
			verdict := row.gate.Evaluate(review)
			var got []bool
			for _, excess := range verdict.Excess {
				got = append(got, excess.Revoke)
				if excess.Request != row.request {
					t.Errorf("it is about %v", excess.Request)
				}
			}
			if diff := cmp.Diff(row.want, got); diff != "" || len(verdict.Denied) > 0 {
				t.Errorf("%v %s", verdict.Denied, diff)
			}
		})
	}
}

func TestJustification_IsRequiredForPermissions(t *testing.T) {
	t.Parallel()
	requiring := everywhere("reasons", nil, nil)
	requiring.Spec.Require = []v1alpha1.Requirement{v1alpha1.RequireJustification}
	watching := requiring
	watching.Spec.Enforcement = v1alpha1.EnforcementAudit
	for name, row := range map[string]struct {
		policy  v1alpha1.RegistrationPolicy
		kind    string
		says    string
		nothing bool
		denied  int
		audited int
	}{
		"an assignment without one":       {policy: requiring, kind: "AppRoleAssignment", denied: 1},
		"white space is none":             {policy: requiring, kind: "AppRoleAssignment", says: " \n", denied: 1},
		"a consent without one":           {policy: requiring, kind: "DelegatedPermissionGrant", denied: 1},
		"an assignment with one":          {policy: requiring, kind: "AppRoleAssignment", says: "audit 7"},
		"an application needs none":       {policy: requiring, kind: "AppRegistration"},
		"what is held is not asked again": {policy: requiring, kind: "AppRoleAssignment", nothing: true},
		"a policy in Audit only tells":    {policy: watching, kind: "AppRoleAssignment", audited: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gate := allowing(roles(v1alpha1.PolicyAPI{OwnNamespace: true}, policy.Any)).with(row.policy)
			review := gate.review(row.kind, newAssignment(worker, ownAPI))
			if row.nothing {
				review.Held, review.Requests = review.Requests, nil
			}
			review.Justification = row.says
			verdict := gate.Evaluate(review)
			if len(verdict.Denied) != row.denied || len(verdict.WouldDeny) != row.audited {
				t.Errorf("denied %v, would deny %v", verdict.Denied, verdict.WouldDeny)
			}
			for _, denial := range verdict.Denied {
				if want := "spec.justification: nothing: it is required by policy reasons"; denial.String() != want {
					t.Errorf("got %q, want %q", denial, want)
				}
			}
		})
	}
}

func TestWouldDeny_IsWhatEnforcementWouldChange(t *testing.T) {
	t.Parallel()
	denying, taking := everywhere("denying", nil, rules(anyHost)), everywhere("taking", nil, nil)
	giving := everywhere("giving", rules(anyHost), nil)
	taking.Spec.Baseline, giving.Spec.Baseline = v1alpha1.BaselineNone, v1alpha1.BaselineNone
	for _, p := range []*v1alpha1.RegistrationPolicy{&denying, &taking, &giving} {
		p.Spec.Enforcement = v1alpha1.EnforcementAudit
	}
	away := denying
	away.Spec.Namespaces = v1alpha1.NamespaceSelection{Names: []string{"bank"}}
	for name, row := range map[string]struct {
		policy  v1alpha1.RegistrationPolicy
		request policy.Request
		want    string
	}{
		"its denies": {denying, site,
			`policies in Audit would deny: spec.web.redirectURIs[0]: redirect URI "https://a.example.com/" for web: policy denying would deny it`},
		"the baseline that it would take": {taking, site,
			`policies in Audit would deny: spec.web.redirectURIs[0]: redirect URI "https://a.example.com/" for web: policy taking would deny it`},
		"not what it would give instead": {giving, site, ""},
		"not what is denied anyway":      {taking, app, ""},
		"not elsewhere":                  {away, site, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verdict := baseline().with(row.policy).evaluate("AppRegistration", row.request)
			if diff := cmp.Diff(row.want, verdict.WouldDenyMessage()); diff != "" {
				t.Error(diff)
			}
			if len(verdict.Denied) > 0 && row.request == policy.Request(site) {
				t.Errorf("a policy in Audit denied: %v", verdict.Denied)
			}
		})
	}
}

func TestKeptMessage_LeavesOutWhatIsRevoked(t *testing.T) {
	t.Parallel()
	gate := baseline()
	review := gate.review("AppRoleAssignment")
	review.Held = []policy.Request{graphRole("Mail.Send"), graphRole("RoleManagement.ReadWrite.Directory")}
	kept := gate.Evaluate(review).KeptMessage()
	if !strings.HasPrefix(kept, "kept, though it would be denied today: spec.roles[0]: ") ||
		!strings.Contains(kept, "Mail.Send") || strings.Contains(kept, "RoleManagement") {
		t.Errorf("got %q", kept)
	}
}

package policy

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// evaluation is a review with the policies that are about it.
type evaluation struct {
	review   *Review
	baseline Baseline
	// baselineRemovers are the policies that take the baseline away.
	baselineRemovers []string
	// allow and deny are the policies that count for either, audit those that only watch.
	allow, deny, audit []*v1alpha1.RegistrationPolicy
}

func evaluate(baseline Baseline, review *Review, policies policyList) *evaluation {
	e := &evaluation{review: review, baseline: baseline}
	for _, entry := range policies {
		allows, denies := entry.selects(review)
		switch spec := entry.policy.Spec; {
		case !denies:
			continue
		case spec.Enforcement == v1alpha1.EnforcementAudit:
			e.audit = append(e.audit, entry.policy)
			continue
		case spec.Baseline == v1alpha1.BaselineNone:
			e.baselineRemovers = append(e.baselineRemovers, entry.policy.Name)
		}
		e.deny = append(e.deny, entry.policy)
		if allows {
			e.allow = append(e.allow, entry.policy)
		}
	}
	return e
}

// judge is the rule of the house: no own identity, no deny, and one rule that allows all of it.
func (e *evaluation) judge(request Request) (Denial, bool) {
	var denial Denial
	denying := covering(e.deny, request)
	switch {
	case e.review.Operator.Include(request.names()...):
		denial.Because = operatorsOwn
	case len(denying) > 0:
		denial.By, denial.Because = denying, enumerate(denying)+" denies it"
	case e.ruled(e.allow, request), len(e.baselineRemovers) == 0 && e.inBaseline(request):
		return Denial{}, false
	default:
		denial.Because, denial.Remedy = e.lacking(request), remedy(request)
		if e.inBaseline(request) {
			denial.By = e.baselineRemovers
		}
	}
	denial.Path, denial.Asked, denial.LookedAt = request.where(), request.String(), e.lookedAt()
	return denial, true
}

// inBaseline reports whether the baseline, were it not taken away, would allow it.
func (e *evaluation) inBaseline(request Request) bool {
	return !e.operatorsAPI(request) && e.baseline.allows(e.review.Kind, request)
}

// ruled reports whether one rule of these policies allows it.
func (e *evaluation) ruled(policies []*v1alpha1.RegistrationPolicy, request Request) bool {
	exactly := e.operatorsAPI(request)
	for _, policy := range policies {
		for i := range policy.Spec.Allow {
			rule := &policy.Spec.Allow[i]
			if request.allowedBy(rule) && (!exactly || apiOf(rule).AppID != "") {
				return true
			}
		}
	}
	return false
}

// lacking says why no rule allows it: where one would for a shorter time, that.
func (e *evaluation) lacking(request Request) string {
	if lasting, is := request.(lasting); is && e.ruled(e.allow, lasting.brief()) {
		return "a rule allows it for a shorter time only: set spec.notAfter nearer"
	}
	return "no rule allows it"
}

// operatorsAPI : it is about a permission of the operator's own application, which a rule must name by its appId.
func (e *evaluation) operatorsAPI(request Request) bool {
	about, is := request.(permitting)
	if !is {
		return false
	}
	api := about.permission().api
	return e.review.Operator.Include(api.AppID, api.ObjectID)
}

// shadow is what policies in Audit would deny: by a deny, or because they take the baseline away and give nothing for it.
func (e *evaluation) shadow(request Request) []Denial {
	by := covering(e.audit, request)
	for _, policy := range e.audit {
		takes := policy.Spec.Baseline == v1alpha1.BaselineNone && !slices.Contains(by, policy.Name) && e.inBaseline(request)
		if takes && !e.ruled(append(slices.Clone(e.allow), policy), request) {
			by = append(by, policy.Name)
		}
	}
	if len(by) == 0 {
		return nil
	}
	return []Denial{{Path: request.where(), Asked: request.String(), By: by, Because: enumerate(by) + " would deny it"}}
}

// revokes reports whether something held in excess is to be taken away. The operator's own never is: it is not this object's to lose.
func (e *evaluation) revokes(request Request) bool {
	if _, is := request.(Field); is {
		return false // what a field says has no state in which it is gone
	}
	if e.review.Operator.Include(request.names()...) {
		return false
	}
	if about, is := request.(permitting); is && about.permission().tier0() {
		return true
	}
	return slices.ContainsFunc(e.deny, func(p *v1alpha1.RegistrationPolicy) bool { return p.Spec.OnTightening == v1alpha1.TighteningRevoke })
}

// unjustified are those of the policies that require a justification which is not given.
func (e *evaluation) unjustified(policies []*v1alpha1.RegistrationPolicy) []string {
	gives := e.review.Kind == "AppRoleAssignment" || e.review.Kind == "DelegatedPermissionGrant"
	if !gives || len(e.review.Requests) == 0 || strings.TrimSpace(e.review.Justification) != "" {
		return nil
	}
	var by []string
	for _, policy := range policies {
		if slices.Contains(policy.Spec.Require, v1alpha1.RequireJustification) {
			by = append(by, policy.Name)
		}
	}
	return by
}

func unjustified(by []string) Denial {
	return Denial{Path: "spec.justification", Asked: "nothing", By: by, Because: "it is required by " + enumerate(by)}
}

// lookedAt names the baseline and the policies that were looked at.
func (e *evaluation) lookedAt() []string {
	names := []string{"baseline " + e.baseline.String()}
	if len(e.baselineRemovers) > 0 {
		names[0] = "no baseline, because of " + enumerate(e.baselineRemovers)
	}
	for _, policy := range e.deny {
		names = append(names, "policy "+policy.Name)
	}
	return names
}

// covering are those of the policies that have a deny which covers the request.
func covering(policies []*v1alpha1.RegistrationPolicy, request Request) []string {
	var by []string
	for _, policy := range policies {
		for i := range policy.Spec.Deny {
			if request.deniedBy(&policy.Spec.Deny[i]) {
				by = append(by, policy.Name)
				break
			}
		}
	}
	return by
}

// enumerate names policies.
func enumerate(names []string) string { return "policy " + strings.Join(names, ", policy ") }

const operatorsOwn = "it is the operator's own identity, which is never a principal, a client or a target"

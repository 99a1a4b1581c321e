package policy

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// evaluation is a review with the policies that select its object.
type evaluation struct {
	review   *Review
	baseline Baseline
	// baselineRemovers are the names of the policies that take the baseline away.
	baselineRemovers []string
	// allow and deny are the policies whose allows and whose denies count, audit those in Audit.
	allow, deny, audit []*v1alpha1.RegistrationPolicy
}

func newEvaluation(baseline Baseline, review *Review, policies []parsedPolicy) *evaluation {
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

// denial says why a request is denied; false where it is allowed: it names no identity of the operator, no policy denies it, and the
// baseline or one rule allows all of it.
func (e *evaluation) denial(request Request) (Denial, bool) {
	var denial Denial
	deniers := denying(e.deny, request)
	switch {
	case e.review.Operator.Include(request.identities()...):
		denial.Because = operatorsOwn
	case len(deniers) > 0:
		denial.By, denial.Because = deniers, enumerate(deniers)+" denies it"
	case e.allowedByRule(e.allow, request), len(e.baselineRemovers) == 0 && e.inBaseline(request):
		return Denial{}, false
	default:
		denial.Because, denial.Rule = e.whyNotAllowed(request), narrowestRule(request)
		if e.inBaseline(request) {
			denial.By = e.baselineRemovers
		}
	}
	denial.Path, denial.Asked, denial.LookedAt = request.path(), request.String(), e.lookedAt()
	return denial, true
}

// inBaseline reports whether the baseline allows it, whether or not a policy takes the baseline away.
func (e *evaluation) inBaseline(request Request) bool {
	return !e.isOfOperatorsAPI(request) && e.baseline.allows(e.review.Kind, request)
}

// allowedByRule reports whether one rule of these policies allows it.
func (e *evaluation) allowedByRule(policies []*v1alpha1.RegistrationPolicy, request Request) bool {
	byAppID := e.isOfOperatorsAPI(request)
	allows := func(rule *v1alpha1.PolicyRule) bool {
		return request.allowedBy(rule) && (!byAppID || apiOf(rule).AppID != "")
	}
	return slices.ContainsFunc(policies, func(policy *v1alpha1.RegistrationPolicy) bool { return anyRule(policy.Spec.Allow, allows) })
}

// whyNotAllowed says that no rule allows it, or that one does for a shorter time.
func (e *evaluation) whyNotAllowed(request Request) string {
	if limited, is := request.(limitedRequest); is && e.allowedByRule(e.allow, limited.lasting(1)) {
		return "a rule allows it for a shorter time only: set spec.notAfter nearer"
	}
	return "no rule allows it"
}

// isOfOperatorsAPI reports whether it is about a permission of the operator's own application. A rule must name that by its appID.
func (e *evaluation) isOfOperatorsAPI(request Request) bool {
	ofAPI, is := request.(permissionRequest)
	if !is {
		return false
	}
	api := ofAPI.permission().api
	return e.review.Operator.Include(api.AppID, api.ObjectID)
}

// wouldDeny says which policies in Audit would deny it, were they enforced: by a deny, or because they take the baseline away and no rule
// stands in for it.
func (e *evaluation) wouldDeny(request Request) []Denial {
	by := denying(e.audit, request)
	by = append(by, namesOf(e.audit, func(policy *v1alpha1.RegistrationPolicy) bool {
		removesBaseline := policy.Spec.Baseline == v1alpha1.BaselineNone && !slices.Contains(by, policy.Name) && e.inBaseline(request)
		return removesBaseline && !e.allowedByRule(append(slices.Clone(e.allow), policy), request)
	})...)
	if len(by) == 0 {
		return nil
	}
	return []Denial{{Path: request.path(), Asked: request.String(), By: by, Because: enumerate(by) + " would deny it"}}
}

// revokes reports whether what is held and denied is to be taken away. What names the operator's own identity never is: it is not this
// object's to lose.
func (e *evaluation) revokes(request Request) bool {
	if e.review.Operator.Include(request.identities()...) {
		return false
	}
	if ofAPI, is := request.(permissionRequest); is && ofAPI.permission().tier0() {
		return true
	}
	return slices.ContainsFunc(e.deny, func(p *v1alpha1.RegistrationPolicy) bool { return p.Spec.OnTightening == v1alpha1.TighteningRevoke })
}

// missingJustification is the denial by those policies that require a justification which is not given.
func (e *evaluation) missingJustification(policies []*v1alpha1.RegistrationPolicy) []Denial {
	givesPermissions := e.review.Kind == "AppRoleAssignment" || e.review.Kind == "DelegatedPermissionGrant"
	if !givesPermissions || len(e.review.Requests) == 0 || strings.TrimSpace(e.review.Justification) != "" {
		return nil
	}
	by := namesOf(policies, func(policy *v1alpha1.RegistrationPolicy) bool {
		return slices.Contains(policy.Spec.Require, v1alpha1.RequireJustification)
	})
	if len(by) == 0 {
		return nil
	}
	return []Denial{{Path: "spec.justification", Asked: "nothing", By: by, Because: "it is required by " + enumerate(by)}}
}

// lookedAt is the baseline and the policies that were looked at, as a message has them.
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

// denying are the names of those policies that have a deny which covers the request.
func denying(policies []*v1alpha1.RegistrationPolicy, request Request) []string {
	return namesOf(policies, func(policy *v1alpha1.RegistrationPolicy) bool { return anyRule(policy.Spec.Deny, request.deniedBy) })
}

// namesOf are the names of those policies that are such.
func namesOf(policies []*v1alpha1.RegistrationPolicy, such func(*v1alpha1.RegistrationPolicy) bool) []string {
	var names []string
	for _, policy := range policies {
		if such(policy) {
			names = append(names, policy.Name)
		}
	}
	return names
}

// anyRule reports whether one of the rules is such. It copies none of them.
func anyRule(rules []v1alpha1.PolicyRule, such func(*v1alpha1.PolicyRule) bool) bool {
	for i := range rules {
		if such(&rules[i]) {
			return true
		}
	}
	return false
}

// enumerate is the names of policies as a message has them.
func enumerate(names []string) string { return "policy " + strings.Join(names, ", policy ") }

const operatorsOwn = "it is the operator's own identity, which is never a principal, a client or a target"

// parsedPolicy is a policy with its selector read.
type parsedPolicy struct {
	policy *v1alpha1.RegistrationPolicy
	// selector of namespaces by label; nil where the policy has none.
	selector labels.Selector
	// invalid is true where the selector cannot be read.
	invalid bool
}

// parsePolicies also sorts them by name: a cache lists them in any order, and a verdict must not depend on it.
func parsePolicies(policies []v1alpha1.RegistrationPolicy) []parsedPolicy {
	all := make([]parsedPolicy, len(policies))
	for i := range policies {
		all[i].policy = &policies[i]
		if selection := policies[i].Spec.Namespaces; selection.Selector != nil && !selection.All {
			selector, err := metav1.LabelSelectorAsSelector(selection.Selector)
			all[i].selector, all[i].invalid = selector, err != nil
		}
	}
	slices.SortFunc(all, func(a, b parsedPolicy) int { return strings.Compare(a.policy.Name, b.policy.Name) })
	return all
}

// selects reports whether the policy's allows count for the review, and whether its denies do. With a selector that cannot be read, only
// the denies do.
func (p parsedPolicy) selects(review *Review) (allows, denies bool) {
	spec := &p.policy.Spec
	if len(spec.Tenants) > 0 && !slices.Contains(spec.Tenants, review.Tenant) {
		return false, false
	}
	if p.invalid {
		return false, true
	}
	selected := spec.Namespaces.All
	if p.selector != nil {
		selected = !p.selector.Empty() && p.selector.Matches(labels.Set(review.Labels))
	} else if !selected {
		selected = slices.Contains(spec.Namespaces.Names, review.Namespace)
	}
	return selected, selected
}

package policy

import (
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// hearing is an ask with the policies that are about it.
type hearing struct {
	ask      *Ask
	baseline Baseline
	// takers are the policies that take the baseline away.
	takers []string
	// allow and deny are the policies that count for either, audit those that only watch.
	allow, deny, audit []*v1alpha1.RegistrationPolicy
}

func open(baseline Baseline, ask *Ask, policies docket) *hearing {
	h := &hearing{ask: ask, baseline: baseline}
	for _, entry := range policies {
		allows, denies := entry.selects(ask)
		switch spec := entry.policy.Spec; {
		case !denies:
			continue
		case spec.Enforcement == v1alpha1.EnforcementAudit:
			h.audit = append(h.audit, entry.policy)
			continue
		case spec.Baseline == v1alpha1.BaselineNone:
			h.takers = append(h.takers, entry.policy.Name)
		}
		h.deny = append(h.deny, entry.policy)
		if allows {
			h.allow = append(h.allow, entry.policy)
		}
	}
	return h
}

// judge is the rule of the house: no own identity, no deny, and one rule that allows all of it.
func (h *hearing) judge(tuple Tuple) (Denial, bool) {
	var denial Denial
	denying := covering(h.deny, tuple)
	switch {
	case slices.ContainsFunc(tuple.names(), h.ask.ownedByOperator):
		denial.Because = operatorsOwn
	case len(denying) > 0:
		denial.By, denial.Because = denying, enumerate(denying)+" denies it"
	case h.ruled(h.allow, tuple), len(h.takers) == 0 && h.founded(tuple):
		return Denial{}, false
	default:
		denial.Because, denial.Remedy = h.lacking(tuple), remedy(tuple)
		if h.founded(tuple) {
			denial.By = h.takers
		}
	}
	denial.Path, denial.Asked, denial.LookedAt = tuple.where(), tuple.String(), h.lookedAt()
	return denial, true
}

// founded tells whether the baseline, were it not taken away, would allow it.
func (h *hearing) founded(tuple Tuple) bool {
	return !h.operatorsAPI(tuple) && h.baseline.allows(h.ask.Kind, tuple)
}

// ruled tells whether one rule of these policies allows it.
func (h *hearing) ruled(policies []*v1alpha1.RegistrationPolicy, tuple Tuple) bool {
	exactly := h.operatorsAPI(tuple)
	for _, policy := range policies {
		for i := range policy.Spec.Allow {
			rule := &policy.Spec.Allow[i]
			if tuple.allowedBy(rule) && (!exactly || apiOf(rule).AppID != "") {
				return true
			}
		}
	}
	return false
}

// lacking says why no rule allows it: where one would for a shorter time, that.
func (h *hearing) lacking(tuple Tuple) string {
	if lasting, is := tuple.(lasting); is && h.ruled(h.allow, lasting.brief()) {
		return "a rule allows it for a shorter time only: set spec.notAfter nearer"
	}
	return "no rule allows it"
}

// operatorsAPI : it is about a permission of the operator's own application, which a rule must name by its appId.
func (h *hearing) operatorsAPI(tuple Tuple) bool {
	about, is := tuple.(permitting)
	if !is {
		return false
	}
	api := about.permission().api
	return h.ask.ownedByOperator(api.AppID) || h.ask.ownedByOperator(api.ObjectID)
}

// shadow is what policies in Audit would deny: by a deny, or because they take the baseline away and give nothing for it.
func (h *hearing) shadow(tuple Tuple) []Denial {
	by := covering(h.audit, tuple)
	for _, policy := range h.audit {
		takes := policy.Spec.Baseline == v1alpha1.BaselineNone && !slices.Contains(by, policy.Name) && h.founded(tuple)
		if takes && !h.ruled(append(slices.Clone(h.allow), policy), tuple) {
			by = append(by, policy.Name)
		}
	}
	if len(by) == 0 {
		return nil
	}
	return []Denial{{Path: tuple.where(), Asked: tuple.String(), By: by, Because: enumerate(by) + " would deny it"}}
}

// revokes tells whether something held in excess is to be taken away. The operator's own never is: it is not this object's to lose.
func (h *hearing) revokes(tuple Tuple) bool {
	if slices.ContainsFunc(tuple.names(), h.ask.ownedByOperator) {
		return false
	}
	if about, is := tuple.(permitting); is && about.permission().grave() {
		return true
	}
	return slices.ContainsFunc(h.deny, func(p *v1alpha1.RegistrationPolicy) bool { return p.Spec.OnTightening == v1alpha1.TighteningRevoke })
}

// unjustified are those of the policies that require a justification which is not given.
func (h *hearing) unjustified(policies []*v1alpha1.RegistrationPolicy) []string {
	gives := h.ask.Kind == "AppRoleAssignment" || h.ask.Kind == "DelegatedPermissionGrant"
	if !gives || len(h.ask.Tuples) == 0 || strings.TrimSpace(h.ask.Justification) != "" {
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
func (h *hearing) lookedAt() []string {
	names := []string{"baseline " + h.baseline.String()}
	if len(h.takers) > 0 {
		names[0] = "no baseline, because of " + enumerate(h.takers)
	}
	for _, policy := range h.deny {
		names = append(names, "policy "+policy.Name)
	}
	return names
}

// covering are those of the policies that have a deny which covers the tuple.
func covering(policies []*v1alpha1.RegistrationPolicy, tuple Tuple) []string {
	var by []string
	for _, policy := range policies {
		for i := range policy.Spec.Deny {
			if tuple.deniedBy(&policy.Spec.Deny[i]) {
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

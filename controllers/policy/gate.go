package policy

import "slices"

// Gate judges. Its zero value denies everything that no policy allows. It remembers nothing.
type Gate struct {
	// Baseline is what every namespace may ask for without a policy.
	Baseline Baseline
}

// Evaluate judges all of a review at once.
func (g Gate) Evaluate(review Review) Verdict {
	verdict := g.judge(&review, list(review.Policies))
	review.Policies = nil
	verdict.gate, verdict.review, verdict.excess = g, review, slices.Clone(verdict.Excess)
	return verdict
}

func (g Gate) judge(review *Review, policies policyList) Verdict {
	e := evaluate(g.Baseline, review, policies)
	var verdict Verdict
	for _, id := range review.Targets {
		if review.Operator.Include(id) {
			verdict.Denied = append(verdict.Denied, Denial{Path: "spec", Asked: "a change of " + quote(id), Because: operatorsOwn})
		}
	}
	if by := e.unjustified(e.deny); len(by) > 0 {
		verdict.Denied = append(verdict.Denied, unjustified(by))
	}
	if by := e.unjustified(e.audit); len(by) > 0 {
		verdict.Shadow = append(verdict.Shadow, unjustified(by))
	}
	for _, request := range review.Requests {
		if denial, denied := e.judge(request); denied {
			verdict.Denied = append(verdict.Denied, denial)
		}
		verdict.Shadow = append(verdict.Shadow, e.shadow(request)...)
	}
	for _, request := range review.Held {
		if denial, denied := e.judge(request); denied {
			verdict.Excess = append(verdict.Excess, Excess{Denial: denial, Request: request, Revoke: e.revokes(request)})
		}
		verdict.Shadow = append(verdict.Shadow, e.shadow(request)...)
	}
	return verdict
}

package policy

import "slices"

// Gate evaluates reviews. Its zero value denies everything that no policy allows. It remembers nothing.
type Gate struct {
	// Baseline is what every namespace may ask for without a policy.
	Baseline Baseline
}

// Evaluate gives the verdict on everything in a review at once.
func (g Gate) Evaluate(review Review) Verdict {
	verdict := g.evaluate(&review, parsePolicies(review.Policies))
	review.Policies = nil
	verdict.gate, verdict.review, verdict.excess = g, review, slices.Clone(verdict.Excess)
	return verdict
}

func (g Gate) evaluate(review *Review, policies []parsedPolicy) Verdict {
	e := newEvaluation(g.Baseline, review, policies)
	var verdict Verdict
	for _, id := range review.Targets {
		if review.Operator.Include(id) {
			verdict.Denied = append(verdict.Denied, Denial{Path: "spec", Asked: "a change of " + quote(id), Because: operatorsOwn})
		}
	}
	if by := e.requireJustification(e.deny); len(by) > 0 {
		verdict.Denied = append(verdict.Denied, noJustification(by))
	}
	if by := e.requireJustification(e.audit); len(by) > 0 {
		verdict.WouldDeny = append(verdict.WouldDeny, noJustification(by))
	}
	for _, request := range review.Requests {
		if denial, denied := e.denial(request); denied {
			verdict.Denied = append(verdict.Denied, denial)
		}
		verdict.WouldDeny = append(verdict.WouldDeny, e.wouldDeny(request)...)
	}
	for _, request := range review.Held {
		if denial, denied := e.denial(request); denied {
			verdict.Excess = append(verdict.Excess, Excess{Denial: denial, Request: request, Revoke: e.revokes(request)})
		}
		verdict.WouldDeny = append(verdict.WouldDeny, e.wouldDeny(request)...)
	}
	return verdict
}

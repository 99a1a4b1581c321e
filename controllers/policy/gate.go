// Package policy is the gate: what an object may ask of Entra. A request passes where the baseline, or one rule of one policy that
// selects the namespace, allows the whole of it, and no policy denies it. Everything here is in memory; kinds resolve references
// first, so that rules see appIDs and object IDs. Only what is new is denied. What an object has already is reported, and what only
// removes, disables or revokes is not asked for at all.
package policy

import (
	"reflect"
	"slices"
	"strings"
)

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
	verdict.Denied = append(verdict.Denied, e.missingJustification(e.deny)...)
	verdict.WouldDeny = append(verdict.WouldDeny, e.missingJustification(e.audit)...)
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

// Verdict on a Review. Where nothing is denied, all of it may be done.
type Verdict struct {
	// Denied is everything that is denied, with the reasons.
	Denied []Denial
	// Excess is what is held and would be denied today.
	Excess []Excess
	// WouldDeny is what policies in Audit would deny, were they enforced, of what is new and of what is held. By names them.
	WouldDeny []Denial

	// gate and review are what the verdict was made by and of, so that it can be made again under other policies.
	gate   Gate
	review Review
	// excess is Excess as the gate gave it: a kind may keep what the gate would revoke.
	excess []Excess
}

// sameAs reports whether the gate gave the same verdict another time, whatever a kind changed in this one since.
func (v Verdict) sameAs(other Verdict) bool {
	return reflect.DeepEqual(v.Denied, other.Denied) && reflect.DeepEqual(v.excess, other.Excess) && reflect.DeepEqual(v.WouldDeny, other.WouldDeny)
}

// Excess is something that an object has and would not get today.
type Excess struct {
	Denial
	Request Request
	// Revoke is true where it must be taken away. Otherwise it is kept working, and reported.
	Revoke bool
}

// KeptMessage says what would be denied today and is kept; empty where nothing is. MaxMessage bounds it.
func (v Verdict) KeptMessage() string {
	var kept []Denial
	for _, excess := range v.Excess {
		if !excess.Revoke {
			kept = append(kept, excess.Denial)
		}
	}
	return prefixedMessage("kept, though it would be denied today: ", kept)
}

// WouldDenyMessage says what policies in Audit would deny; empty where that is nothing. MaxMessage bounds it.
func (v Verdict) WouldDenyMessage() string {
	return prefixedMessage("policies in Audit would deny: ", v.WouldDeny)
}

func prefixedMessage(prefix string, denials []Denial) string {
	if len(denials) == 0 {
		return ""
	}
	return truncate(prefix+strings.TrimSpace(Message(denials)), MaxMessage)
}

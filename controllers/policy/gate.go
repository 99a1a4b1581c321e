package policy

// Gate judges. Its zero value denies everything that no policy allows.
type Gate struct {
	// Baseline is what every namespace may ask for without a policy.
	Baseline Baseline
	// Ledger notes what was asked and judged; nil for none.
	Ledger *Ledger
}

// Review judges all of an ask at once, and notes it in the Ledger.
func (g Gate) Review(ask Ask) Verdict {
	verdict := g.judge(ask, list(ask.Policies))
	g.Ledger.note(g, ask, verdict)
	return verdict
}

func (g Gate) judge(ask Ask, policies docket) Verdict {
	h := open(g.Baseline, &ask, policies)
	var verdict Verdict
	for _, id := range ask.Targets {
		if ask.ownedByOperator(id) {
			verdict.Denied = append(verdict.Denied, Denial{Path: "spec", Asked: "a change of " + quote(id), Because: operatorsOwn})
		}
	}
	if by := h.unjustified(h.deny); len(by) > 0 {
		verdict.Denied = append(verdict.Denied, unjustified(by))
	}
	if by := h.unjustified(h.audit); len(by) > 0 {
		verdict.Shadow = append(verdict.Shadow, unjustified(by))
	}
	for _, tuple := range ask.Tuples {
		if denial, denied := h.judge(tuple); denied {
			verdict.Denied = append(verdict.Denied, denial)
		}
		verdict.Shadow = append(verdict.Shadow, h.shadow(tuple)...)
	}
	for _, tuple := range ask.Held {
		if denial, denied := h.judge(tuple); denied {
			verdict.Excess = append(verdict.Excess, Excess{Denial: denial, Tuple: tuple, Revoke: h.revokes(tuple)})
		}
		verdict.Shadow = append(verdict.Shadow, h.shadow(tuple)...)
	}
	return verdict
}

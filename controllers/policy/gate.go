package policy

import (
	"slices"
	"strings"
)

// Gate judges. Its zero value denies everything.
type Gate struct {
	// Baseline is what every namespace may ask for without a policy.
	Baseline Baseline
	// Policies add to the baseline, and deny.
	Policies []Policy
}

// Policy is a named set of rules.
type Policy struct {
	Name  string
	Allow []Rule
	Deny  []Rule
}

// Review returns every denial at once; none: all of it may be done.
func (g Gate) Review(ask Ask) []Denial {
	var denials []Denial
	for _, id := range ask.Targets {
		if ask.ownedByOperator(id) {
			denials = append(denials, Denial{Path: "spec", Asked: "a change of " + quote(id), Because: operatorsOwn})
		}
	}
	for _, tuple := range ask.Tuples {
		if denial, denied := g.judge(ask, tuple); denied {
			denials = append(denials, denial)
		}
	}
	return denials
}

func (g Gate) judge(ask Ask, tuple Tuple) (Denial, bool) {
	denial := Denial{Path: tuple.where(), Asked: tuple.String(), LookedAt: g.names()}
	if slices.ContainsFunc(tuple.names(), ask.ownedByOperator) {
		denial.Because = operatorsOwn
		return denial, true
	}
	for _, policy := range g.Policies {
		if slices.ContainsFunc(policy.Deny, tuple.deniedBy) {
			denial.Because = "policy " + policy.Name + " denies it"
			return denial, true
		}
	}
	if g.allows(ask.Kind, tuple) {
		return Denial{}, false
	}
	denial.Because = "no rule allows it"
	if rule, possible := tuple.remedy(); possible {
		denial.Remedy = rule.String()
	}
	return denial, true
}

func (g Gate) allows(kind string, tuple Tuple) bool {
	if g.Baseline.allows(kind, tuple) {
		return true
	}
	return slices.ContainsFunc(g.Policies, func(p Policy) bool { return slices.ContainsFunc(p.Allow, tuple.allowedBy) })
}

// names of what is looked at, for denials.
func (g Gate) names() []string {
	names := []string{"baseline " + g.Baseline.String()}
	for _, policy := range g.Policies {
		names = append(names, "policy "+policy.Name)
	}
	return names
}

const operatorsOwn = "it is the operator's own identity, which is never a principal or a target"

// ownedByOperator minds no case: Entra's IDs are GUIDs, and people write them both ways.
func (a Ask) ownedByOperator(id string) bool {
	return id != "" && slices.ContainsFunc(a.Operator, func(own string) bool { return strings.EqualFold(own, id) })
}

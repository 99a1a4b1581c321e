package policy

import "github.com/entra-registrar/entra-registrar/api/v1alpha1"

// SharedSuffixes, RuleText and MatchesPattern let the tests look inside.
var (
	SharedSuffixes = sharedSuffixes
	RuleText       = ruleText
	MatchesPattern = matchesPattern
)

// NarrowestRule that allows a request.
func NarrowestRule(request Request) (v1alpha1.PolicyRule, bool) { return request.narrowestRule() }

package policy

import "github.com/entra-registrar/entra-registrar/api/v1alpha1"

// SharedSuffixes and RuleText let the tests look inside.
var (
	SharedSuffixes = sharedSuffixes
	RuleText       = ruleText
)

// NarrowestRule that allows a request.
func NarrowestRule(request Request) (v1alpha1.PolicyRule, bool) { return request.narrowestRule() }

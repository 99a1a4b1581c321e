package policy

import "github.com/entra-registrar/entra-registrar/api/v1alpha1"

// Match and SharedSuffixes let the tests look inside.
var (
	Match          = match
	SharedSuffixes = sharedSuffixes
	Spell          = spell
)

// Remedy is the request's narrowest rule.
func Remedy(request Request) (v1alpha1.PolicyRule, bool) { return request.remedy() }

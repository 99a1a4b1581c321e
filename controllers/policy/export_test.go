package policy

// Match and SharedSuffixes let the tests look inside.
var (
	Match          = match
	SharedSuffixes = sharedSuffixes
)

// Remedy is the tuple's narrowest rule.
func Remedy(tuple Tuple) (Rule, bool) { return tuple.remedy() }

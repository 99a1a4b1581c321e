package policy

// Match and Remedy let the tests look inside.
var Match = match

// Remedy is the tuple's narrowest rule.
func Remedy(tuple Tuple) (Rule, bool) { return tuple.remedy() }

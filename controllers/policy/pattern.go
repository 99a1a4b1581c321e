package policy

import "strings"

// Any stands, alone, for any value in a rule.
const Any = "*"

// subjectSeparators part the subject of a token, as in repo:example/payments:environment:prod.
const subjectSeparators = ":/"

// matchesPattern reports whether a value is what a pattern says: exactly, or with each * standing for one or more characters, none of them a
// separator. A pattern that is Any stands for every value.
func matchesPattern(pattern, value, separators string) bool {
	if pattern == Any {
		return true
	}
	separates := func(char byte) bool { return strings.IndexByte(separators, char) >= 0 }
	star, end := -1, 0 // the last * in pattern, and how far in value it reaches
	p, v := 0, 0
	for v < len(value) {
		switch {
		case hasAt(pattern, p, '*') && !separates(value[v]):
			star, end = p, v+1
			p, v = p+1, v+1
		case hasAt(pattern, p, value[v]):
			p, v = p+1, v+1
		case star >= 0 && end < len(value) && !separates(value[end]):
			end++
			p, v = star+1, end
		default:
			return false
		}
	}
	return p == len(pattern)
}

func hasAt(text string, at int, char byte) bool { return at < len(text) && text[at] == char }

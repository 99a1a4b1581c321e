package policy

import "strings"

// match reports whether value is what pattern says: exactly, or with each * standing for one or more characters, none of them a
// separator. A pattern that is Any stands for every value.
func match(pattern, value, separators string) bool {
	if pattern == Any {
		return true
	}
	separates := func(char byte) bool { return strings.IndexByte(separators, char) >= 0 }
	star, mark := -1, 0 // the last * in pattern, and how far in value it reaches
	p, v := 0, 0
	for v < len(value) {
		switch {
		case has(pattern, p, '*') && !separates(value[v]):
			star, mark = p, v+1
			p, v = p+1, v+1
		case has(pattern, p, value[v]):
			p, v = p+1, v+1
		case star >= 0 && mark < len(value) && !separates(value[mark]):
			mark++
			p, v = star+1, mark
		default:
			return false
		}
	}
	return p == len(pattern)
}

func has(text string, at int, char byte) bool { return at < len(text) && text[at] == char }

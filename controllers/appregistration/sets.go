package appregistration

import "slices"

// verbatim compares texts as they are.
func verbatim(text string) string { return text }

// distinct keeps the first of those that spell the same.
func distinct(texts []string, spell func(string) string) []string {
	seen := map[string]bool{}
	var kept []string
	for _, text := range texts {
		if !seen[spell(text)] {
			seen[spell(text)] = true
			kept = append(kept, text)
		}
	}
	return kept
}

// asSet brings a list to hold what is wanted, in the order that it has; nil where it does already.
func asSet(have, wanted []string, spell func(string) string) *[]string {
	keep := map[string]bool{}
	for _, text := range wanted {
		keep[spell(text)] = true
	}
	next := slices.DeleteFunc(slices.Clone(have), func(text string) bool { return !keep[spell(text)] })
	next = distinct(append(next, wanted...), spell)
	if slices.Equal(next, have) {
		return nil
	}
	if next == nil {
		next = []string{} // nil would be no value in the patch
	}
	return &next
}

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

// asList is what the list becomes.
func asList(have, wanted []string, spell func(string) string) []string {
	if next := asSet(have, wanted, spell); next != nil {
		return *next
	}
	return have
}

// laidOver brings a list to hold the wanted entries, one a key, in the order that it has, new ones at the end. Join makes the entry of
// two that have the same key.
func laidOver[T any](have, wanted []T, key func(T) string, join func(have, wanted T) T) []T {
	next := slices.Clone(have)
	for _, entry := range wanted {
		at := slices.IndexFunc(next, func(other T) bool { return key(other) == key(entry) })
		if at < 0 {
			next = append(next, entry)
			continue
		}
		next[at] = join(next[at], entry)
	}
	return next
}

// inOrder is laidOver without the entries that are not wanted.
func inOrder[T any](have, wanted []T, key func(T) string, join func(have, wanted T) T) []T {
	kept := slices.DeleteFunc(slices.Clone(have), func(entry T) bool {
		return !slices.ContainsFunc(wanted, func(other T) bool { return key(other) == key(entry) })
	})
	return laidOver(kept, wanted, key, join)
}

// except are the texts that are not gone.
func except(texts []string, gone func(string) bool) []string {
	var kept []string
	for _, text := range texts {
		if !gone(text) {
			kept = append(kept, text)
		}
	}
	return kept
}

package application

import "slices"

// verbatim compares texts as they are.
func verbatim(text string) string { return text }

// distinct keeps the first of those that are spelled the same.
func distinct(texts []string, spelling func(string) string) []string {
	seen := map[string]bool{}
	var kept []string
	for _, text := range texts {
		if !seen[spelling(text)] {
			seen[spelling(text)] = true
			kept = append(kept, text)
		}
	}
	return kept
}

// reconcileSet brings a list to hold what is wanted, in the order that it has.
func reconcileSet(have, wanted []string, spelling func(string) string) []string {
	keep := map[string]bool{}
	for _, text := range wanted {
		keep[spelling(text)] = true
	}
	next := slices.DeleteFunc(slices.Clone(have), func(text string) bool { return !keep[spelling(text)] })
	if next = distinct(append(next, wanted...), spelling); slices.Equal(next, have) {
		return have // an empty list and none would differ within a patch
	}
	return next
}

// mergeByKey brings a list to hold the wanted entries, one a key, in the order that it has, new ones at the end. Join makes the entry of
// two that have the same key.
func mergeByKey[T any](have, wanted []T, key func(T) string, join func(have, wanted T) T) []T {
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

// reconcileByKey is mergeByKey without the entries that are not wanted.
func reconcileByKey[T any](have, wanted []T, key func(T) string, join func(have, wanted T) T) []T {
	kept := slices.DeleteFunc(slices.Clone(have), func(entry T) bool {
		return !slices.ContainsFunc(wanted, func(other T) bool { return key(other) == key(entry) })
	})
	return mergeByKey(kept, wanted, key, join)
}

// without are the texts that are not to be removed; nil where none is left.
func without(texts []string, remove func(string) bool) []string {
	var kept []string
	for _, text := range texts {
		if !remove(text) {
			kept = append(kept, text)
		}
	}
	return kept
}

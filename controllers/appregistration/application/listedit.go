package application

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// wanted is a scope or role as the spec has it. It is pinned where the spec gives the ID; otherwise an entry of the same value keeps its own.
type wanted[T any] struct {
	entry  T
	pinned bool
}

// attributes are what scopes and roles have in common, to be read and set.
type attributes struct {
	id, value            *string
	enabled, unconfirmed *bool
}

// holding says what keeps an entry from being removed, empty where nothing does, and whether that is known.
type holding[T any] func(T) (reason string, known bool)

// listEdit is how a list of scopes or roles comes closer to what is wanted.
type listEdit[T any] struct {
	next []T
	// for people, by value
	added, changed, disabled, removed []string
	// lagging is true where something must be seen in Entra before the list can go on.
	lagging bool
	// unobserved is true where an entry is to be removed once it is known that nobody holds it.
	unobserved bool
	// held say which entries stay, disabled, and why.
	held []string
}

// editList makes an edit. An entry that is not wanted any more is disabled, seen disabled, and only then removed. Order in Entra stays. An
// entry whose value or ID is taken, here or among others, waits until that one is gone.
func editList[T any](have []T, want []wanted[T], read func(*T) attributes, others []attributes, holds holding[T]) listEdit[T] {
	var e listEdit[T]
	matched := map[int]bool{}
	taken := others
	for _, entry := range have {
		taken = append(taken, read(&entry))
		if i := match(want, read(&entry), read); i >= 0 {
			matched[i] = true
			e.update(entry, want[i].entry, read)
			continue
		}
		e.remove(entry, read, holds)
	}
	for i, w := range want {
		entry := read(&w.entry)
		clashes := func(a attributes) bool { return *a.id == *entry.id || *a.value == *entry.value }
		if !matched[i] && !slices.ContainsFunc(taken, clashes) {
			e.next, e.added = append(e.next, w.entry), append(e.added, *entry.value)
		}
	}
	return e
}

// match finds the wanted entry that one in Entra stands for; -1 where there is none.
func match[T any](want []wanted[T], entry attributes, read func(*T) attributes) int {
	for i := range want { // not IndexFunc, which would copy each entry: hundreds meet hundreds
		a := read(&want[i].entry)
		if *a.value == *entry.value && (!want[i].pinned || *a.id == *entry.id) {
			return i
		}
	}
	return -1
}

func allAttributes[T any](entries []T, read func(*T) attributes) []attributes {
	all := make([]attributes, len(entries))
	for i := range entries {
		all[i] = read(&entries[i])
	}
	return all
}

func (e *listEdit[T]) update(entry, want T, read func(*T) attributes) {
	from, to := read(&entry), read(&want)
	*to.id = *from.id
	*to.unconfirmed = *from.unconfirmed && !*to.enabled
	if !reflect.DeepEqual(entry, want) {
		e.changed = append(e.changed, *to.value)
	}
	e.next = append(e.next, want)
}

// remove takes an entry one step out.
func (e *listEdit[T]) remove(entry T, read func(*T) attributes, holds holding[T]) {
	a := read(&entry)
	switch {
	case *a.enabled:
		*a.enabled = false
		e.disabled = append(e.disabled, *a.value)
	case *a.unconfirmed:
		e.lagging = true
	default:
		switch reason, known := holds(entry); {
		case !known:
			e.unobserved = true
		case reason != "":
			e.held = append(e.held, reason)
		default:
			e.removed = append(e.removed, *a.value)
			return
		}
	}
	e.next = append(e.next, entry)
}

// String says what the edit does; empty where it does nothing.
func (e *listEdit[T]) String() string {
	var parts []string
	for _, part := range []struct {
		verb   string
		values []string
	}{{"add", e.added}, {"change", e.changed}, {"disable", e.disabled}, {"remove", e.removed}} {
		if len(part.values) > 0 {
			parts = append(parts, part.verb+" "+FirstFew(part.values, " "))
		}
	}
	return strings.Join(parts, ", ")
}

// FirstFew names the first few of values.
func FirstFew(values []string, separator string) string {
	const most = 5
	if len(values) <= most {
		return strings.Join(values, separator)
	}
	return fmt.Sprintf("%s and %d more", strings.Join(values[:most], separator), len(values)-most)
}

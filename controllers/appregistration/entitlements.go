package appregistration

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// wanted is a scope or role as the spec has it. Pinned: the spec gives the ID; otherwise an entry of the same value keeps its own.
type wanted[T any] struct {
	entry  T
	pinned bool
}

// facts are what scopes and roles have in common, to be read and set.
type facts struct {
	id, value            *string
	enabled, unconfirmed *bool
}

// hold is what keeps a disabled entry from being removed.
type hold int

const (
	free hold = iota
	held
	unseen // who holds it has not been looked at yet
)

// edit is how a list of scopes or roles comes closer to what is wanted.
type edit[T any] struct {
	next []T
	// for people, by value
	added, changed, disabled, removed []string
	// pending : something must be seen in Entra before the list can go on.
	pending bool
	// kept are values that stay, disabled, because somebody holds them.
	kept []string
}

// change makes an edit. An entry that is not wanted any more is disabled, seen disabled, and only then removed. Order in Entra
// stays. An entry whose value or ID is taken, here or among others, waits until that one is gone.
func changeList[T any](have []T, want []wanted[T], read func(*T) facts, others []facts, holds func(T) hold) edit[T] {
	var e edit[T]
	matched := map[int]bool{}
	taken := others
	for _, entry := range have {
		taken = append(taken, read(&entry))
		if i := match(want, read(&entry), read); i >= 0 {
			matched[i] = true
			e.update(entry, want[i].entry, read)
			continue
		}
		e.leave(entry, read, holds)
	}
	for i, w := range want {
		if matched[i] || clashes(read(&w.entry), taken) {
			continue
		}
		e.next = append(e.next, w.entry)
		e.added = append(e.added, *read(&w.entry).value)
	}
	return e
}

// match finds the wanted entry that one in Entra stands for; -1 where there is none.
func match[T any](want []wanted[T], entry facts, read func(*T) facts) int {
	for i := range want { // not IndexFunc, which would copy each entry: hundreds meet hundreds
		f := read(&want[i].entry)
		if *f.value == *entry.value && (!want[i].pinned || *f.id == *entry.id) {
			return i
		}
	}
	return -1
}

func clashes(entry facts, taken []facts) bool {
	return slices.ContainsFunc(taken, func(f facts) bool { return *f.id == *entry.id || *f.value == *entry.value })
}

// update keeps an entry in its place, with its ID.
func (e *edit[T]) update(entry, want T, read func(*T) facts) {
	from, to := read(&entry), read(&want)
	*to.id = *from.id
	*to.unconfirmed = *from.unconfirmed && !*to.enabled
	if !reflect.DeepEqual(entry, want) {
		e.changed = append(e.changed, *to.value)
	}
	e.next = append(e.next, want)
}

// leave takes an entry one step out.
func (e *edit[T]) leave(entry T, read func(*T) facts, holds func(T) hold) {
	f := read(&entry)
	switch {
	case *f.enabled:
		*f.enabled = false
		e.disabled = append(e.disabled, *f.value)
	case *f.unconfirmed:
		e.pending = true
	default:
		switch holds(entry) {
		case free:
			e.removed = append(e.removed, *f.value)
			return
		case held:
			e.kept = append(e.kept, *f.value)
		case unseen:
			e.pending = true
		}
	}
	e.next = append(e.next, entry)
}

// words say what the edit does; empty: nothing.
func (e *edit[T]) words() string {
	var parts []string
	for _, part := range []struct {
		verb   string
		values []string
	}{{"add", e.added}, {"change", e.changed}, {"disable", e.disabled}, {"remove", e.removed}} {
		if len(part.values) > 0 {
			parts = append(parts, part.verb+" "+some(part.values))
		}
	}
	return strings.Join(parts, ", ")
}

// some names the first few of values, which have no spaces.
func some(values []string) string { return few(values, " ") }

func few(values []string, separator string) string {
	const most = 5
	if len(values) <= most {
		return strings.Join(values, separator)
	}
	return fmt.Sprintf("%s and %d more", strings.Join(values[:most], separator), len(values)-most)
}

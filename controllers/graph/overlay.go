package graph

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// values are the properties of one object: as we last told them, and what our writes made of them. All are canonical JSON, so that
// nothing is shared with callers.
type values struct {
	told    map[string]string
	written map[string]*written
	touched time.Time
}

// written is a property that we wrote, and what it was before.
type written struct {
	ours     json.RawMessage
	replaced []replaced
}

type replaced struct {
	value string
	at    time.Time
}

// lay puts our own recent writes over what Entra shows of an object, and remembers the result. P is the patch type: its field names
// are the properties. A value that one of our writes replaced is an old answer; any other is somebody's edit, and stays.
func lay[P any](m *memory, key string, object any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.valuesOf(key)
	target := reflect.ValueOf(object).Elem()
	for _, name := range properties[P]() {
		field := target.FieldByName(name)
		if !field.IsValid() {
			continue
		}
		if w := v.written[name]; w != nil && m.isStale(w, field.Interface()) {
			correct(field, w.ours)
		}
		v.told[name] = canonical(field.Interface())
	}
}

// wrote remembers what a successful patch replaced.
func wrote[P any](m *memory, key string, patch P) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.valuesOf(key)
	fields := reflect.ValueOf(patch)
	for _, name := range properties[P]() {
		pointer := fields.FieldByName(name)
		if pointer.IsNil() {
			continue
		}
		value := pointer.Elem().Interface()
		before, known := v.told[name]
		v.told[name] = canonical(value)
		if !known || before == v.told[name] {
			continue
		}
		w := v.written[name]
		if w == nil {
			w = &written{}
			v.written[name] = w
		}
		w.ours, _ = json.Marshal(value)
		w.replaced = append(w.replaced, replaced{before, m.clock.Now()})
	}
}

func (m *memory) valuesOf(key string) *values {
	m.sweep()
	v, known := m.values[key]
	if !known {
		v = &values{told: map[string]string{}, written: map[string]*written{}}
		m.values[key] = v
	}
	v.touched = m.clock.Now()
	return v
}

func (m *memory) isStale(w *written, shown any) bool {
	w.replaced = slices.DeleteFunc(w.replaced, func(r replaced) bool { return !m.within(r.at, staleness) })
	value := canonical(shown)
	if value == canonicalJSON(w.ours, shown) {
		return false
	}
	return slices.ContainsFunc(w.replaced, func(r replaced) bool { return r.value == value })
}

// correct sets a field to what we wrote. What a read has not yet shown disabled stays unconfirmed.
func correct(field reflect.Value, ours json.RawMessage) {
	shown := field.Interface()
	fresh := reflect.New(field.Type())
	if json.Unmarshal(ours, fresh.Interface()) != nil {
		return
	}
	switch value := fresh.Elem().Interface().(type) {
	case []entra.Scope:
		read, _ := shown.([]entra.Scope)
		field.Set(reflect.ValueOf(entra.FoldScopes(read, value)))
	case []entra.AppRole:
		read, _ := shown.([]entra.AppRole)
		field.Set(reflect.ValueOf(entra.FoldAppRoles(read, value)))
	default:
		field.Set(fresh.Elem())
	}
}

// properties are the field names of a patch type.
func properties[P any]() []string {
	var names []string
	for field := range reflect.TypeFor[P]().Fields() {
		names = append(names, field.Name)
	}
	return names
}

// canonical is a value's text for comparison: lists as sets, without what only we know.
func canonical(value any) string {
	switch v := value.(type) {
	case []string:
		return strings.Join(sorted(v), "\n")
	case []entra.Scope:
		return texts(v, func(s entra.Scope) entra.Scope { s.Unconfirmed = false; return s })
	case []entra.AppRole:
		return texts(v, func(r entra.AppRole) entra.AppRole {
			r.Unconfirmed, r.AllowedMemberTypes = false, sorted(r.AllowedMemberTypes)
			return r
		})
	case []entra.RequiredAccess:
		return texts(v, func(r entra.RequiredAccess) entra.RequiredAccess {
			r.Scopes, r.AppRoles = sorted(r.Scopes), sorted(r.AppRoles)
			return r
		})
	case []entra.PreAuthorized:
		return texts(v, func(p entra.PreAuthorized) entra.PreAuthorized { p.Scopes = sorted(p.Scopes); return p })
	default:
		return text(value)
	}
}

// texts are the members of a set, each in one way of writing it.
func texts[T any](list []T, plainly func(T) T) string {
	var members []string
	for _, member := range list {
		members = append(members, text(plainly(member)))
	}
	return strings.Join(sorted(members), "\n")
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

func canonicalJSON(raw json.RawMessage, like any) string {
	fresh := reflect.New(reflect.TypeOf(like))
	_ = json.Unmarshal(raw, fresh.Interface())
	return canonical(fresh.Elem().Interface())
}

func text(value any) string {
	raw, _ := json.Marshal(value)
	return string(raw)
}

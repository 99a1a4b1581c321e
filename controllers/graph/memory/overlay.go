package memory

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// propertyState is a property of one object, as we last gave it to a caller, and what our writes made of it. Nothing in it is shared
// with callers. Values are kept as text that can be compared.
type propertyState struct {
	given    string
	ours     json.RawMessage // nil where we did not write it
	oursText string
	replaced []replaced
}

type replaced struct {
	text string
	at   time.Time
}

// patch of an object: it has a pointer for each property, under the name of the object's field, and sets those that are not nil.
type patch[O any] interface{ Apply(object *O) }

// Overlay puts our own recent writes over what Entra shows of an object, and remembers the result. A value that one of our writes
// replaced is an old answer; any other is somebody's edit, and stays. Where only some properties were read, they are named.
func Overlay[P patch[O], O any](m *Memory, key string, object *O, only ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	states, shown := m.propertiesOf(key), reflect.ValueOf(object).Elem()
	var ours P
	for field, pointer := range reflect.ValueOf(&ours).Elem().Fields() {
		if len(only) > 0 && !slices.Contains(only, field.Name) {
			continue
		}
		state, known := states[field.Name]
		if !known {
			state = &propertyState{}
			states[field.Name] = state
		}
		state.given = textOf(shown.FieldByName(field.Name))
		if m.isStale(state) {
			pointer.Set(reflect.New(field.Type.Elem()))
			_ = json.Unmarshal(state.ours, pointer.Interface()) // we marshalled it
			state.given = state.oursText
		}
	}
	ours.Apply(object)
}

// isStale reports whether what is given is what one of our writes replaced.
func (m *Memory) isStale(s *propertyState) bool {
	s.replaced = slices.DeleteFunc(s.replaced, func(r replaced) bool { return !m.within(r.at, staleness) })
	return s.ours != nil && s.given != s.oursText &&
		slices.ContainsFunc(s.replaced, func(r replaced) bool { return r.text == s.given })
}

// NotePatch remembers what a successful patch replaced.
func NotePatch[P any](m *Memory, key string, patch P) {
	m.mu.Lock()
	defer m.mu.Unlock()
	states := m.propertiesOf(key)
	for field, pointer := range reflect.ValueOf(patch).Fields() {
		if pointer.IsNil() {
			continue
		}
		text := textOf(pointer.Elem())
		state, known := states[field.Name]
		if !known {
			states[field.Name] = &propertyState{given: text}
			continue
		}
		before := state.given
		state.given = text
		if before != text {
			state.ours, _ = json.Marshal(pointer.Interface())
			state.oursText, state.replaced = text, append(state.replaced, replaced{before, m.clock.Now()})
		}
	}
}

func (m *Memory) propertiesOf(key string) map[string]*propertyState {
	m.sweep()
	return m.properties.at(key, m.clock.Now())
}

// textOf is a value for comparison: lists as sets, and without Unconfirmed, which only we know.
func textOf(value reflect.Value) string { return string(appendText(nil, value)) }

func appendText(text []byte, value reflect.Value) []byte {
	switch value.Kind() {
	case reflect.String:
		return strconv.AppendQuote(text, value.String())
	case reflect.Slice:
		members := make([]string, value.Len())
		start := len(text)
		for i := range members {
			text = appendText(text[:start], value.Index(i))
			members[i] = string(text[start:])
		}
		slices.Sort(members)
		return append(text[:start], "["+strings.Join(members, ",")+"]"...)
	case reflect.Struct:
		for i := range value.NumField() {
			if value.Type().Field(i).Name != "Unconfirmed" {
				text = append(appendText(text, value.Field(i)), ';')
			}
		}
		return text
	default:
		return fmt.Append(text, value)
	}
}

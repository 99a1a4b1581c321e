package odata

import (
	"reflect"
	"time"
)

// Document is a JSON object as Graph sends it. A stored document is never changed: clone it first.
type Document = map[string]any

// Clone copies a document with everything below it.
func Clone(doc Document) Document {
	out := make(Document, len(doc))
	for name, value := range doc {
		out[name] = cloneValue(value)
	}
	return out
}

func cloneValue(value any) any {
	switch v := value.(type) {
	case Document:
		return Clone(v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = cloneValue(item)
		}
		return out
	default:
		return v
	}
}

// Text is the string at a path of property names, empty when it is absent, null or something else.
func Text(doc Document, path ...string) string {
	s, _ := At(doc, path...).(string)
	return s
}

// Flag is the boolean at a path, false when it is absent or null.
func Flag(doc Document, path ...string) bool {
	b, _ := At(doc, path...).(bool)
	return b
}

// List is the collection at a path, nil when it is absent or null.
func List(doc Document, path ...string) []any {
	l, _ := At(doc, path...).([]any)
	return l
}

// Texts is the collection of strings at a path.
func Texts(doc Document, path ...string) []string {
	var out []string
	for _, item := range List(doc, path...) {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// Documents is the collection of complex values at a path.
func Documents(doc Document, path ...string) []Document {
	var out []Document
	for _, item := range List(doc, path...) {
		if d, ok := item.(Document); ok {
			out = append(out, d)
		}
	}
	return out
}

// At is the value at a path of property names, nil when a part of it is absent.
func At(doc Document, path ...string) any {
	var value any = doc
	for _, name := range path {
		parent, ok := value.(Document)
		if !ok {
			return nil
		}
		value = parent[name]
	}
	return value
}

// Time is the time of a property, zero when it is absent, null or no time.
func Time(doc Document, name string) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, Text(doc, name))
	return t
}

// Strings makes a collection out of strings.
func Strings(values ...string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// Same reports whether two JSON values are equal.
func Same(a, b any) bool { return reflect.DeepEqual(a, b) }

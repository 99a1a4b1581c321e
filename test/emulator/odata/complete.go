package odata

import (
	"fmt"
	"maps"
	"slices"
)

// Complete refuses a document in which a complex value lacks something that may not be null.
func Complete(t *Type, doc Document) error { return complete(t, doc, t.Resource, "") }

func complete(t *Type, doc Document, resource, path string) error {
	for _, name := range sortedNames(t) {
		shape, _ := t.Shape(name)
		if shape.primitive() {
			if path != "" && shape.Required && !shape.Collection && doc[name] == nil {
				return Missing(path+name, resource)
			}
			continue
		}
		if inner := Known(shape.Type); inner != nil {
			if err := completeValues(inner, shape, doc[name], resource, path+name); err != nil {
				return err
			}
		}
	}
	return nil
}

func completeValues(inner *Type, shape Shape, value any, resource, path string) error {
	for i, item := range values(value, shape.Collection) {
		step := path + "."
		if shape.Collection {
			step = fmt.Sprintf("%s[%d].", path, i)
		}
		if err := complete(inner, item, resource, step); err != nil {
			return err
		}
	}
	return nil
}

func values(value any, collection bool) []Document {
	if collection {
		return Documents(Document{"v": value}, "v")
	}
	if d, ok := value.(Document); ok {
		return []Document{d}
	}
	return nil
}

func sortedNames(t *Type) []string { return slices.Sorted(maps.Keys(t.Properties)) }

// ReadOnly refuses a body that changes what only Entra writes. An unchanged value passes, as recorded traffic shows.
func ReadOnly(t *Type, before, body Document) error {
	for _, name := range sortedNames(t) {
		value, sent := body[name]
		if !sent {
			continue
		}
		if slices.Contains(t.Computed, name) && !Same(value, before[name]) {
			return BadRequest("Property '%s' is read-only and cannot be set.", name).With("ReadOnlyProperty", name)
		}
		shape, _ := t.Shape(name)
		inner, ok := value.(Document)
		if !ok || Known(shape.Type) == nil {
			continue
		}
		old, _ := before[name].(Document)
		if err := ReadOnly(Known(shape.Type), old, inner); err != nil {
			return err
		}
	}
	return nil
}

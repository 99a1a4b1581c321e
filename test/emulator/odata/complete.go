package odata

import (
	"fmt"
	"maps"
	"slices"
)

// CheckComplete refuses a document in which a complex value lacks something that may not be null.
func CheckComplete(t *Type, doc Document) error { return checkComplete(t, doc, t.Resource, "") }

func checkComplete(t *Type, doc Document, resource, path string) error {
	for _, name := range sortedNames(t) {
		shape, _ := t.Shape(name)
		if shape.primitive() {
			if path != "" && shape.Required && !shape.Collection && doc[name] == nil {
				return Missing(path+name, resource)
			}
			continue
		}
		if inner := TypeByName(shape.Type); inner != nil {
			if err := checkCompleteValues(inner, shape, doc[name], resource, path+name); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkCompleteValues(inner *Type, shape Shape, value any, resource, path string) error {
	for i, item := range values(value, shape.Collection) {
		step := path + "."
		if shape.Collection {
			step = fmt.Sprintf("%s[%d].", path, i)
		}
		if err := checkComplete(inner, item, resource, step); err != nil {
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

// CheckReadOnly refuses a body that changes what only Entra writes. An unchanged value passes, as recorded traffic shows.
func CheckReadOnly(t *Type, before, body Document) error {
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
		if !ok || TypeByName(shape.Type) == nil {
			continue
		}
		old, _ := before[name].(Document)
		if err := CheckReadOnly(TypeByName(shape.Type), old, inner); err != nil {
			return err
		}
	}
	return nil
}

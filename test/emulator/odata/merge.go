package odata

// Merge lays a checked body over a document as PATCH does: a complex value is merged property by property, a collection
// is replaced, and what a complex value lacks is filled in.
func Merge(t *Type, before, patch Document) Document {
	out := Clone(before)
	for name, value := range patch {
		shape, _ := t.Shape(name)
		out[name] = mergeValue(shape, before[name], value)
	}
	return out
}

func mergeValue(shape Shape, before, value any) any {
	switch v := value.(type) {
	case []any:
		out := make([]any, len(v))
		single := Shape{Type: shape.Type}
		for i, item := range v {
			out[i] = mergeValue(single, nil, item)
		}
		return out
	case Document:
		if openTypes[shape.Type] {
			return mergeOpen(before, v)
		}
		t := TypeByName(shape.Type)
		old, ok := before.(Document)
		if !ok {
			old = Blank(t)
		}
		return Merge(t, old, v)
	default:
		return value
	}
}

func mergeOpen(before any, patch Document) Document {
	out := Document{}
	if old, ok := before.(Document); ok {
		out = Clone(old)
	}
	for name, value := range patch {
		if value == nil {
			delete(out, name)
		} else {
			out[name] = cloneValue(value)
		}
	}
	return out
}

// Blank is a value of a type with every property in it: null, or empty or false where null is not allowed.
func Blank(t *Type) Document {
	out := make(Document, len(t.Properties))
	for name := range t.Properties {
		shape, _ := t.Shape(name)
		switch {
		case shape.Collection:
			out[name] = []any{}
		case shape.Required && shape.Type == "Boolean":
			out[name] = false
		default:
			out[name] = nil
		}
	}
	return out
}

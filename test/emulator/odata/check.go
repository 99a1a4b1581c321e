package odata

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Check refuses a body whose properties the type does not have, or whose values have the wrong type, and returns it in
// normal form: annotations dropped, GUIDs in lower case, times in UTC, integers as int. Links and annotations of the
// body's own level must have been taken out before.
func Check(t *Type, body Document) (Document, error) {
	out := make(Document, len(body))
	for _, name := range slices.Sorted(maps.Keys(body)) {
		value := body[name]
		if isAnnotation(name) {
			if err := checkAnnotation(t, name, value); err != nil {
				return nil, err
			}
			continue
		}
		shape, ok := t.Shape(name)
		if !ok {
			return nil, unknownProperty(t, name)
		}
		checked, err := checkValue(shape, name, value)
		if err != nil {
			return nil, err
		}
		out[name] = checked
	}
	return out, nil
}

func isAnnotation(name string) bool {
	return strings.HasPrefix(name, "@") || strings.Contains(name, "@odata.type")
}

func checkAnnotation(t *Type, name string, value any) error {
	if name != "@odata.type" {
		return nil
	}
	text, _ := value.(string)
	if strings.TrimPrefix(text, "#") != "microsoft.graph."+t.Name {
		return BadRequest("A resource with type name '%s' was found, but it is not assignable to the expected type 'microsoft.graph.%s'.",
			strings.TrimPrefix(text, "#"), t.Name)
	}
	return nil
}

func unknownProperty(t *Type, name string) error {
	if t.Resource != "" {
		return BadRequest("Invalid property '%s'.", name)
	}
	return BadRequest("The property '%s' does not exist on type 'microsoft.graph.%s'. Make sure to only use property names "+
		"that are defined by the type.", name, t.Name)
}

func checkValue(shape Shape, name string, value any) (any, error) {
	if value == nil {
		if shape.Required {
			return nil, BadRequest("A null value was found for the property named '%s', which has the expected type '%s'. "+
				"The expected type '%s' does not allow null values.", name, shape.edm(), shape.edm())
		}
		return nil, nil
	}
	if !shape.Collection {
		return checkSingle(shape, name, value)
	}
	items, ok := value.([]any)
	if !ok {
		return nil, wrongType(shape, name)
	}
	single := Shape{Type: shape.Type, Required: true}
	out := make([]any, len(items))
	for i, item := range items {
		checked, err := checkValue(single, name, item)
		if err != nil {
			return nil, err
		}
		out[i] = checked
	}
	return out, nil
}

func checkSingle(shape Shape, name string, value any) (any, error) {
	if shape.primitive() {
		return checkPrimitive(shape, name, value)
	}
	if members, ok := flagEnums[shape.Type]; ok {
		return checkFlags(shape, members, name, value)
	}
	body, ok := value.(Document)
	if !ok {
		return nil, wrongType(shape, name)
	}
	if openTypes[shape.Type] {
		return Clone(body), nil
	}
	return Check(TypeByName(shape.Type), body)
}

func checkPrimitive(shape Shape, name string, value any) (any, error) {
	switch v := value.(type) {
	case bool:
		if shape.Type == "Boolean" {
			return v, nil
		}
	case float64:
		if shape.Type == "Int32" && v == float64(int32(v)) {
			return int(v), nil
		}
	case string:
		if out, ok := checkText(shape.Type, v); ok {
			return out, nil
		}
	}
	return nil, wrongType(shape, name)
}

func checkText(primitive, text string) (string, bool) {
	switch primitive {
	case "String":
		return text, true
	case "Guid":
		id, err := uuid.Parse(text)
		return id.String(), err == nil && len(text) == 36
	case "DateTimeOffset":
		moment, err := time.Parse(time.RFC3339Nano, text)
		return moment.UTC().Format(time.RFC3339Nano), err == nil
	case "Binary":
		_, err := base64.StdEncoding.DecodeString(text)
		return text, err == nil
	default:
		return "", false
	}
}

func checkFlags(shape Shape, members []string, name string, value any) (any, error) {
	text, ok := value.(string)
	if !ok {
		return nil, wrongType(shape, name)
	}
	for part := range strings.SplitSeq(text, ",") {
		if !slices.Contains(members, strings.TrimSpace(part)) {
			return nil, BadRequest("Requested value '%s' was not found.", text)
		}
	}
	return text, nil
}

func wrongType(shape Shape, name string) error {
	edm, _, _ := strings.Cut(shape.edm(), "[")
	return BadRequest("Cannot convert the value of property '%s' to the expected type '%s'.", name, edm)
}

package enginetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// dump writes everything that values refer to, unexported fields too, so that two dumps can be compared. Libraries that do so fail on maps
// with structs as keys in unexported fields.
func dump(values ...any) string {
	var text strings.Builder
	for _, value := range values {
		write(&text, reflect.ValueOf(value), "\n")
	}
	return text.String()
}

// write one value; each of its parts begins with the line break, which carries the indentation.
func write(text *strings.Builder, value reflect.Value, lineBreak string) {
	inner := lineBreak + " "
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if value.IsNil() {
			text.WriteString("nil")
			return
		}
		fmt.Fprintf(text, "(%s)", value.Elem().Type())
		write(text, value.Elem(), lineBreak)
	case reflect.Struct:
		for field, part := range value.Fields() {
			text.WriteString(inner + field.Name + ": ")
			write(text, part, inner)
		}
	case reflect.Slice, reflect.Array:
		fmt.Fprintf(text, "%d", value.Len())
		if value.Kind() == reflect.Slice && value.IsNil() {
			text.WriteString(" nil")
		}
		for i := range value.Len() {
			text.WriteString(inner)
			write(text, value.Index(i), inner)
		}
	case reflect.Map:
		fmt.Fprintf(text, "%d", value.Len())
		text.WriteString(strings.Join(entries(value, inner), ""))
	default:
		fmt.Fprintf(text, "%#v", value)
	}
}

// entries of a map, sorted by their text.
func entries(value reflect.Value, lineBreak string) []string {
	var all []string
	for key, part := range value.Seq2() {
		var text strings.Builder
		text.WriteString(lineBreak)
		write(&text, key, lineBreak)
		text.WriteString(" => ")
		write(&text, part, lineBreak)
		all = append(all, text.String())
	}
	slices.Sort(all)
	return all
}

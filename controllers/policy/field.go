package policy

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Field asks for the value of a spec field that belongs to no other request.
type Field struct {
	// Path as in spec.api.scopes[0].type; list entries by index.
	Path string
	// Value in its JSON spelling, strings without quotes.
	Value string
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// rowPath is the path without indexes, as rules and the rows of the baseline have it.
func (f Field) rowPath() string {
	var row strings.Builder
	for path := f.Path; ; {
		name, rest, indexed := strings.Cut(path, "[")
		row.WriteString(name)
		if !indexed {
			return row.String()
		}
		_, path, _ = strings.Cut(rest, "]")
	}
}

// String is the value that is asked for.
func (f Field) String() string { return quote(f.Value) }

func (f Field) path() string { return f.Path }

// identities are the value, which may be the appID of a client.
func (f Field) identities() []string { return []string{f.Value} }

func (f Field) allowedBy(rule *v1alpha1.PolicyRule) bool {
	return rule.Field != nil && rule.Field.Path == f.rowPath() && slices.ContainsFunc(rule.Field.Values, f.matches)
}

func (f Field) deniedBy(rule *v1alpha1.PolicyRule) bool { return f.allowedBy(rule) }

func (f Field) matches(entry string) bool {
	return entry == Any || entry == f.Value || strings.EqualFold(entry, f.Value) && guid.MatchString(entry)
}

func (f Field) narrowestRule() (v1alpha1.PolicyRule, bool) {
	return v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: f.rowPath(), Values: []string{f.Value}}}, f.Value != Any
}

// Fields asks for every field that is set in a spec of the API and that belongs to no other request, which a kind makes itself. Lists of
// plain values ask for each, maps for each key. Paths begin with spec.
func Fields(kind string, spec any) []Field {
	var requests []Field
	walk("spec", reflect.ValueOf(spec), func(field Field) {
		if !inOtherRequest()[kind+" "+field.rowPath()] {
			requests = append(requests, field)
		}
	})
	return requests
}

func walk(path string, value reflect.Value, visit func(Field)) {
	switch value.Kind() {
	case reflect.Pointer:
		walkPointer(path, value, visit)
	case reflect.Struct:
		walkStruct(path, value, visit)
	case reflect.Slice:
		for i := range value.Len() {
			walk(fmt.Sprintf("%s[%d]", path, i), value.Index(i), visit)
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			visit(Field{Path: path, Value: key.String()})
		}
	default:
		if !value.IsZero() {
			visit(Field{Path: path, Value: fmt.Sprint(value)})
		}
	}
}

// walkPointer visits a plain value even where it is zero: somebody wrote it.
func walkPointer(path string, value reflect.Value, visit func(Field)) {
	switch {
	case value.IsNil():
	case value.Elem().Kind() == reflect.Struct:
		walk(path, value.Elem(), visit)
	default:
		visit(Field{Path: path, Value: fmt.Sprint(value.Elem())})
	}
}

func walkStruct(path string, value reflect.Value, visit func(Field)) {
	if moment, is := reflect.TypeAssert[metav1.Time](value); is {
		visit(Field{Path: path, Value: moment.UTC().Format(time.RFC3339)})
		return
	}
	for i := range value.NumField() {
		name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
		walk(path+"."+name, value.Field(i), visit)
	}
}

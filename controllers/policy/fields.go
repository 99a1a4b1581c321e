package policy

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Fields asks for every field that is set in a spec of the API and that the baseline does not judge within a request: those a kind
// resolves and asks for itself. Lists of plain values ask for each, maps for each key. Paths begin with spec.
func Fields(kind string, spec any) []Field {
	inRequest := judgedTogether()
	var asked []Field
	walk("spec", reflect.ValueOf(spec), func(field Field) {
		if !inRequest[kind+" "+field.row()] {
			asked = append(asked, field)
		}
	})
	return asked
}

// judgedTogether are the fields that the baseline judges within a request, by kind and path.
var judgedTogether = sync.OnceValue(func() map[string]bool {
	inRequest := map[string]bool{}
	for _, row := range DefaultBaseline().rows {
		if row.rules[0].Field == nil {
			inRequest[row.Kind+" "+row.Field] = true
		}
	}
	return inRequest
})

func walk(path string, value reflect.Value, visit func(Field)) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			visitPointed(path, value.Elem(), visit)
		}
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

func walkStruct(path string, value reflect.Value, visit func(Field)) {
	if moment, is := reflect.TypeAssert[metav1.Time](value); is {
		visit(Field{Path: path, Value: moment.UTC().Format(time.RFC3339)})
		return
	}
	for i := range value.NumField() {
		walk(path+"."+jsonName(value.Type().Field(i)), value.Field(i), visit)
	}
}

// visitPointed visits a plain value even where it is zero: somebody wrote it.
func visitPointed(path string, value reflect.Value, visit func(Field)) {
	if value.Kind() == reflect.Struct {
		walk(path, value, visit)
		return
	}
	visit(Field{Path: path, Value: fmt.Sprint(value)})
}

func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}

package conformance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"sort"
	"strings"
)

// object is a JSON object as encoding/json decodes it.
type object = map[string]any

// list is a JSON array as encoding/json decodes it.
type list = []any

// reply is what came back for one request.
type reply struct {
	method, path string
	status       int
	header       http.Header
	raw          []byte
	body         object // nil unless the payload is a JSON object
}

var secrets = regexp.MustCompile(`("(?:secretText|access_token)"\s*:\s*)"[^"]*"`)

// String is one line for a failure message; values that are secret are left out.
func (r reply) String() string {
	text := secrets.ReplaceAllString(string(r.raw), `$1"***"`)
	if len(text) > 1500 {
		text = text[:1500] + "…"
	}
	return fmt.Sprintf("%s %s → %d %s", r.method, r.path, r.status, text)
}

// text is a string property, or "" where it is absent or no string.
func (r reply) text(property string) string { return text(r.body, property) }

// id is the entity's object ID.
func (r reply) id() string { return r.text("id") }

// values is the array of a collection, each member an object.
func (r reply) values() []object { return objects(r.body["value"]) }

// error is the error object of a refusal.
func (r reply) error() object {
	found, _ := r.body["error"].(object)
	return found
}

func text(in object, property string) string {
	found, _ := in[property].(string)
	return found
}

func child(in object, property string) object {
	found, _ := in[property].(object)
	return found
}

func objects(in any) []object {
	members, _ := in.(list)
	var out []object
	for _, member := range members {
		if one, ok := member.(object); ok {
			out = append(out, one)
		}
	}
	return out
}

func texts(in any) []string {
	members, _ := in.(list)
	out := make([]string, 0, len(members))
	for _, member := range members {
		if one, ok := member.(string); ok {
			out = append(out, one)
		}
	}
	return out
}

// keys are the sorted names of an object's properties.
func keys(in object) []string {
	out := make([]string, 0, len(in))
	for name := range in {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// asJSON brings a Go value into the form that encoding/json decodes into, so that it can be compared with a body.
func asJSON(in any) any {
	encoded, err := json.Marshal(in)
	if err != nil {
		panic(err)
	}
	var out any
	if err := json.Unmarshal(encoded, &out); err != nil {
		panic(err)
	}
	return out
}

// includes reports whether got has everything that want names: objects may have more properties, arrays are compared as multisets.
func includes(got, want any) bool {
	switch want := want.(type) {
	case object:
		found, ok := got.(object)
		if !ok {
			return false
		}
		for name, value := range want {
			if actual, present := found[name]; !present || !includes(actual, value) {
				return false
			}
		}
		return true
	case list:
		return includesAll(got, want)
	}
	return got == want
}

func includesAll(got any, want list) bool {
	found, ok := got.(list)
	if !ok || len(found) != len(want) {
		return false
	}
	used := make([]bool, len(found))
	for _, value := range want {
		at := -1
		for i := range found {
			if !used[i] && includes(found[i], value) {
				at = i
				break
			}
		}
		if at < 0 {
			return false
		}
		used[at] = true
	}
	return true
}

// decode keeps the body as an object where it is one.
func (r *reply) decode() {
	trimmed := strings.TrimSpace(string(r.raw))
	if strings.HasPrefix(trimmed, "{") {
		_ = json.Unmarshal(r.raw, &r.body) // a body that is no JSON stays raw; the test sees that body is nil
	}
}

// Package docs_test holds the manual against the code: every field has its line, every example is one, every link leads somewhere.
package docs_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// pages are the manual, a page a kind.
var pages = map[string]any{
	"entratenant.md":              v1alpha1.EntraTenant{},
	"appregistration.md":          v1alpha1.AppRegistration{},
	"federatedcredential.md":      v1alpha1.FederatedCredential{},
	"approleassignment.md":        v1alpha1.AppRoleAssignment{},
	"registrationpolicy.md":       v1alpha1.RegistrationPolicy{},
	"delegatedpermissiongrant.md": v1alpha1.DelegatedPermissionGrant{},
}

// all is deeper than any type.
const all = 10

// parts occur more than once in a kind, and have a path of their own in the manual.
var parts = map[reflect.Type]string{
	reflect.TypeFor[v1alpha1.PolicyRule](): "rule",
	reflect.TypeFor[v1alpha1.PolicyAPI]():  "api",
}

// leaves are the paths of the values in a type of ours, as in api.scopes[].value, down to a depth.
func leaves(path string, of reflect.Type, depth int) []string {
	if part, is := parts[of]; is {
		path = part
	}
	switch {
	case of.Kind() == reflect.Pointer:
		return leaves(path, of.Elem(), depth)
	case depth == 0:
		return []string{path}
	case of.Kind() == reflect.Slice && ours(of.Elem()):
		return leaves(path+"[]", of.Elem(), depth)
	case !ours(of):
		return []string{path}
	}
	return fields(path, of, depth)
}

func fields(path string, of reflect.Type, depth int) []string {
	var paths []string
	for _, field := range reflect.VisibleFields(of) {
		common := len(field.Index) > 1 && of.Field(field.Index[0]).Type == reflect.TypeFor[v1alpha1.CommonStatus]()
		if field.Anonymous || common { // what is common is in reasons.md and gitops.md
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		paths = append(paths, leaves(strings.TrimPrefix(path+"."+name, "."), field.Type, depth-1)...)
	}
	return paths
}

func ours(of reflect.Type) bool {
	return of.Kind() == reflect.Struct && of.PkgPath() == reflect.TypeFor[v1alpha1.AppRegistration]().PkgPath()
}

func TestManual_HasEveryField(t *testing.T) {
	t.Parallel()
	for name, kind := range pages {
		page := read(t, name)
		spec, _ := reflect.TypeOf(kind).FieldByName("Spec")
		status, _ := reflect.TypeOf(kind).FieldByName("Status")
		for _, path := range append(leaves("", spec.Type, all), leaves("status", status.Type, 1)...) {
			if !strings.Contains(page, "`"+path+"`") {
				t.Errorf("%s does not mention `%s`", name, path)
			}
		}
	}
}

func TestManual_ExamplesAreOfItsKinds(t *testing.T) {
	t.Parallel()
	example := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	for name, kind := range pages {
		found := example.FindStringSubmatch(read(t, name))
		if found == nil {
			t.Errorf("%s has no example", name)
			continue
		}
		object := reflect.New(reflect.TypeOf(kind))
		if err := yaml.UnmarshalStrict([]byte(found[1]), object.Interface()); err != nil {
			t.Errorf("the example of %s: %v", name, err)
		}
		if got, want := object.Elem().FieldByName("Kind").String(), object.Elem().Type().Name(); got != want {
			t.Errorf("the example of %s is of kind %q, not %q", name, got, want)
		}
	}
}

func TestLinks_LeadSomewhere(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
	var sources []string
	for _, pattern := range []string{"../README.md", "*.md", "decisions/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, found...)
	}
	for _, source := range sources {
		for _, match := range link.FindAllStringSubmatch(read(t, source), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(source), match[1])); err != nil {
				t.Errorf("%s: %v", source, err)
			}
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

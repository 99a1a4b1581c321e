package controllers

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entratenant"
)

func TestParseKinds(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		list  string
		want  []string
		fails string
	}{
		"none means all": {"", Kinds(), ""},
		"those that are named, sorted and once": {
			"DelegatedPermissionGrant,AppRoleAssignment,AppRoleAssignment", []string{"AppRoleAssignment", "DelegatedPermissionGrant"}, "",
		},
		"an unknown one is told, with the known ones": {"AppRoleAssignment,approleassignment", nil, `"approleassignment": known are EntraTenant, `},
		"an empty one is unknown":                     {"AppRoleAssignment,", nil, `no kind is called ""`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseKinds(row.list)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
			if (err != nil) != (row.fails != "") || err != nil && !strings.Contains(err.Error(), row.fails) {
				t.Errorf("error %v, want %q", err, row.fails)
			}
		})
	}
}

func TestLeaseName_IsOfTheKinds(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		"": "entra-registrar",
		"DelegatedPermissionGrant,AppRoleAssignment": "entra-registrar-approleassignment-delegatedpermissiongrant",
		strings.Join(Kinds(), ","):                   "entra-registrar",
	} {
		kinds, err := ParseKinds(list)
		if got := LeaseName(kinds); err != nil || got != want {
			t.Errorf("%q has the lease %q, error %v; want %q", list, got, err, want)
		}
	}
}

func TestRegistry_HasEveryKindOfTheAPI(t *testing.T) {
	t.Parallel()
	scheme, err := NewScheme()
	if err != nil {
		t.Fatal(err)
	}
	var kinds, tenantBound []string
	for kind, of := range scheme.KnownTypes(v1alpha1.GroupVersion) {
		example := reflect.New(of)
		if _, ours := reflect.TypeAssert[engine.Object](example); ours {
			kinds = append(kinds, kind)
		}
		if _, is := reflect.TypeAssert[v1alpha1.TenantBound](example); is {
			tenantBound = append(tenantBound, kind)
		}
	}
	same(t, "kinds", kinds, Kinds())
	var registered []string
	for _, kind := range bound() {
		registered = append(registered, kind.Kind)
	}
	same(t, "kinds that bind to a tenant", tenantBound, registered)
}

// Whoever lists kinds outside of Go is held against the registry here: a kind that is added is missed nowhere.
func TestRegistry_AgreesWithEveryListOfKinds(t *testing.T) {
	t.Parallel()
	var all, base, privileged, resources []string // by the names of packages, and of bound resources
	for _, r := range registry() {
		name := strings.ToLower(r.name)
		all = append(all, name)
		if r.enabled == nil {
			base = append(base, name)
		} else {
			privileged = append(privileged, name)
		}
		if r.list != nil {
			resources = append(resources, name+"s")
		}
	}
	same(t, "PRIVILEGED in the Makefile", append(privileged, "engine"), fields(t, "Makefile", `PRIVILEGED +:= (.*)`, " ")[0])
	same(t, "BASE in the Makefile", append(base, "engine"), fields(t, "Makefile", `BASE +:= (.*)`, " ")[0])
	for _, rule := range fields(t, "config/rbac/user_roles.yaml", `resources: \[(.*)\]`, ", ") {
		same(t, "what config/rbac/user_roles.yaml lets people use", resources, rule)
	}
	same(t, "what EntraTenant may count", resources, fields(t, "controllers/kinds.go", `resources=([a-z;]*)`, ";")[0])
	for file, want := range map[string][]string{"config/privileged/deployment.yaml": privileged, "config/privileged/base/deployment.yaml": base} {
		same(t, "--kinds of "+file, want, lower(fields(t, file, `--kinds=([A-Za-z,]*)`, ",")[0]))
	}
	same(t, "PROJECT", all, lower(slices.Concat(fields(t, "PROJECT", `kind: (.*)`, " ")...)))
}

func TestRegistry_EveryKindHasItsFiles(t *testing.T) {
	t.Parallel()
	for _, kind := range Kinds() {
		name := strings.ToLower(kind)
		for _, file := range []string{"config/crd/bases/entra-registrar.dev_" + plural(name) + ".yaml", "config/samples/kinds/" + name + ".yaml", "docs/" + name + ".md"} {
			if _, err := os.Stat(filepath.Join("..", file)); err != nil {
				t.Error(err)
			}
		}
		for file, entry := range map[string]string{
			"config/crd/kustomization.yaml": "bases/entra-registrar.dev_" + plural(name) + ".yaml", "README.md": "(docs/" + name + ".md)",
		} {
			if !strings.Contains(source(t, file), entry) {
				t.Errorf("%s lacks %s", file, entry)
			}
		}
	}
}

func plural(name string) string { return strings.ReplaceAll(name+"s", "ys", "ies") }

func lower(names []string) []string {
	var lowered []string
	for _, name := range names {
		lowered = append(lowered, strings.ToLower(name))
	}
	return lowered
}

func same(t *testing.T, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" {
		t.Errorf("%s, want - got +\n%s", what, diff)
	}
}

func source(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fields are the lists that a pattern finds in a file.
func fields(t *testing.T, file, pattern, separator string) [][]string {
	t.Helper()
	var lists [][]string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(source(t, file), -1) {
		lists = append(lists, strings.Split(match[1], separator))
	}
	if len(lists) == 0 {
		t.Fatalf("%s has no %s", file, pattern)
	}
	return lists
}

func TestWiring_PrivilegesSayWhatThisProcessDoes(t *testing.T) {
	t.Parallel()
	for want, w := range map[entratenant.Switch]wiring{
		entratenant.Off:          {Settings: Settings{Kinds: Kinds()}},
		entratenant.On:           {Settings: Settings{Kinds: Kinds(), AppRoleAssignments: true}},
		entratenant.OtherProcess: {Settings: Settings{Kinds: []string{"EntraTenant"}, AppRoleAssignments: true}},
	} {
		for _, privilege := range w.privileges() {
			if privilege.Kind == "AppRoleAssignment" && privilege.Switch != want {
				t.Errorf("%s, want %s", privilege.Switch, want)
			}
		}
	}
}

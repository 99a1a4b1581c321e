package policy_test

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

var update = flag.Bool("update", false, "write docs/policy-baseline.md anew")

// leafFields are the fields of a type that hold values, by path.
func leafFields(path string, of reflect.Type) []string {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice:
		return leafFields(path, of.Elem())
	case reflect.Struct:
		if of == reflect.TypeFor[metav1.Time]() {
			return []string{path}
		}
		var paths []string
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			paths = append(paths, leafFields(path+"."+name, field.Type)...)
		}
		return paths
	default:
		return []string{path}
	}
}

func TestBaseline_HasARowForEverySpecField(t *testing.T) {
	t.Parallel()
	var want, got []string
	for kind, spec := range map[string]any{
		"AppRegistration":          v1alpha1.AppRegistrationSpec{},
		"FederatedCredential":      v1alpha1.FederatedCredentialSpec{},
		"AppRoleAssignment":        v1alpha1.AppRoleAssignmentSpec{},
		"DelegatedPermissionGrant": v1alpha1.DelegatedPermissionGrantSpec{},
	} {
		for _, leaf := range leafFields("spec", reflect.TypeOf(spec)) {
			want = append(want, kind+" "+leaf)
		}
	}
	for _, row := range policy.DefaultBaseline().Rows() {
		got = append(got, row.Kind+" "+row.Field)
	}
	sorted := cmp.Transformer("sorted", func(list []string) map[string]int {
		counted := map[string]int{}
		for _, entry := range list {
			counted[entry]++
		}
		return counted
	})
	if diff := cmp.Diff(want, got, sorted); diff != "" {
		t.Errorf("fields (-) and rows (+) differ:\n%s", diff)
	}
}

func TestBaseline_AllowsFieldsByValue(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		kind  string
		field policy.Field
		want  bool
	}{
		"a name is free":                     {"AppRegistration", policy.Field{Path: "spec.displayName", Value: "Orders"}, true},
		"an entry of a list":                 {"AppRegistration", policy.Field{Path: "spec.tags[3]", Value: "team:shop"}, true},
		"a single tenant":                    {"AppRegistration", policy.Field{Path: "spec.signInAudience", Value: "AzureADMyOrg"}, true},
		"no other audience":                  {"AppRegistration", policy.Field{Path: "spec.signInAudience", Value: "PersonalMicrosoftAccount"}, false},
		"a scope that admins consent to":     {"AppRegistration", policy.Field{Path: "spec.api.scopes[0].type", Value: "Admin"}, true},
		"not one that users consent to":      {"AppRegistration", policy.Field{Path: "spec.api.scopes[0].type", Value: "User"}, false},
		"tokens of version 1 need a rule":    {"AppRegistration", policy.Field{Path: "spec.api.requestedAccessTokenVersion", Value: "1"}, false},
		"the lock stays on":                  {"AppRegistration", policy.Field{Path: "spec.lock.enabled", Value: "false"}, false},
		"a public client needs a rule":       {"AppRegistration", policy.Field{Path: "spec.fallbackPublicClient", Value: "true"}, false},
		"a trusted client of one's own":      {"AppRegistration", policy.Field{Path: "spec.api.preAuthorizedClients[0].client.appRegistrationRef.name", Value: "web"}, true},
		"a trusted client of somebody else":  {"AppRegistration", policy.Field{Path: "spec.api.preAuthorizedClients[0].client.appID", Value: appID}, false},
		"a known client of somebody else":    {"AppRegistration", policy.Field{Path: "spec.api.knownClients[0].appID", Value: appID}, false},
		"a grant's reason is free":           {"DelegatedPermissionGrant", policy.Field{Path: "spec.justification", Value: "why"}, true},
		"a field without a row is denied":    {"AppRegistration", policy.Field{Path: "spec.unknown", Value: "x"}, false},
		"another kind's row counts for none": {"AppRoleAssignment", policy.Field{Path: "spec.displayName", Value: "x"}, false},
		"an index that hides another field":  {"AppRegistration", policy.Field{Path: "spec.api.scopes[x].value[y].type", Value: "User"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := passes(baseline(), row.kind, row.field); got != row.want {
				t.Errorf("allowed %t, want %t", got, row.want)
			}
		})
	}
}

func TestField_ComparesGUIDsWithoutCase(t *testing.T) {
	t.Parallel()
	const client, path = "abcdefab-0000-4000-8000-000000000001", "spec.api.knownClients.appID"
	rule := v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: path, Values: []string{strings.ToUpper(client), "Name"}}}
	for value, want := range map[string]bool{client: true, appID: false, "Name": true, "name": false} {
		request := policy.Field{Path: path, Value: value}
		if got := passes(allowing(rule), "AppRegistration", request); got != want {
			t.Errorf("%s: allowed %t, want %t", value, got, want)
		}
		everything := v1alpha1.PolicyRule{Field: &v1alpha1.FieldRule{Path: path, Values: []string{policy.Any}}}
		if got := !passes(allowing(everything).with(everywhere("shut", nil, rules(rule))), "AppRegistration", request); got != want {
			t.Errorf("%s: denied %t, want %t", value, got, want)
		}
	}
}

func TestParseBaseline_ReadsTheFlag(t *testing.T) {
	t.Parallel()
	none, err := policy.ParseBaseline("None")
	if err != nil || passes(fixture{Gate: policy.Gate{Baseline: none}}, "AppRegistration", policy.Field{Path: "spec.displayName", Value: "x"}) {
		t.Errorf("None allowed a name, or failed: %v", err)
	}
	if base, err := policy.ParseBaseline("Default"); err != nil || !passes(fixture{Gate: policy.Gate{Baseline: base}}, "AppRegistration", policy.Deletion{Policy: "Delete"}) {
		t.Errorf("Default denied a deletion, or failed: %v", err)
	}
	if _, err := policy.ParseBaseline("default"); err == nil {
		t.Error("a name that is none was taken")
	}
}

func TestFields_AreWhatIsSetAndInNoOtherRequest(t *testing.T) {
	t.Parallel()
	off, version := false, int32(2)
	spec := v1alpha1.AppRegistrationSpec{
		DisplayName: "Orders", IdentifierURIs: []string{"api://{appID}"}, DeletionPolicy: v1alpha1.DeletionPurge,
		API:    &v1alpha1.API{Scopes: []v1alpha1.Scope{{Value: "Read", Type: v1alpha1.ScopeUser, Enabled: &off}}, RequestedAccessTokenVersion: &version},
		Web:    &v1alpha1.Platform{RedirectURIs: []string{"https://a.example.com"}},
		Tags:   []string{"a", "b"},
		Lock:   &v1alpha1.Lock{},
		Secret: &v1alpha1.Secret{Labels: map[string]string{"team": "shop"}},
	}
	want := []policy.Field{
		{Path: "spec.displayName", Value: "Orders"},
		{Path: "spec.api.scopes[0].value", Value: "Read"},
		{Path: "spec.api.scopes[0].type", Value: "User"},
		{Path: "spec.api.scopes[0].enabled", Value: "false"},
		{Path: "spec.api.requestedAccessTokenVersion", Value: "2"},
		{Path: "spec.tags[0]", Value: "a"},
		{Path: "spec.tags[1]", Value: "b"},
		{Path: "spec.secret.labels", Value: "team"},
	}
	if diff := cmp.Diff(want, policy.Fields("AppRegistration", spec)); diff != "" {
		t.Error(diff)
	}
}

func TestBaseline_IsPrintedInTheManual(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	page.WriteString("# The baseline\n\n" +
		"What every namespace may ask for without a policy (`--baseline=Default`). A field that is not in this table is denied, and so is\n" +
		"anything that its row does not allow, unless a rule of a [RegistrationPolicy](registrationpolicy.md) does. With `--baseline=None` nothing\n" +
		"is allowed without one. What an object has already is reported, not denied, and a deletion is not judged, `Purge` excepted.\n\n" +
		"A suffix is shared where the private section of the [Public Suffix List](https://publicsuffix.org) has it, and these are too: `" +
		strings.Join(policy.SharedSuffixes, "`, `") + "`.\n")
	kind := ""
	for _, row := range policy.DefaultBaseline().Rows() {
		if row.Kind != kind {
			kind = row.Kind
			fmt.Fprintf(&page, "\n## %s\n\n| field | allowed | anything else needs a rule |\n|---|---|---|\n", kind)
		}
		needs := "–"
		if row.Needs != "" {
			needs = "`" + row.Needs + "`"
		}
		fmt.Fprintf(&page, "| `%s` | %s | %s |\n", row.Field, row.Allowed, needs)
	}
	const path = "../../docs/policy-baseline.md"
	if *update {
		if err := os.WriteFile(path, []byte(page.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	printed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(page.String(), string(printed)); diff != "" {
		t.Errorf("run go test ./controllers/policy -update:\n%s", diff)
	}
}

package e2e

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// collection is an optional list or map of an AppRegistration.
type collection struct {
	path []string
	set  string // JSON
	// beside is what the specification has all the time.
	beside func(*v1alpha1.AppRegistrationSpec)
}

var collections = map[string]collection{
	"identifier-uris": {[]string{"identifierURIs"}, `["https://contoso.onmicrosoft.com/{appID}"]`, exposing("Orders.Read.All")},
	"scopes":          {[]string{"api", "scopes"}, `[{"value":"Orders.Read"},{"value":"Orders.Write","enabled":false}]`, nil},
	"app-roles":       {[]string{"appRoles"}, `[{"value":"Orders.Read.All","allowedMemberTypes":["Application"]}]`, nil},
	"web":             {[]string{"web", "redirectURIs"}, `["https://orders.example.com","https://orders.example.com/callback"]`, nil},
	"spa":             {[]string{"spa", "redirectURIs"}, `["https://orders.example.com/spa"]`, nil},
	"public-client":   {[]string{"publicClient", "redirectURIs"}, `["http://localhost"]`, nil},
	"tags":            {[]string{"tags"}, `["team-orders","tier-1"]`, nil},
	"formats":         {[]string{"secret", "formats"}, `["OIDC","Azurerator"]`, nil},
	"labels":          {[]string{"secret", "labels"}, `{"team":"orders"}`, nil},
	"annotations":     {[]string{"secret", "annotations"}, `{"example.com/team":"orders"}`, nil},
}

// way is how somebody applies YAML.
type way struct {
	name  string
	flags []string
	times int
}

var ways = []way{
	{"client-side", nil, 1}, {"server-side", []string{"--server-side"}, 1}, {"server-side-twice", []string{"--server-side"}, 2},
}

// kubectl as a cluster admin, in the stage's namespace.
func (s *stage) kubectl(input string, args ...string) error {
	command := exec.CommandContext(s.t.Context(), cluster.KubectlPath(), append([]string{"--kubeconfig", cluster.Kubeconfig(), "-n", s.namespace}, args...)...)
	command.Stdin = strings.NewReader(input)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, output)
	}
	return nil
}

// manifests are one application a collection, with value at its place; nothing there where it is empty.
func (s *stage) manifests(w way, value func(collection) string) (string, []object) {
	s.t.Helper()
	var documents []string
	var objs []object
	for name, c := range collections {
		app := s.app(w.name + "." + name)
		app.Name = strings.ReplaceAll(app.Name, ".", "-")
		app.Spec.DisplayName = name
		if c.beside != nil {
			c.beside(&app.Spec)
		}
		spec, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&app.Spec)
		if err != nil {
			s.t.Fatal(err)
		}
		content := map[string]any{
			"apiVersion": v1alpha1.GroupVersion.String(), "kind": "AppRegistration",
			"metadata": map[string]any{"name": app.Name}, "spec": spec,
		}
		if text := value(c); text != "" {
			var parsed any
			if err := json.Unmarshal([]byte(text), &parsed); err != nil {
				s.t.Fatal(err)
			}
			if err := unstructured.SetNestedField(content, parsed, append([]string{"spec"}, c.path...)...); err != nil {
				s.t.Fatal(err)
			}
		}
		raw, err := json.Marshal(content)
		if err != nil {
			s.t.Fatal(err)
		}
		documents, objs = append(documents, string(raw)), append(objs, app)
	}
	return strings.Join(documents, "\n---\n"), objs
}

// turn is what somebody makes of all lists.
type turn struct {
	name  string
	value func(collection) string
}

func noList(collection) string     { return "" }
func fullList(c collection) string { return c.set }
func emptyList(c collection) string {
	return map[byte]string{'[': "[]", '{': "{}"}[c.set[0]]
}

var turns = []turn{
	{"never set", noList}, {"set", fullList}, {"empty", emptyList}, {"absent", noList}, {"set again", fullList}, {"absent at once", noList},
}

// findings are what is outside, by turn, way and list.
type findings map[string]any

func (f findings) of(list string, w way, t string) any { return f[t+" "+w.name+" "+list] }

func TestAListThatIsSetThenEmptyThenAbsentEndsAsIfItHadNeverBeen(t *testing.T) {
	t.Parallel()
	s := newStage(t, allowing(v1alpha1.PolicyRule{IdentifierURI: &v1alpha1.IdentifierURIRule{Prefixes: []string{"https://contoso.onmicrosoft.com"}}}))
	found := findings{}
	for _, turn := range turns {
		for _, w := range ways {
			documents, objs := s.manifests(w, turn.value)
			for range w.times {
				if err := s.kubectl(documents, append([]string{"apply", "-f", "-"}, w.flags...)...); err != nil {
					t.Fatal(err)
				}
			}
			s.ready(fresh(s, objs)...)
			for _, obj := range objs {
				found[turn.name+" "+w.name+" "+obj.(*v1alpha1.AppRegistration).Spec.DisplayName] = s.outside(obj.(*v1alpha1.AppRegistration))
			}
		}
	}
	for list := range collections {
		for _, w := range ways {
			found.agree(t, list, w)
		}
	}
	byDefault := found.of("identifier-uris", ways[0], "absent").(map[string]any)["application"].(map[string]any)["identifierUris"]
	if diff := cmp.Diff([]any{"api://<appID>"}, byDefault); diff != "" {
		t.Error("the default of identifierURIs\n" + diff)
	}
}

// agree fails where a way of applying a list shows in the end.
func (f findings) agree(t *testing.T, list string, w way) {
	t.Helper()
	for _, turn := range turns {
		if diff := cmp.Diff(f.of(list, ways[0], turn.name), f.of(list, w, turn.name)); diff != "" {
			t.Errorf("%s, %s, %s - against %s +\n%s", list, turn.name, ways[0].name, w.name, diff)
		}
	}
	for _, nothing := range []string{"empty", "absent", "absent at once"} {
		if diff := cmp.Diff(f.of(list, w, "never set"), f.of(list, w, nothing)); diff != "" {
			t.Errorf("%s, %s, never set - against %s +\n%s", list, w.name, nothing, diff)
		}
	}
	if cmp.Equal(f.of(list, w, "never set"), f.of(list, w, "set")) {
		t.Errorf("%s, %s: the list changes nothing", list, w.name)
	}
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// outside is what there is of an application outside its object: in Entra, and in its Secret. IDs, names and times are left out.
func (s *stage) outside(app *v1alpha1.AppRegistration) map[string]any {
	s.t.Helper()
	secret := s.secretOf(app)
	seen := map[string]any{
		"application": s.application(app.Status.ObjectID), "principal": s.application(app.Status.ServicePrincipalObjectID),
		"labels": secret.Labels, "annotations": secret.Annotations,
	}
	text := map[string]string{}
	for key, value := range secret.Data {
		text[key] = string(value)
	}
	seen["data"] = text
	raw, err := json.Marshal(seen)
	if err != nil {
		s.t.Fatal(err)
	}
	plain := strings.ReplaceAll(string(raw), app.Status.AppID, "<appID>")
	plain = anyID.ReplaceAllString(strings.ReplaceAll(plain, app.Name, "<name>"), "<id>")
	var masked map[string]any
	if err := json.Unmarshal([]byte(plain), &masked); err != nil {
		s.t.Fatal(err)
	}
	for _, kind := range []string{"application", "principal"} {
		delete(masked[kind].(map[string]any), "createdDateTime")
	}
	slices.SortFunc(masked["principal"].(map[string]any)["servicePrincipalNames"].([]any), func(a, b any) int { // Entra's to order
		return strings.Compare(a.(string), b.(string))
	})
	return masked
}

// secretOf an application, as it is now; empty where there is none.
func (s *stage) secretOf(app *v1alpha1.AppRegistration) *corev1.Secret {
	s.t.Helper()
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.namespace, Name: app.Status.SecretName}}
	s.get(secret)
	return secret
}

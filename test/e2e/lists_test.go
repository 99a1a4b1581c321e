package e2e

import (
	"encoding/json"
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
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/e2e/env/with"
)

// collection is an optional list or map of an AppRegistration.
type collection struct {
	path []string
	set  string // JSON
	// beside is what the spec has all the time.
	beside func(*v1alpha1.AppRegistrationSpec)
}

var collections = map[string]collection{
	"identifier-uris": {[]string{"identifierURIs"}, `["https://contoso.onmicrosoft.com/{appID}"]`, with.AppRoles("Orders.Read.All")},
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

// applyMode is a way to apply YAML.
type applyMode struct {
	name  string
	flags []string
	times int
}

var applyModes = []applyMode{
	{"client-side", nil, 1}, {"server-side", []string{"--server-side"}, 1}, {"server-side-twice", []string{"--server-side"}, 2},
}

// manifests are one application a collection, which has this value; none where it is empty.
func manifests(e *env.Env, w applyMode, value func(collection) string) (string, []env.Object) {
	e.T.Helper()
	var documents []string
	var objs []env.Object
	for name, c := range collections {
		app := e.AppRegistration(w.name + "." + name)
		app.Name = strings.ReplaceAll(app.Name, ".", "-")
		app.Spec.DisplayName = name
		if c.beside != nil {
			c.beside(&app.Spec)
		}
		spec, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&app.Spec)
		if err != nil {
			e.T.Fatal(err)
		}
		content := map[string]any{
			"apiVersion": v1alpha1.GroupVersion.String(), "kind": "AppRegistration",
			"metadata": map[string]any{"name": app.Name}, "spec": spec,
		}
		if text := value(c); text != "" {
			var parsed any
			if err := json.Unmarshal([]byte(text), &parsed); err != nil {
				e.T.Fatal(err)
			}
			if err := unstructured.SetNestedField(content, parsed, append([]string{"spec"}, c.path...)...); err != nil {
				e.T.Fatal(err)
			}
		}
		raw, err := json.Marshal(content)
		if err != nil {
			e.T.Fatal(err)
		}
		documents, objs = append(documents, string(raw)), append(objs, app)
	}
	return strings.Join(documents, "\n---\n"), objs
}

// listState is what all lists are made.
type listState struct {
	name  string
	value func(collection) string
}

func noList(collection) string     { return "" }
func fullList(c collection) string { return c.set }
func emptyList(c collection) string {
	return map[byte]string{'[': "[]", '{': "{}"}[c.set[0]]
}

var listStates = []listState{
	{"never set", noList}, {"set", fullList}, {"empty", emptyList}, {"absent", noList}, {"set again", fullList}, {"absent at once", noList},
}

// findings are external states, by state of the list, way to apply and list.
type findings map[string]any

func (f findings) of(list string, w applyMode, t string) any { return f[t+" "+w.name+" "+list] }

// A list that is set, then empty, then absent ends as if it had never been there.
func TestLists_EmptyAndAbsentAreAsIfNeverSet(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithPolicy(v1alpha1.PolicyRule{
		IdentifierURI: &v1alpha1.IdentifierURIRule{Prefixes: []string{"https://contoso.onmicrosoft.com"}},
	}))
	found := findings{}
	for _, turn := range listStates {
		for _, w := range applyModes {
			documents, objs := manifests(e, w, turn.value)
			for range w.times {
				if err := e.Cluster.Kubectl(documents, append([]string{"apply", "-f", "-"}, w.flags...)...); err != nil {
					t.Fatal(err)
				}
			}
			e.Status.WaitReady(e.Refresh(objs)...)
			for _, obj := range objs {
				found[turn.name+" "+w.name+" "+obj.(*v1alpha1.AppRegistration).Spec.DisplayName] = externalState(e, obj.(*v1alpha1.AppRegistration))
			}
		}
	}
	for list := range collections {
		for _, w := range applyModes {
			found.check(t, list, w)
		}
	}
	byDefault := found.of("identifier-uris", applyModes[0], "absent").(map[string]any)["application"].(map[string]any)["identifierUris"]
	if diff := cmp.Diff([]any{"api://<appID>"}, byDefault); diff != "" {
		t.Error("the default of identifierURIs\n" + diff)
	}
}

// check fails where the result depends on the way in which a list was applied, or on what it was before.
func (f findings) check(t *testing.T, list string, w applyMode) {
	t.Helper()
	for _, turn := range listStates {
		if diff := cmp.Diff(f.of(list, applyModes[0], turn.name), f.of(list, w, turn.name)); diff != "" {
			t.Errorf("%s, %s, %s - against %s +\n%s", list, turn.name, applyModes[0].name, w.name, diff)
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

// externalState is what an AppRegistration is in Entra and in its Secret, without IDs, names and times.
func externalState(e *env.Env, app *v1alpha1.AppRegistration) map[string]any {
	e.T.Helper()
	secret := secretOf(e, app)
	seen := map[string]any{
		"application": e.Tenant.Properties(app.Status.ObjectID), "principal": e.Tenant.Properties(app.Status.ServicePrincipalObjectID),
		"labels": secret.Labels, "annotations": secret.Annotations,
	}
	text := map[string]string{}
	for key, value := range secret.Data {
		text[key] = string(value)
	}
	seen["data"] = text
	raw, err := json.Marshal(seen)
	if err != nil {
		e.T.Fatal(err)
	}
	plain := strings.ReplaceAll(string(raw), app.Status.AppID, "<appID>")
	plain = anyID.ReplaceAllString(strings.ReplaceAll(plain, app.Name, "<name>"), "<id>")
	var masked map[string]any
	if err := json.Unmarshal([]byte(plain), &masked); err != nil {
		e.T.Fatal(err)
	}
	for _, kind := range []string{"application", "principal"} {
		delete(masked[kind].(map[string]any), "createdDateTime")
	}
	slices.SortFunc(masked["principal"].(map[string]any)["servicePrincipalNames"].([]any), func(a, b any) int { // Entra chooses the order
		return strings.Compare(a.(string), b.(string))
	})
	return masked
}

// secretOf an application, as it is now; empty where there is none.
func secretOf(e *env.Env, app *v1alpha1.AppRegistration) *corev1.Secret {
	e.T.Helper()
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: e.Namespace, Name: app.Status.SecretName}}
	e.Cluster.Get(secret)
	return secret
}

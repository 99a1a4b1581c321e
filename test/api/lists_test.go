package api

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"
)

// lists are the optional lists of each kind, with a value for each.
var lists = map[string]map[string]string{
	"AppRegistration": {
		"spec.identifierURIs":            `["api://{appID}"]`,
		"spec.api.scopes":                `[{value: a}]`,
		"spec.appRoles":                  `[{value: b, allowedMemberTypes: [User]}]`,
		"spec.web.redirectURIs":          `["https://a.example"]`,
		"spec.spa.redirectURIs":          `["https://b.example"]`,
		"spec.publicClient.redirectURIs": `["http://localhost"]`,
		"spec.tags":                      `[t]`,
		"spec.secret.formats":            `[OIDC]`,
	},
	"EntraTenant": {
		"spec.formerClientIDs":   `[` + anotherGUID + `]`,
		"spec.formerClusterUIDs": `[0f3c8a1e5b7d2946]`,
	},
}

// writers are the ways in which users write.
var writers = map[string]func(context.Context, *unstructured.Unstructured) error{
	"client-side":  clientSide,
	"server-side":  serverSide,
	"server-twice": func(ctx context.Context, obj *unstructured.Unstructured) error { return twice(ctx, obj, serverSide) },
}

func clientSide(ctx context.Context, obj *unstructured.Unstructured) error {
	text, err := obj.MarshalJSON()
	if err != nil {
		return err
	}
	apply := exec.CommandContext(ctx, plane.KubectlPath(), "--kubeconfig", plane.Kubeconfig(), "apply", "-f", "-")
	apply.Stdin = bytes.NewReader(text)
	if said, err := apply.CombinedOutput(); err != nil {
		return fmt.Errorf("kubectl apply: %w: %s", err, said)
	}
	return nil
}

func serverSide(ctx context.Context, obj *unstructured.Unstructured) error {
	return kube.Apply(ctx, client.ApplyConfigurationFromUnstructured(obj.DeepCopy()), client.FieldOwner("user"))
}

func twice(ctx context.Context, obj *unstructured.Unstructured, write func(context.Context, *unstructured.Unstructured) error) error {
	if err := write(ctx, obj); err != nil {
		return err
	}
	return write(ctx, obj)
}

// Whatever the API server stores, the operator reads an empty list where the user wrote one,
// and where the user wrote none.
func TestLists_EmptyIsTheSameAsNone(t *testing.T) {
	t.Parallel()
	for kind, values := range lists {
		for how, write := range writers {
			t.Run(kind+" "+how, func(t *testing.T) {
				t.Parallel()
				obj := object(t, kind, minimalSpecs[kind])
				obj.SetGenerateName("")
				obj.SetName("lists-" + how)
				for _, stage := range []struct {
					name  string
					value func(string) string // empty: absent
					want  int
				}{
					{"a value", func(value string) string { return value }, 1},
					{"an empty list", func(string) string { return `[]` }, 0},
					{"a value again", func(value string) string { return value }, 1},
					{"no list", func(string) string { return `` }, 0},
				} {
					written := obj.DeepCopy()
					for list, value := range values {
						set(t, written, list, stage.value(value))
					}
					if err := write(t.Context(), written); err != nil {
						t.Fatalf("write %s: %v", stage.name, err)
					}
					for list := range values {
						if got := length(t, written, list); got != stage.want {
							t.Errorf("%s with %s is read as a list of %d, want %d", list, stage.name, got, stage.want)
						}
					}
				}
			})
		}
	}
}

// set writes a list into the object, or leaves it out where value is empty.
func set(t *testing.T, obj *unstructured.Unstructured, list, value string) {
	t.Helper()
	if value == "" {
		return
	}
	items := []any{}
	if err := yaml.Unmarshal([]byte(value), &items); err != nil {
		t.Fatal(err)
	}
	if err := unstructured.SetNestedSlice(obj.Object, items, strings.Split(list, ".")...); err != nil {
		t.Fatal(err)
	}
}

// length of the list as the operator reads it, through the Go type.
func length(t *testing.T, obj *unstructured.Unstructured, list string) int {
	t.Helper()
	typed, err := kube.Scheme().New(obj.GroupVersionKind())
	if err != nil {
		t.Fatal(err)
	}
	if err := kube.Get(t.Context(), client.ObjectKeyFromObject(obj), typed.(client.Object)); err != nil {
		t.Fatal(err)
	}
	plain, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		t.Fatal(err)
	}
	items, _, err := unstructured.NestedSlice(plain, strings.Split(list, ".")...)
	if err != nil {
		t.Fatal(err)
	}
	return len(items)
}

package api

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// minimalSpecs have what each kind requires.
var minimalSpecs = map[string]string{
	"EntraTenant":              tenant(``),
	"AppRegistration":          `{displayName: x}`,
	"FederatedCredential":      `{appRegistrationRef: {name: a}, serviceAccount: {name: a}}`,
	"RegistrationPolicy":       `{namespaces: {all: true}}`,
	"DelegatedPermissionGrant": `{client: {appRegistrationRef: {name: a}}, api: {appRegistrationRef: {name: b}}, scopes: [s]}`,
	"AppRoleAssignment":        `{principal: {appRegistrationRef: {name: a}}, api: {appRegistrationRef: {name: b}}, roles: [r]}`,
}

func TestNames_LongEnoughAndShortEnough(t *testing.T) {
	t.Parallel()
	const says = "metadata.name must be a DNS label of at most 63 characters"
	for kind, spec := range minimalSpecs {
		for about, test := range map[string]struct{ name, says string }{
			"a label is accepted":                  {name: "orders-api"},
			"one letter is accepted":               {name: "a"},
			"digits are accepted":                  {name: "0x0"},
			"63 characters are accepted":           {name: strings.Repeat("a", 63)},
			"64 characters are refused":            {name: strings.Repeat("a", 64), says: says},
			"a dot is refused":                     {name: "orders.api", says: says},
			"a dot that looks like a namespace is": {name: "shop.orders-api", says: says},
		} {
			t.Run(kind+": "+about, func(t *testing.T) {
				t.Parallel()
				obj := object(t, kind, spec)
				obj.SetName(test.name)
				checkRefusal(t, kube.Create(t.Context(), obj, client.DryRunAll, strict), test.says)
			})
		}
	}
}

func TestStatus_NewObjectIsUnobserved(t *testing.T) {
	t.Parallel()
	for kind, spec := range minimalSpecs {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			obj := object(t, kind, spec)
			create(t, obj)
			if diff := cmp.Diff(map[string]any{"observedGeneration": int64(-1)}, obj.Object["status"]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStatus_CannotBeWrittenWithSpec(t *testing.T) {
	t.Parallel()
	forged := map[string]any{"tenantName": "corp", "observedGeneration": int64(1)}
	for _, kind := range []string{"AppRegistration", "FederatedCredential", "AppRoleAssignment", "DelegatedPermissionGrant"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			obj := object(t, kind, minimalSpecs[kind])
			obj.Object["status"] = forged
			create(t, obj)
			obj.Object["status"] = forged
			if err := kube.Update(t.Context(), obj); err != nil {
				t.Fatalf("update: %v", err)
			}
			if diff := cmp.Diff(map[string]any{"observedGeneration": int64(-1)}, obj.Object["status"]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The old ID must not be forgotten before it is taken away.
func TestStatus_RecreatedRoleIsRecordedTwice(t *testing.T) {
	t.Parallel()
	obj := object(t, "AppRoleAssignment", minimalSpecs["AppRoleAssignment"])
	create(t, obj)
	roles := []any{map[string]any{"value": "Read", "id": "1"}, map[string]any{"value": "Read", "id": "2"}}
	if err := unstructured.SetNestedSlice(obj.Object, roles, "status", "roles"); err != nil {
		t.Fatal(err)
	}
	if err := kube.Status().Update(t.Context(), obj, client.FieldOwner("test")); err != nil {
		t.Errorf("refused: %v", err)
	}
}

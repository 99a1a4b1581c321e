package e2e

import (
	"testing"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

// An uninstall lets objects go, and touches nothing in Entra.
func TestUninstall_LeavesEntraUntouched(t *testing.T) {
	t.Parallel()
	e := env.New(t, env.WithOwnControlPlane)
	e.CreateOrdersObjects()
	scheme := runtime.NewScheme()
	if err := apiextensionsv1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	definitions, err := client.New(e.ControlPlane.Config(), client.Options{Scheme: scheme})
	if err != nil {
		t.Fatal(err)
	}
	e.Requests.Reset()
	for _, kind := range env.Resources() {
		definition := &apiextensionsv1.CustomResourceDefinition{ObjectMeta: metav1.ObjectMeta{Name: kind.Plural + ".entra-registrar.dev"}}
		if err := definitions.Delete(t.Context(), definition); err != nil {
			t.Fatal(err)
		}
	}
	// The API server empties them in real time.
	e.Clock.WaitUntil("the end of the definitions", 24*time.Hour, func() bool {
		var left apiextensionsv1.CustomResourceDefinitionList
		if err := definitions.List(t.Context(), &left); err != nil {
			t.Fatal(err)
		}
		return len(left.Items) == 0
	})
	if writes := e.Requests.Traffic().Writes; len(writes) > 0 {
		t.Errorf("an uninstall wrote %q", writes)
	}
	e.Tenant.CheckInventory(env.OrdersInventory)
}

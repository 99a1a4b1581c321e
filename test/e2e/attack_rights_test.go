package e2e

import (
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/test/e2e/env"
)

func TestRBAC_EditNeitherWritesStatusNorSeesTenants(t *testing.T) {
	t.Parallel()
	_, mallory := env.NewWithTenantUser(t)
	kinds, clusterScoped := env.Plurals(true), env.Plurals(false)
	writes := []string{"create", "update", "patch", "delete"}
	verbs := append([]string{"get", "list", "watch"}, writes...)
	checkAllowed(t, mallory, true, kinds, "", verbs)
	checkAllowed(t, mallory, false, kinds, "status", writes)
	checkAllowed(t, mallory, false, kinds, "finalizers", writes)
	checkAllowed(t, mallory, false, clusterScoped, "", append(verbs, "deletecollection"))
	checkAllowed(t, mallory, false, clusterScoped, "status", verbs)
}

// checkAllowed fails where the API server does not answer so for any of the verbs.
func checkAllowed(t *testing.T, user env.User, allowed bool, resources []string, subresource string, verbs []string) {
	t.Helper()
	for _, resource := range resources {
		for _, verb := range verbs {
			if user.Cluster.Allows(verb, resource, subresource) != allowed {
				t.Errorf("%s %s/%s: allowed should be %t", verb, resource, subresource, allowed)
			}
		}
	}
}

func TestForgedStatus_IsRefusedByAPIServer(t *testing.T) {
	t.Parallel()
	e, mallory := env.NewWithTenantUser(t)
	app := e.AppRegistration("orders-api")
	app.Status.ObjectID = "8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e84" // ignored in a create, too
	mallory.Cluster.Create(app)
	e.Status.WaitReady(app)
	made := app.Status.ObjectID
	if made == "8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e84" {
		t.Fatal("a status was taken with the create")
	}
	credential := e.FederatedCredential("orders-api", "orders-api", "orders-api")
	assignment := e.Assignment("orders-api", "orders-api", "orders-api", "Orders.Read.All")
	mallory.Cluster.Create(credential, assignment)
	forged := client.RawPatch("application/merge-patch+json", []byte(`{"status":{"tenantName":"lab"}}`))
	for _, obj := range []env.Object{app, credential, assignment} {
		for what, err := range map[string]error{
			"update": mallory.Cluster.Client.Status().Update(t.Context(), obj),
			"patch":  mallory.Cluster.Client.Status().Patch(t.Context(), obj, forged),
		} {
			if !apierrors.IsForbidden(err) {
				t.Errorf("%s of the status of %T: %v", what, obj, err)
			}
		}
	}
	env.Edit(mallory.Cluster, app, func(a *v1alpha1.AppRegistration) { a.Status.ObjectID = "8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e84" })
	if e.Cluster.Get(app); app.Status.ObjectID != made {
		t.Errorf("an edit of the object changed its status: %s", app.Status.ObjectID)
	}
	for what, err := range map[string]error{
		"see":    mallory.Cluster.Client.Get(t.Context(), client.ObjectKey{Name: e.TenantName}, &v1alpha1.EntraTenant{}),
		"list":   mallory.Cluster.Client.List(t.Context(), &v1alpha1.EntraTenantList{}),
		"create": mallory.Cluster.Client.Create(t.Context(), e.NewEntraTenant()),
		"delete": mallory.Cluster.Client.Delete(t.Context(), e.EntraTenant()),
	} {
		if !apierrors.IsForbidden(err) {
			t.Errorf("%s the tenant: %v", what, err)
		}
	}
}

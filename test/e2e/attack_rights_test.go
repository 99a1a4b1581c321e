package e2e

import (
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestUsersWithEditNeitherWriteStatusNorSeeTenants(t *testing.T) {
	t.Parallel()
	_, mallory := besieged(t)
	for _, resource := range []string{"appregistrations", "federatedcredentials", "approleassignments"} {
		for _, verb := range []string{"get", "list", "watch", "create", "update", "patch", "delete"} {
			if !mallory.may(verb, resource, "") {
				t.Errorf("may not %s %s", verb, resource)
			}
		}
		for _, sub := range []string{"status", "finalizers"} {
			for _, verb := range []string{"create", "update", "patch", "delete"} {
				if mallory.may(verb, resource, sub) {
					t.Errorf("may %s %s/%s", verb, resource, sub)
				}
			}
		}
	}
	for _, resource := range []string{"entratenants", "registrationpolicies"} {
		for _, verb := range []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"} {
			if mallory.may(verb, resource, "") || mallory.may(verb, resource, "status") {
				t.Errorf("may %s %s", verb, resource)
			}
		}
	}
}

func TestAForgedStatusIsRefusedByTheAPIServer(t *testing.T) {
	t.Parallel()
	s, mallory := besieged(t)
	app := s.app("orders-api")
	app.Status.ObjectID = "8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e84" // not taken at a create either
	mallory.create(app)
	s.ready(app)
	made := app.Status.ObjectID
	if made == "8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e84" {
		t.Fatal("a status was taken with the create")
	}
	trust := s.trust("orders-api", "orders-api", "orders-api")
	assignment := s.assignment("orders-api", "orders-api", "orders-api", "Orders.Read.All")
	mallory.create(trust, assignment)
	for _, obj := range []object{app, trust, assignment} {
		for what, err := range map[string]error{
			"update": mallory.admin.Status().Update(t.Context(), obj),
			"patch":  mallory.admin.Status().Patch(t.Context(), obj, client.RawPatch("application/merge-patch+json", []byte(`{"status":{"tenantName":"lab"}}`))),
		} {
			if !apierrors.IsForbidden(err) {
				t.Errorf("%s of the status of %T: %v", what, obj, err)
			}
		}
	}
	edit(mallory, app, func(a *v1alpha1.AppRegistration) { a.Status.ObjectID = "8b2c5e0d-1f4a-4c6b-9d3e-7a5f0c2b1e84" })
	if s.get(app); app.Status.ObjectID != made {
		t.Errorf("an edit of the object changed its status: %s", app.Status.ObjectID)
	}
	for what, err := range map[string]error{
		"see":    mallory.admin.Get(t.Context(), client.ObjectKey{Name: s.tenant}, &v1alpha1.EntraTenant{}),
		"list":   mallory.admin.List(t.Context(), &v1alpha1.EntraTenantList{}),
		"create": mallory.admin.Create(t.Context(), s.entraTenant()),
		"delete": mallory.admin.Delete(t.Context(), s.tenantObject()),
	} {
		if !apierrors.IsForbidden(err) {
			t.Errorf("%s the tenant: %v", what, err)
		}
	}
}

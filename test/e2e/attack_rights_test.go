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
	kinds := []string{"appregistrations", "federatedcredentials", "approleassignments", "delegatedpermissiongrants"}
	writes := []string{"create", "update", "patch", "delete"}
	verbs := append([]string{"get", "list", "watch"}, writes...)
	mallory.mustBe(true, kinds, "", verbs)
	mallory.mustBe(false, kinds, "status", writes)
	mallory.mustBe(false, kinds, "finalizers", writes)
	mallory.mustBe(false, []string{"entratenants", "registrationpolicies"}, "", append(verbs, "deletecollection"))
	mallory.mustBe(false, []string{"entratenants", "registrationpolicies"}, "status", verbs)
}

// mustBe checks what the API server lets this user do.
func (s *stage) mustBe(allowed bool, resources []string, subresource string, verbs []string) {
	s.t.Helper()
	for _, resource := range resources {
		for _, verb := range verbs {
			if s.may(verb, resource, subresource) != allowed {
				s.t.Errorf("%s %s/%s: allowed should be %t", verb, resource, subresource, allowed)
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

package appregistration

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestStatus_MissClearsNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		world World
	}{
		{"the application lags", with(unknown(), func(w *World) { w.provenance, w.secret = foundByRecord, settled(object()).secret })},
		{"the service principal lags", recorded(func(w *World) { w.principal = entra.Observed[entra.ServicePrincipal]{} })},
		{"the application is gone", with(unknown(), func(w *World) {
			w.provenance, w.application, w.secret = foundByRecord, entra.Absent[entra.Application](), settled(object()).secret
		})},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			before := decide(t, object(bound), settled(object())).Object
			if diff := cmp.Diff(before.Status, decide(t, before, c.world).Object.Status); diff != "" {
				t.Error("status, before - after +\n" + diff)
			}
		})
	}
}

func TestStatus_IntentIsRecorded(t *testing.T) {
	t.Parallel()
	ours := settled(object()).application.Value
	dirty := ours
	dirty.Keys = []string{"k1"}
	amongDeleted := func(app entra.Application) World {
		return with(unknown(), func(w *World) { w.deleted = entra.Present(app) })
	}
	for _, c := range []struct {
		name  string
		world World
		want  string
	}{
		{"a new application", unknown(), firstName},
		{"one that is restored", amongDeleted(ours), firstName},
		{"the next name", amongDeleted(dirty), secondName},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := v1alpha1.AppRegistrationStatus{
				TenantBinding: v1alpha1.TenantBinding{TenantName: "corp", TenantID: tenantID}, UniqueName: c.want,
			}
			if diff := cmp.Diff(want, decide(t, object(), c.world).Object.Status); diff != "" {
				t.Error("status, want - got +\n" + diff)
			}
		})
	}
}

func TestStatus_TenantIsPinned(t *testing.T) {
	t.Parallel()
	world := settled(object())
	world.Tenant.Name = "other"
	if diff := cmp.Diff("corp", decide(t, object(bound), world).Object.Status.TenantName); diff != "" {
		t.Error("tenant, want - got +\n" + diff)
	}
}

func TestStatus_NoMoreThanItsSchema(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("s", 64)
	obj := object(bound, func(o *v1alpha1.AppRegistration) { o.Spec.Secret = &v1alpha1.Secret{Name: long} })
	world := settled(obj)
	for i := range 60 {
		world.application.Value.IdentifierURIs = append(world.application.Value.IdentifierURIs, fmt.Sprintf("api://x/%d", i))
	}
	status := decide(t, obj, world).Object.Status
	got := []any{status.SecretName, status.Binding, len(status.IdentifierURIs)}
	if diff := cmp.Diff([]any{long, &v1alpha1.Binding{Name: long}, 50}, got); diff != "" {
		t.Error("status, want - got +\n" + diff)
	}
}

func TestStatus_PermissionsStayUntilTheyAreObserved(t *testing.T) {
	t.Parallel()
	api := v1alpha1.APIReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Name: "stock"}}
	obj := object(bound, needs(api, []string{"1"}))
	before := decide(t, obj, settled(obj)).Object
	before.Spec.Permissions[0].Delegated = []string{"1", "2"}
	world := with(settled(obj), finding(before), func(w *World) { w.observed, w.application.Value.Disabled = nil, true })
	if diff := cmp.Diff(before.Status, decide(t, before, world).Object.Status); diff != "" {
		t.Error("status, before - after +\n" + diff)
	}
}

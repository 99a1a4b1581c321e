package appregistration

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestAMissClearsNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		world World
	}{
		{"the application lags", with(unknown(), func(w *World) { w.found, w.secret = byRecord, settled(object()).secret })},
		{"the service principal lags", known(func(w *World) { w.principal = entra.Sighting[entra.ServicePrincipal]{} })},
		{"the application is gone", with(unknown(), func(w *World) {
			w.found, w.application, w.secret = byRecord, entra.Gone[entra.Application](), settled(object()).secret
		})},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			obj := object(bound)
			kind().Record(obj, settled(object()))
			before := obj.DeepCopy()
			kind().Record(obj, c.world)
			if diff := cmp.Diff(before.Status, obj.Status); diff != "" {
				t.Error("status, before - after +\n" + diff)
			}
		})
	}
}

func TestWhatIsAboutToBeMadeIsRecorded(t *testing.T) {
	t.Parallel()
	grave := settled(object()).application.Value
	dirty := grave
	dirty.Keys = []string{"k1"}
	buried := func(app entra.Application) World {
		return with(unknown(), func(w *World) { w.grave = entra.Seen(app) })
	}
	for _, c := range []struct {
		name  string
		world World
		want  string
	}{
		{"a new application", unknown(), firstName},
		{"one that is restored", buried(grave), firstName},
		{"the next name", buried(dirty), secondName},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			obj := object()
			kind().Record(obj, c.world)
			want := v1alpha1.AppRegistrationStatus{
				TenantBinding: v1alpha1.TenantBinding{TenantName: "corp", TenantID: tenantID}, UniqueName: c.want,
			}
			if diff := cmp.Diff(want, obj.Status); diff != "" {
				t.Error("status, want - got +\n" + diff)
			}
		})
	}
}

func TestATenantIsPinned(t *testing.T) {
	t.Parallel()
	obj := object(bound)
	world := settled(object())
	world.Tenant.Name = "other"
	kind().Record(obj, world)
	if diff := cmp.Diff("corp", obj.Status.TenantName); diff != "" {
		t.Error("tenant, want - got +\n" + diff)
	}
}

func TestStatusTakesNoMoreThanItsSchema(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("s", 64)
	obj := object(bound, func(o *v1alpha1.AppRegistration) { o.Spec.Secret = &v1alpha1.Secret{Name: long} })
	world := settled(obj)
	world.application.Value.IdentifierURIs = many("api://x/", 60)
	kind().Record(obj, world)
	got := []any{obj.Status.SecretName, obj.Status.Binding, len(obj.Status.IdentifierURIs)}
	if diff := cmp.Diff([]any{long, &v1alpha1.Binding{Name: long}, 50}, got); diff != "" {
		t.Error("status, want - got +\n" + diff)
	}
}

func TestWhoWakesAnObject(t *testing.T) {
	t.Parallel()
	pinned := object(bound)
	asking := object(func(o *v1alpha1.AppRegistration) {
		o.Name, o.Spec.TenantRef = "asking", &v1alpha1.TenantReference{Name: "corp"}
	})
	elsewhere := object(func(o *v1alpha1.AppRegistration) {
		o.Name, o.Spec.TenantRef = "elsewhere", &v1alpha1.TenantReference{Name: "lab"}
	})
	either := object(func(o *v1alpha1.AppRegistration) { o.Name = "either" })
	bank := object(func(o *v1alpha1.AppRegistration) {
		o.Namespace, o.Name, o.Spec.TenantRef = "bank", "b", elsewhere.Spec.TenantRef
	})
	c := newCluster(t, pinned, asking, elsewhere, either, bank)
	names := func(list []types.NamespacedName) (names []string) {
		for _, n := range list {
			names = append(names, n.String())
		}
		return names
	}
	var tenant v1alpha1.EntraTenant
	tenant.Name = "corp"
	var byTenant, byNamespace, bySecret []types.NamespacedName
	for _, r := range c.kind.ofTenant(t.Context(), &tenant) {
		byTenant = append(byTenant, r.NamespacedName)
	}
	space := foreignSecret()
	space.Name = "bank"
	for _, r := range c.kind.ofNamespace(t.Context(), space) {
		byNamespace = append(byNamespace, r.NamespacedName)
	}
	for _, r := range ownerOfSecret(t.Context(), settled(object()).secret) {
		bySecret = append(bySecret, r.NamespacedName)
	}
	same(t, "tenant", []string{"shop/asking", "shop/either", "shop/orders-api"}, names(byTenant))
	same(t, "namespace", []string{"bank/b"}, names(byNamespace))
	same(t, "secret", []string{"shop/orders-api"}, names(bySecret))
	same(t, "foreign secret", 0, len(ownerOfSecret(t.Context(), foreignSecret())))
	same(t, "watches", 3, len(c.kind.Watches()))
}

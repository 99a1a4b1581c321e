package appregistration

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

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
		{"the service principal lags", known(func(w *World) { w.principal = entra.Observed[entra.ServicePrincipal]{} })},
		{"the application is gone", with(unknown(), func(w *World) {
			w.found, w.application, w.secret = byRecord, entra.Absent[entra.Application](), settled(object()).secret
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
		return with(unknown(), func(w *World) { w.grave = entra.Present(app) })
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
	woken := func(watch int, changed client.Object) (names []string) {
		for _, r := range c.kind.Watches()[watch].Wakes(t.Context(), changed) {
			names = append(names, r.String())
		}
		return names
	}
	tenant := &v1alpha1.EntraTenant{ObjectMeta: metav1.ObjectMeta{Name: "corp"}}
	space := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "bank"}}
	assignment := &v1alpha1.AppRoleAssignment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "reads"}}
	assignment.Spec.API.AppRegistrationRef = &v1alpha1.AppRegistrationReference{Name: "orders-api"}
	same(t, "tenant", []string{"shop/asking", "shop/either", "shop/orders-api"}, woken(0, tenant))
	same(t, "namespace", []string{"bank/b"}, woken(1, space))
	same(t, "secret", []string{"shop/orders-api"}, woken(2, settled(object()).secret))
	same(t, "foreign secret", 0, len(woken(2, foreignSecret())))
	assignment.Status.Roles = []v1alpha1.NamedID{{Value: "Orders.Read.All", ID: "1"}}
	same(t, "assignment of a role that stays", []string(nil), woken(4, assignment))
	assignment.Status.Roles = []v1alpha1.NamedID{{Value: "Orders.Write.All", ID: "2"}}
	same(t, "assignment of a role that is leaving", []string{"shop/orders-api"}, woken(4, assignment))
}

func TestWhoWakesOneThatNamesOthers(t *testing.T) {
	t.Parallel()
	here := object(bound, needs(named("docks", "stock"), []string{"Stock.Read"}), trusts(clientNamed("web"), "Orders.Read"))
	raw := object(needs(v1alpha1.APIReference{AppID: "stock-app"}, []string{"Stock.Read"}), func(o *v1alpha1.AppRegistration) {
		o.Namespace, o.Name = "bank", "raw"
	})
	knows := object(func(o *v1alpha1.AppRegistration) {
		o.Name, o.Spec.API.KnownClients = "knows", []v1alpha1.ClientReference{clientNamed("web")}
	})
	c := newCluster(t, here, raw, knows)
	woken := func(watch int, changed client.Object) (names []string) {
		for _, r := range c.kind.Watches()[watch].Wakes(t.Context(), changed) {
			names = append(names, r.String())
		}
		return names
	}
	const apps, assignments, grants = 3, 5, 6
	same(t, "an API of another namespace", []string{"bank/raw", "shop/orders-api"}, woken(apps, apiOf("docks", "stock")))
	same(t, "a client", []string{"shop/knows", "shop/orders-api"}, woken(apps, apiOf("shop", "web")))
	same(t, "one of that name elsewhere", []string(nil), woken(apps, apiOf("docks", "web")))
	assignment := &v1alpha1.AppRoleAssignment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "a"}}
	same(t, "an assignment of nothing yet", []string(nil), woken(assignments, assignment))
	assignment.Status.PrincipalObjectID = principalID
	same(t, "an assignment to it", []string{"shop/orders-api"}, woken(assignments, assignment))
	grant := &v1alpha1.DelegatedPermissionGrant{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "g"}}
	grant.Status.ClientObjectID = principalID
	same(t, "a grant to it", []string{"shop/orders-api"}, woken(grants, grant))
	grant.Status.UserObjectID = "ann"
	same(t, "a grant for one user", []string(nil), woken(grants, grant))
}

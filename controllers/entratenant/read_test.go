package entratenant_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/entratenant"
)

// directory answers for a tenant, and counts who asked. What is not faked here panics.
type directory struct {
	entra.Tenants
	entra.Reader
	self         entra.Identity
	privileged   entra.Identity
	organization entra.Organization
	fails        map[string]error
	asked        []string
}

func (d *directory) ask(what string) error {
	d.asked = append(d.asked, what)
	return d.fails[what]
}

func (d *directory) Open(key entra.TenantKey, _ string, _ entra.Connection) (entra.Reader, error) {
	if !key.Privileged {
		return d, d.ask("open")
	}
	other := &directory{self: d.privileged, fails: map[string]error{"self": d.fails["sign in privileged"]}}
	return other, d.ask("open privileged")
}
func (d *directory) Close(key entra.TenantKey) {
	_ = d.ask(fmt.Sprintf("close (privileged %t)", key.Privileged))
}
func (d *directory) APIByAppID(_ context.Context, appID string, _ time.Duration) (entra.ServicePrincipal, error) {
	return entra.ServicePrincipal{AppID: appID, ObjectID: d.privileged.ObjectID}, d.ask("look for " + appID)
}
func (d *directory) Endpoints(context.Context) (entra.Endpoints, error) {
	return entra.Endpoints{}, d.ask("endpoints")
}
func (d *directory) Self(context.Context) (entra.Identity, error) { return d.self, d.ask("self") }
func (d *directory) Organization(context.Context) (entra.Organization, error) {
	return d.organization, d.ask("organization")
}

func cluster(t *testing.T, objects ...client.Object) client.Client {
	t.Helper()
	scheme := enginetest.Scheme(t)
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).WithObjects(
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "kube-system", UID: "0a1b2c3d-4444-4444-8444-444444444444"}},
	).Build()
}

func kindOf(kube client.Client, d *directory) *entratenant.Kind {
	return &entratenant.Kind{Binder: binding.Binder{Cache: kube, Live: kube, Tenants: d}, Bound: []entratenant.Bound{
		{"AppRegistration", &v1alpha1.AppRegistration{}, &v1alpha1.AppRegistrationList{}},
		{"FederatedCredential", &v1alpha1.FederatedCredential{}, &v1alpha1.FederatedCredentialList{}},
		{"AppRoleAssignment", &v1alpha1.AppRoleAssignment{}, &v1alpha1.AppRoleAssignmentList{}},
		{"DelegatedPermissionGrant", &v1alpha1.DelegatedPermissionGrant{}, &v1alpha1.DelegatedPermissionGrantList{}},
	}}
}

func objectsOf(tenant string) []client.Object {
	binding := v1alpha1.TenantBinding{TenantName: tenant, TenantID: tenantID}
	meta := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "shop", Name: name} }
	return []client.Object{
		&v1alpha1.AppRegistration{ObjectMeta: meta(tenant), Status: v1alpha1.AppRegistrationStatus{TenantBinding: binding}},
		&v1alpha1.FederatedCredential{ObjectMeta: meta(tenant), Status: v1alpha1.FederatedCredentialStatus{TenantBinding: binding}},
		&v1alpha1.AppRoleAssignment{ObjectMeta: meta(tenant), Status: v1alpha1.AppRoleAssignmentStatus{TenantBinding: binding}},
		&v1alpha1.DelegatedPermissionGrant{ObjectMeta: meta(tenant), Status: v1alpha1.DelegatedPermissionGrantStatus{TenantBinding: binding}},
	}
}

func defaulted(name string, leaving bool) *v1alpha1.EntraTenant {
	tenant := &v1alpha1.EntraTenant{ObjectMeta: metav1.ObjectMeta{Name: name, Finalizers: []string{v1alpha1.Finalizer}}}
	tenant.Spec.Default = true
	if leaving {
		tenant.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
	}
	return tenant
}

func TestRead(t *testing.T) {
	t.Parallel()
	answers := func() *directory {
		return &directory{self: reached().Self, organization: reached().Organization}
	}
	names := []string{"AppRegistration shop/corp", "AppRoleAssignment shop/corp", "DelegatedPermissionGrant shop/corp", "FederatedCredential shop/corp"}
	kube := cluster(t, slices.Concat(objectsOf("corp"), objectsOf("other"), []client.Object{
		defaulted("corp", false), defaulted("dev", false), defaulted("gone", true),
	})...)
	for name, row := range map[string]struct {
		obj   func(*v1alpha1.EntraTenant)
		fails map[string]error
		want  entratenant.World
		err   error
		asked []string
	}{
		"who we are, who answers and which objects name it": {
			want:  with(reached(), func(w *entratenant.World) { w.Objects = names }),
			asked: []string{"open", "endpoints", "self", "organization"},
		},
		"who else is default": {
			obj:   func(o *v1alpha1.EntraTenant) { o.Spec.Default = true },
			want:  with(reached(), func(w *entratenant.World) { w.Objects, w.OtherDefaults = names, []string{"dev"} }),
			asked: []string{"open", "endpoints", "self", "organization"},
		},
		"an organization that we may not read is left empty": {
			fails: map[string]error{"organization": entra.Refused{Reason: entra.RefusedForbidden}},
			want:  with(reached(), func(w *entratenant.World) { w.Objects = names }),
			asked: []string{"open", "endpoints", "self", "organization"},
		},
		"wrong credentials are the error": {
			fails: map[string]error{"self": entra.Refused{Reason: entra.RefusedInvalid, Code: "AADSTS7000215"}},
			err:   entra.Refused{Reason: entra.RefusedInvalid, Code: "AADSTS7000215"},
			asked: []string{"open", "endpoints", "self"},
		},
		"a tenant that is away is the error": {
			fails: map[string]error{"endpoints": entra.ErrUnreachable},
			err:   entra.ErrUnreachable,
			asked: []string{"open", "endpoints"},
		},
		"an abandoned tenant is not called": {
			obj:  func(o *v1alpha1.EntraTenant) { o.Spec.Abandoned = true },
			want: entratenant.World{Objects: names},
		},
		"nor is one that is being deleted": {
			obj:  beingDeleted,
			want: entratenant.World{Objects: names},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, obj := answers(), corp()
			d.fails = row.fails
			if row.obj != nil {
				row.obj(obj)
			}
			got, err := kindOf(kube, d).Read(t.Context(), obj)
			if !errors.Is(err, row.err) {
				t.Fatalf("error %v, want %v", err, row.err)
			}
			if diff := cmp.Diff(row.asked, d.asked); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(row.want, got, cmpopts.IgnoreFields(entratenant.World{}, "Binding")); row.err == nil && diff != "" {
				t.Error(diff)
			}
		})
	}
}

func with(world entratenant.World, change func(*entratenant.World)) entratenant.World {
	change(&world)
	return world
}

func TestRead_DeletionDoesNotTrustAnEmptyCache(t *testing.T) {
	t.Parallel()
	d := &directory{}
	kind := kindOf(cluster(t, objectsOf("corp")...), d)
	kind.Binder.Cache = cluster(t)
	obj := corp()
	beingDeleted(obj)
	world, err := kind.Read(t.Context(), obj)
	if err != nil || len(world.Objects) != 4 {
		t.Errorf("%v, %v", world.Objects, err)
	}
}

func TestDeletion_ClosesTheConnections(t *testing.T) {
	t.Parallel()
	d := &directory{}
	kind, obj := kindOf(cluster(t), d), corp()
	beingDeleted(obj)
	world, err := kind.Read(t.Context(), obj)
	if err != nil {
		t.Fatal(err)
	}
	settled := enginetest.Settle(t, kind, obj, world, time.Time{}, engine.Clients{Tenants: d})
	want := []string{"close (privileged false)", "close (privileged true)"}
	if settled.Err != nil || len(said(settled.Decision)) > 0 || !slices.Equal(d.asked, want) {
		t.Errorf("%v, %v after %v", said(settled.Decision), settled.Err, d.asked)
	}
}

func TestWatches(t *testing.T) {
	t.Parallel()
	leaving := defaulted("corp", true)
	kind := kindOf(cluster(t, leaving, defaulted("dev", false), defaulted("test", false)), &directory{})
	watches := kind.Watches(nil)
	for name, row := range map[string]struct {
		watch   int
		changed client.Object
		want    []string
	}{
		"an application of a tenant that is being deleted": {0, objectsOf("corp")[0], []string{"corp"}},
		"a credential of it":                                {1, objectsOf("corp")[1], []string{"corp"}},
		"an assignment of it":                               {2, objectsOf("corp")[2], []string{"corp"}},
		"a grant of it":                                     {3, objectsOf("corp")[3], []string{"corp"}},
		"no tenant that stays":                              {0, objectsOf("dev")[0], nil},
		"no tenant for an object that is not bound yet":     {0, &v1alpha1.AppRegistration{}, nil},
		"the other defaults where one comes, goes or moves": {4, defaulted("dev", false), []string{"corp", "test"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, request := range watches[row.watch].Wakes(t.Context(), row.changed) {
				got = append(got, request.Name)
			}
			slices.Sort(got)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRead_UnreachableSaysWhatToCheck(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		endpoints *v1alpha1.CustomEndpoints
		want      string
	}{
		"one of Microsoft's":            {nil, "check that the manager may connect there: DNS, proxy, firewall, network policies"},
		"one with endpoints of its own": {&v1alpha1.CustomEndpoints{}, "network policies, and spec.endpoints with its caBundle"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, obj := &directory{fails: map[string]error{"self": entra.ErrUnreachable}}, corp()
			obj.Spec.Endpoints = row.endpoints
			if _, err := kindOf(cluster(t), d).Read(t.Context(), obj); err == nil || !strings.HasSuffix(err.Error(), row.want) {
				t.Errorf("%v does not end with %q", err, row.want)
			}
		})
	}
}

package entratenant_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/entratenant"
)

func TestStatus(t *testing.T) {
	t.Parallel()
	before := v1alpha1.EntraTenantStatus{
		TenantID: tenantID, ClusterID: "old", AppID: "former-app", ServicePrincipalObjectID: "former", DisplayName: "Former",
		Permissions: &v1alpha1.TenantPermissions{Granted: []string{readAll}},
	}
	for name, row := range map[string]struct {
		obj    func(*v1alpha1.EntraTenant)
		before v1alpha1.EntraTenantStatus
		world  func(*entratenant.World)
		want   v1alpha1.EntraTenantStatus
	}{
		"what answered, and what this cluster is called": {
			world: func(w *entratenant.World) { w.Objects = []string{"AppRegistration shop/orders"} },
			want: v1alpha1.EntraTenantStatus{
				TenantID: tenantID, ClusterID: "0a1b2c3d", AppID: "operator-app", ServicePrincipalObjectID: "operator", DisplayName: "Corp", Objects: 1,
				Permissions: &v1alpha1.TenantPermissions{Granted: []string{assignAll, readAll, readOwned}},
			},
		},
		"what is missing": {
			world: func(w *entratenant.World) { w.Self.Roles = nil },
			want: v1alpha1.EntraTenantStatus{
				TenantID: tenantID, ClusterID: "0a1b2c3d", AppID: "operator-app", ServicePrincipalObjectID: "operator", DisplayName: "Corp",
				Permissions: &v1alpha1.TenantPermissions{Missing: []string{readOwned, readAll, assignAll}},
			},
		},
		"a pinned cluster ID and a name that cannot be read stay": {
			before: before,
			world:  func(w *entratenant.World) { w.Organization = entra.Organization{} },
			want: v1alpha1.EntraTenantStatus{
				TenantID: tenantID, ClusterID: "old", AppID: "operator-app", ServicePrincipalObjectID: "operator", DisplayName: "Former",
				Permissions: &v1alpha1.TenantPermissions{Granted: []string{assignAll, readAll, readOwned}},
			},
		},
		"nothing of another tenant": {
			world: func(w *entratenant.World) { w.Self.TenantID = otherID },
		},
		"nothing is forgotten where nobody answered": {
			before: before,
			world:  func(w *entratenant.World) { *w = entratenant.World{} },
			want:   before,
		},
		"both identities, each with what it may": {
			obj: privileged,
			world: func(w *entratenant.World) {
				w.Privileged = entra.Identity{AppID: "privileged-app", ObjectID: "privileged", TenantID: tenantID, Roles: []string{readAll}}
			},
			want: v1alpha1.EntraTenantStatus{
				TenantID: tenantID, ClusterID: "0a1b2c3d", AppID: "operator-app", ServicePrincipalObjectID: "operator", DisplayName: "Corp",
				PrivilegedAppID: "privileged-app", PrivilegedServicePrincipalObjectID: "privileged",
				Permissions:           &v1alpha1.TenantPermissions{Granted: []string{assignAll, readAll, readOwned}},
				PrivilegedPermissions: &v1alpha1.TenantPermissions{Granted: []string{readAll}, Missing: []string{assignAll}},
			},
		},
		"an identity that cannot be found at the moment is not forgotten": {
			obj:    privileged,
			before: v1alpha1.EntraTenantStatus{PrivilegedAppID: "privileged-app", PrivilegedServicePrincipalObjectID: "privileged"},
			world:  func(*entratenant.World) {},
			want: v1alpha1.EntraTenantStatus{
				TenantID: tenantID, ClusterID: "0a1b2c3d", AppID: "operator-app", ServicePrincipalObjectID: "operator", DisplayName: "Corp",
				PrivilegedAppID: "privileged-app", PrivilegedServicePrincipalObjectID: "privileged",
				Permissions: &v1alpha1.TenantPermissions{Granted: []string{assignAll, readAll, readOwned}},
			},
		},
		"an identity that spec does not name any longer is": {
			before: v1alpha1.EntraTenantStatus{PrivilegedAppID: "privileged-app", PrivilegedServicePrincipalObjectID: "privileged"},
			world:  func(*entratenant.World) {},
			want: v1alpha1.EntraTenantStatus{
				TenantID: tenantID, ClusterID: "0a1b2c3d", AppID: "operator-app", ServicePrincipalObjectID: "operator", DisplayName: "Corp",
				Permissions: &v1alpha1.TenantPermissions{Granted: []string{assignAll, readAll, readOwned}},
			},
		},
		"a long name is cut": {
			world: func(w *entratenant.World) { w.Organization.DisplayName = strings.Repeat("ü", 300) },
			want: v1alpha1.EntraTenantStatus{
				TenantID: tenantID, ClusterID: "0a1b2c3d", AppID: "operator-app", ServicePrincipalObjectID: "operator", DisplayName: strings.Repeat("ü", 256),
				Permissions: &v1alpha1.TenantPermissions{Granted: []string{assignAll, readAll, readOwned}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			obj, world := corp(), reached()
			if row.obj != nil {
				row.obj(obj)
			}
			obj.Status = row.before
			world.Self.Roles = append(world.Self.Roles, assignAll)
			row.world(&world)
			if diff := cmp.Diff(row.want, decidePurely(t, switched(entratenant.On, ""), obj, world).Object.Status); diff != "" {
				t.Error(diff)
			}
		})
	}
}

package entratenant_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/entratenant"
)

const (
	tenantID  = "11111111-1111-4111-8111-111111111111"
	otherID   = "22222222-2222-4222-8222-222222222222"
	readOwned = "Application.ReadWrite.OwnedBy"
	readAll   = "Application.Read.All"
	assignAll = "AppRoleAssignment.ReadWrite.All"
)

// switched has the privileged kinds, switched as given.
func switched(assignments, grants entratenant.Switch) *entratenant.Kind {
	return &entratenant.Kind{Privileges: []entratenant.Privilege{
		{"AppRoleAssignment", entratenant.Permission{Value: assignAll, ID: "06b708a9-e830-4db3-a914-8e69da51d44f"}, assignments},
		{"DelegatedPermissionGrant", entratenant.Permission{Value: consentAll, ID: "8e8e4742-1d95-4f68-9d56-6ee75648c72a"}, grants},
	}}
}

func decidePurely(t *testing.T, kind *entratenant.Kind, obj *v1alpha1.EntraTenant, world entratenant.World) decision {
	t.Helper()
	return enginetest.Decide(t, kind, obj, world, time.Time{})
}

type decision = engine.Decision[*v1alpha1.EntraTenant, entratenant.World]

// corp is a tenant with the finalizer, and reached is a world in which it answers with all permissions.
func corp() *v1alpha1.EntraTenant {
	return &v1alpha1.EntraTenant{
		ObjectMeta: metav1.ObjectMeta{Name: "corp", UID: "tenant-uid", Finalizers: []string{v1alpha1.Finalizer}},
		Spec: v1alpha1.EntraTenantSpec{
			TenantID: tenantID, Auth: v1alpha1.TenantAuth{Type: v1alpha1.AuthWorkloadIdentity, ClientID: "operator-app"},
		},
	}
}

func reached() entratenant.World {
	return entratenant.World{
		ClusterUID: "0a1b2c3d-4444-4444-8444-444444444444", Reached: true,
		Self:         entra.Identity{AppID: "operator-app", ObjectID: "operator", TenantID: tenantID, Roles: []string{readOwned, readAll}},
		Organization: entra.Organization{ID: tenantID, DisplayName: "Corp"},
	}
}

func beingDeleted(t *v1alpha1.EntraTenant) {
	t.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
}

// said is a decision in words: its steps, or why there is none.
func said(plan decision) []string {
	var lines []string
	if plan.Intent {
		lines = append(lines, "add the finalizer; this cluster is "+plan.Object.Status.ClusterID+" there")
	}
	for _, step := range plan.Steps {
		lines = append(lines, step.String())
	}
	if plan.Wait != nil {
		lines = append(lines, fmt.Sprintf("wait (watched %t): %s", plan.Wait.Watched, plan.Wait.What))
	}
	if plan.Refusal != nil {
		lines = append(lines, fmt.Sprintf("refuse %s: %s", plan.Refusal.Reason, plan.Refusal.Message))
	}
	if plan.Unsynced != nil {
		lines = append(lines, fmt.Sprintf("unsynced %s: %s", plan.Unsynced.Reason, plan.Unsynced.Message))
	}
	return lines
}

func TestDecide(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		kind  *entratenant.Kind
		obj   func(*v1alpha1.EntraTenant)
		world func(*entratenant.World)
		want  []string // each is part of a line
	}{
		"a tenant that answers is in sync": {},
		"a new one gets the finalizer before an object can be bound": {
			obj:  func(o *v1alpha1.EntraTenant) { o.Finalizers = nil },
			want: []string{"add the finalizer; this cluster is 0a1b2c3d there"},
		},
		"spec's cluster ID goes first": {
			obj:  func(o *v1alpha1.EntraTenant) { o.Finalizers, o.Spec.ClusterID, o.Status.ClusterID = nil, "prod", "old" },
			want: []string{"add the finalizer; this cluster is prod there"},
		},
		"a pinned cluster ID stays": {
			obj:  func(o *v1alpha1.EntraTenant) { o.Finalizers, o.Status.ClusterID = nil, "old" },
			want: []string{"add the finalizer; this cluster is old there"},
		},
		"a token of another tenant is refused": {
			obj:   func(o *v1alpha1.EntraTenant) { o.Finalizers = nil },
			world: func(w *entratenant.World) { w.Self.TenantID = otherID },
			want:  []string{"refuse Invalid: spec.tenantID is " + tenantID + ", but our token is of tenant " + otherID},
		},
		"an answer of another tenant is refused": {
			world: func(w *entratenant.World) { w.Organization.ID = otherID },
			want:  []string{"refuse Invalid: spec.tenantID is " + tenantID + ", but Graph answers for tenant " + otherID},
		},
		"an organization that we may not read is no trouble": {
			world: func(w *entratenant.World) { w.Organization = entra.Organization{} },
		},
		"a tenant ID in capitals is the same": {
			obj:   func(o *v1alpha1.EntraTenant) { o.Spec.TenantID = v1alpha1.GUID(strings.ToUpper(otherID)) },
			world: func(w *entratenant.World) { w.Self.TenantID, w.Organization.ID = otherID, otherID },
		},
		"missing permissions come with the command that grants them": {
			world: func(w *entratenant.World) { w.Self.Roles = []string{readAll} },
			want: []string{"refuse Forbidden: the operator (application operator-app, service principal operator) lacks these application permissions " +
				"of Microsoft Graph: Application.ReadWrite.OwnedBy. A tenant admin grants them: az ad app permission add --id operator-app " +
				"--api 00000003-0000-0000-c000-000000000000 --api-permissions 18a4783c-866b-4cc7-a460-3d5e5662c884=Role " +
				"&& az ad app permission admin-consent --id operator-app"},
		},
		"a managed identity is told another way": {
			obj:   func(o *v1alpha1.EntraTenant) { o.Spec.Auth.Type = v1alpha1.AuthManagedIdentity },
			world: func(w *entratenant.World) { w.Self.Roles = []string{readOwned} },
			want:  []string{"POST /servicePrincipals/operator/appRoleAssignments"},
		},
		"broader permissions serve": {
			world: func(w *entratenant.World) { w.Self.Roles = []string{"Application.ReadWrite.All"} },
		},
		"the directory's reader serves for reading": {
			world: func(w *entratenant.World) { w.Self.Roles = []string{readOwned, "Directory.Read.All"} },
		},
		"assignments need a permission of their own": {
			kind: switched(entratenant.On, ""),
			want: []string{"lacks these application permissions of Microsoft Graph: AppRoleAssignment.ReadWrite.All."},
		},
		"assignments with it": {
			kind:  switched(entratenant.On, ""),
			world: func(w *entratenant.World) { w.Self.Roles = append(w.Self.Roles, assignAll) },
		},
		"two defaults are told while the tenant works": {
			world: func(w *entratenant.World) { w.OtherDefaults = []string{"dev", "test"} },
			want:  []string{"unsynced Conflict: also marked default: EntraTenant dev, test; two defaults are none"},
		},
		"an abandoned tenant says so, whatever it lacks": {
			obj:   func(o *v1alpha1.EntraTenant) { o.Spec.Abandoned = true },
			world: func(w *entratenant.World) { *w = entratenant.World{Objects: []string{"AppRegistration shop/orders"}} },
			want:  []string{"unsynced Disabled: spec.abandoned is true: no call is made to the tenant"},
		},
		"a deletion waits for objects and names three": {
			obj: beingDeleted,
			world: func(w *entratenant.World) {
				*w = entratenant.World{Objects: []string{"AppRegistration a/a", "AppRegistration b/b", "AppRegistration c/c", "AppRegistration d/d"}}
			},
			want: []string{"wait (watched true): held by 4 objects, AppRegistration a/a, AppRegistration b/b, AppRegistration c/c and 1 more"},
		},
		"so does that of an abandoned one": {
			obj:   func(o *v1alpha1.EntraTenant) { beingDeleted(o); o.Spec.Abandoned = true },
			world: func(w *entratenant.World) { *w = entratenant.World{Objects: []string{"AppRegistration a/a"}} },
			want:  []string{"wait (watched true): held by AppRegistration a/a; delete what is left of it first"},
		},
		"a deletion that nothing holds up closes the connection": {
			obj:   beingDeleted,
			world: func(w *entratenant.World) { *w = entratenant.World{} },
			want:  []string{"close the connection"},
		},
		"and ends": {
			obj:   beingDeleted,
			world: func(w *entratenant.World) { *w = entratenant.World{Closed: true} },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			obj, world := corp(), reached()
			if row.obj != nil {
				row.obj(obj)
			}
			if row.world != nil {
				row.world(&world)
			}
			if row.kind == nil {
				row.kind = switched("", "")
			}
			got := said(decidePurely(t, row.kind, obj, world))
			for i, part := range row.want {
				if i < len(got) && strings.Contains(got[i], part) {
					got[i] = part
				}
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecide_RefusalsFitACondition(t *testing.T) {
	t.Parallel()
	world := reached()
	world.Self = entra.Identity{AppID: tenantID, ObjectID: otherID, TenantID: tenantID}
	for _, auth := range []v1alpha1.AuthType{v1alpha1.AuthClientSecret, v1alpha1.AuthManagedIdentity} {
		obj := corp()
		obj.Spec.Auth.Type = auth
		plan := decidePurely(t, switched(entratenant.On, entratenant.On), obj, world)
		if plan.Refusal == nil || len(plan.Refusal.Message) > 1024 {
			t.Errorf("%s: %v", auth, plan)
		}
	}
}

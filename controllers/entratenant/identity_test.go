package entratenant_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/entratenant"
)

const consentAll = "DelegatedPermissionGrant.ReadWrite.All"

// privileged gives the tenant a second identity.
func privileged(o *v1alpha1.EntraTenant) {
	o.Spec.PrivilegedAuth = &v1alpha1.TenantAuth{Type: v1alpha1.AuthWorkloadIdentity, ClientID: "privileged-app"}
}

// both switches are on.
func both() *entratenant.Kind { return switched(entratenant.On, entratenant.On) }

func TestRemark(t *testing.T) {
	t.Parallel()
	off := switched(entratenant.Off, entratenant.Off)
	others := switched(entratenant.OtherProcess, entratenant.OtherProcess)
	second := func(roles ...string) func(*entratenant.World) {
		return func(w *entratenant.World) {
			w.Privileged = entra.Identity{AppID: "privileged-app", ObjectID: "privileged", TenantID: tenantID, Roles: roles}
		}
	}
	for name, row := range map[string]struct {
		kind  *entratenant.Kind
		obj   func(*v1alpha1.EntraTenant)
		world func(*entratenant.World)
		want  string
		lacks string
	}{
		"nothing privileged": {
			kind: off,
			want: "AppRoleAssignments are off, DelegatedPermissionGrants are off; " +
				"spec.auth signs in as application operator-app with what it needs (Application.ReadWrite.OwnedBy, Application.Read.All)",
		},
		"everything with one identity": {
			kind:  both(),
			world: func(w *entratenant.World) { w.Self.Roles = append(w.Self.Roles, assignAll, consentAll) },
			want: "AppRoleAssignments are on, DelegatedPermissionGrants are on; spec.auth signs in as application operator-app with what it needs " +
				"(Application.ReadWrite.OwnedBy, Application.Read.All, AppRoleAssignment.ReadWrite.All, DelegatedPermissionGrant.ReadWrite.All)",
		},
		"more than it needs": {
			kind:  off,
			world: func(w *entratenant.World) { w.Self.Roles = append(w.Self.Roles, assignAll, "User.Read.All") },
			want: "AppRoleAssignments are off, DelegatedPermissionGrants are off; spec.auth signs in as application operator-app with what it needs " +
				"(Application.ReadWrite.OwnedBy, Application.Read.All), and with more, as good as Global Administrator (AppRoleAssignment.ReadWrite.All)",
		},
		"two identities": {
			kind: both(), obj: privileged, world: second(readAll, assignAll, consentAll),
			want: "AppRoleAssignments are on, DelegatedPermissionGrants are on; " +
				"spec.auth signs in as application operator-app with what it needs (Application.ReadWrite.OwnedBy, Application.Read.All); " +
				"spec.privilegedAuth signs in as application privileged-app with what it needs " +
				"(Application.Read.All, AppRoleAssignment.ReadWrite.All, DelegatedPermissionGrant.ReadWrite.All)",
		},
		"an identity of another process": {
			kind: others, obj: privileged,
			want: "AppRoleAssignments are left to another process, DelegatedPermissionGrants are left to another process; " +
				"spec.auth signs in as application operator-app with what it needs (Application.ReadWrite.OwnedBy, Application.Read.All); " +
				"spec.privilegedAuth (application privileged-app) is not used here",
		},
		"consent that is missing": {
			kind: both(), world: func(w *entratenant.World) { w.Self.Roles = append(w.Self.Roles, assignAll) },
			lacks: "the operator (application operator-app, service principal operator) lacks these application permissions of Microsoft Graph: " +
				"DelegatedPermissionGrant.ReadWrite.All. A tenant admin grants them: az ad app permission add --id operator-app " +
				"--api 00000003-0000-0000-c000-000000000000 --api-permissions 8e8e4742-1d95-4f68-9d56-6ee75648c72a=Role",
		},
		"the base identity's permission, of no use to the privileged one": {
			kind: both(), obj: privileged, world: func(w *entratenant.World) {
				w.Self.Roles = append(w.Self.Roles, assignAll, consentAll)
				second(readAll)(w)
			},
			lacks: "spec.privilegedAuth (application privileged-app, service principal privileged) lacks these application permissions of " +
				"Microsoft Graph: AppRoleAssignment.ReadWrite.All, DelegatedPermissionGrant.ReadWrite.All.",
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
			plan := decidePurely(t, row.kind, obj, world)
			if diff := cmp.Diff(row.want, plan.Remark); diff != "" {
				t.Error(diff)
			}
			lacks := ""
			if plan.Refusal != nil {
				lacks = plan.Refusal.Message
			}
			if !strings.HasPrefix(lacks, row.lacks) || (row.lacks == "") != (lacks == "") {
				t.Errorf("refused with %q, want %q", lacks, row.lacks)
			}
		})
	}
}

func TestRead_PrivilegedAuth(t *testing.T) {
	t.Parallel()
	refused := entra.Refused{Reason: entra.RefusedInvalid, Message: "no such secret", Code: "AADSTS7000215"}
	for name, row := range map[string]struct {
		kind  *entratenant.Kind
		fails map[string]error
		asked []string
		want  string // of the decision
		err   error
	}{
		"where a kind of this process needs it": {
			kind: both(), asked: []string{"open", "endpoints", "self", "organization", "open privileged"},
		},
		"where none does it is only looked for": {
			asked: []string{"open", "endpoints", "self", "organization", "look for privileged-app"},
		},
		"what is not found is no trouble": {
			fails: map[string]error{"look for privileged-app": entra.ErrNotFound},
			asked: []string{"open", "endpoints", "self", "organization", "look for privileged-app"},
		},
		"a wrong credential does not keep objects from the tenant": {
			kind: both(), fails: map[string]error{"sign in privileged": refused},
			asked: []string{"open", "endpoints", "self", "organization", "open privileged"},
			want:  "refuse Invalid: sign in with spec.privilegedAuth: no such secret (AADSTS7000215)",
		},
		"nor does a missing Secret": {
			kind: both(), fails: map[string]error{"open privileged": engine.Wait{What: "Secret x does not exist"}},
			asked: []string{"open", "endpoints", "self", "organization", "open privileged"},
			want:  "wait (watched false): Secret x does not exist",
		},
		"an outage is one": {
			kind: both(), fails: map[string]error{"sign in privileged": entra.ErrUnreachable}, err: entra.ErrUnreachable,
			asked: []string{"open", "endpoints", "self", "organization", "open privileged"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, obj := &directory{self: reached().Self, organization: reached().Organization, fails: row.fails}, corp()
			d.privileged = entra.Identity{
				AppID: "privileged-app", ObjectID: "privileged", TenantID: tenantID, Roles: []string{readAll, assignAll, consentAll},
			}
			privileged(obj)
			kind := kindOf(cluster(t, []client.Object{}...), d)
			if row.kind != nil {
				kind.Privileges = row.kind.Privileges
			}
			world, err := kind.Read(t.Context(), obj)
			if !errors.Is(err, row.err) {
				t.Fatalf("error %v, want %v", err, row.err)
			}
			if diff := cmp.Diff(row.asked, d.asked); diff != "" {
				t.Error(diff)
			}
			if row.err != nil {
				return
			}
			var want []string
			if row.want != "" {
				want = []string{row.want}
			}
			decided := decidePurely(t, kind, obj, world)
			if got := said(decided); !slices.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
			if decided.Object.Status.TenantID == "" {
				t.Error("the tenant is not usable")
			}
		})
	}
}

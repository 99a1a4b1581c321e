package approleassignment

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

func TestStatus_Roles(t *testing.T) {
	t.Parallel()
	read, write := v1alpha1.NamedID{Value: "Read", ID: "read"}, v1alpha1.NamedID{Value: "Write", ID: "write"}
	type told struct {
		Roles         []v1alpha1.NamedID
		Pending       []string
		Justification string
	}
	for name, test := range map[string]struct {
		change changes
		want   told
	}{
		"what is about to be given is pending, with its justification": {
			change: changes{obj: because("reads orders")},
			want:   told{Roles: []v1alpha1.NamedID{read}, Pending: []string{"read"}, Justification: "reads orders"},
		},
		"what was about to be given and is confirmed is pending no longer": {
			change: changes{obj: both(recorded("Read"), pending("read")), world: both(given("read"), confirmed("read"))},
			want:   told{Roles: []v1alpha1.NamedID{read}},
		},
		"what was there before is pending until it is confirmed: others may be about to take it away": {
			change: changes{obj: because("reads orders"), world: given("read")},
			want:   told{Roles: []v1alpha1.NamedID{read}, Pending: []string{"read"}, Justification: "reads orders"},
		},
		"a new justification does not rewrite the one that the roles were given with": {
			change: changes{obj: both(recorded("Read"), because("something else")), world: given("read")},
			want:   told{Roles: []v1alpha1.NamedID{read}},
		},
		"what others took away is still named, and not pending": {
			change: changes{obj: both(recorded("Read"), repairing(v1alpha1.RepairReport))},
			want:   told{Roles: []v1alpha1.NamedID{read}},
		},
		"what is denied is not named": {
			change: changes{world: both(graphAPI, given("read"))},
		},
		"what was about to be given when it was denied stays named: it may have been": {
			change: changes{obj: both(recorded("Read"), pending("read")), world: denying()},
			want:   told{Roles: []v1alpha1.NamedID{read}, Pending: []string{"read"}},
		},
		"what cannot be given is not named": {
			change: changes{obj: wants("Read", "Write"), world: func(w *World) { w.API.AppRoles[0].Enabled = false }},
			want:   told{Roles: []v1alpha1.NamedID{write}, Pending: []string{"write"}},
		},
		"what is withheld is named until it is taken away, and pending": {
			change: changes{obj: recorded("Read"), world: both(given("read"), lettingUs(), lacking, withheld)},
			want:   told{Roles: []v1alpha1.NamedID{read}, Pending: []string{"read"}},
		},
		"what the spec names again after a crash that may have taken it away is pending until it is seen": {
			change: changes{obj: both(recorded("Read"), pending("read"), repairing(v1alpha1.RepairReport))},
			want:   told{Roles: []v1alpha1.NamedID{read}, Pending: []string{"read"}},
		},
		"then it is not": {
			change: changes{obj: recorded("Read"), world: both(lettingUs(), lacking, withheld)},
		},
		"while the API is missing, what was given is named": {
			change: changes{obj: recorded("Read"), world: both(given("read"), lacking)},
			want:   told{Roles: []v1alpha1.NamedID{read}},
		},
		"after its end nothing is named": {
			change: changes{obj: both(recorded("Read"), until(today))},
		},
		"what another object keeps after the end is that one's": {
			change: changes{obj: both(recorded("Read"), until(today)), world: both(given("read"), func(w *World) {
				w.Claims, w.Spared = []permission.Claim{{Namespace: w.Namespace, IDs: []string{"read"}}}, []string{"read"}
			})},
		},
		"of somebody who does not exist nothing is told": {
			change: changes{obj: group, world: func(w *World) { w.ObservedPrincipal = entra.Absent[entra.Client]() }},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status := test.change.decide(t).Object.Status
			got := told{status.Roles, status.Pending, status.Justification}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStatus_KeepsANameThatEntraDoesNotTell(t *testing.T) {
	t.Parallel()
	named := func(a *v1alpha1.AppRoleAssignment) { a.Status.PrincipalName = "Ada" }
	change := changes{obj: both(user, recorded("Read"), named), world: both(member, given("read"), allowing(v1alpha1.PrincipalUser))}
	if name := change.decide(t).Object.Status.PrincipalName; name != "Ada" {
		t.Errorf("the name is %q", name)
	}
}

func TestStatus_NamesWhatIsNotTakenAwayYet(t *testing.T) {
	t.Parallel()
	got := changes{obj: recorded("Write"), world: given("write")}.decide(t).Object.Status
	want := v1alpha1.AppRoleAssignmentStatus{
		TenantBinding:     v1alpha1.TenantBinding{TenantName: "corp", TenantID: "tenant-id"},
		PrincipalObjectID: "worker", PrincipalName: "The orders-worker",
		APIObjectID: "api", APIName: "The orders-api",
		Roles:   []v1alpha1.NamedID{{Value: "Read", ID: "read"}, {Value: "Write", ID: "write"}},
		Pending: []string{"read", "write"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestStatus_TellsNothingOfOthers(t *testing.T) {
	t.Parallel()
	got := changes{world: func(w *World) { w.ObservedAPI.Value.Tags = nil }}.decide(t).Object.Status
	if diff := cmp.Diff(v1alpha1.AppRoleAssignmentStatus{}, got); diff != "" {
		t.Error(diff)
	}
}

package approleassignment

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const (
	giveRead  = "give role Read of orders-api to orders-worker"
	giveWrite = "give role Write of orders-api to orders-worker"
	takeRead  = "take role Read of orders-api from orders-worker"
	takeWrite = "take role Write of orders-api from orders-worker"

	confirmRead = "confirm role Read of orders-api for orders-worker"
)

func TestDecide_Roles(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"a role that is missing is given": {
			want: outcome{steps: []string{giveRead}},
		},
		"several missing roles are given in one round": {
			change: changes{obj: wants("Write", "Read")},
			want:   outcome{steps: []string{giveWrite, giveRead}},
		},
		"a role that the principal has already is taken as it is": {
			change: changes{world: given("read")},
			want:   outcome{reads: []string{confirmRead}},
		},
		"a role that was confirmed needs nothing": {
			change: changes{world: both(given("read"), confirmed("read"))},
		},
		"a role that a crash left pending is confirmed": {
			change: changes{obj: both(recorded("Read"), pending("read")), world: given("read")},
			want:   outcome{reads: []string{confirmRead}},
		},
		"a role that others removed is given again": {
			change: changes{obj: recorded("Read")},
			want:   outcome{steps: []string{giveRead}},
		},
		"a role that the spec no longer names is taken away": {
			change: changes{obj: recorded("Read", "Write"), world: given("read", "write")},
			want:   outcome{steps: []string{takeWrite}},
		},
		"a role that this object never gave is left alone": {
			change: changes{obj: recorded("Read"), world: given("read", "write")},
		},
		"a role that was made again under another ID is given, and the old one taken away": {
			change: changes{obj: recorded("Read"), world: both(given("read"), func(w *World) {
				w.API.AppRoles[0].ID = "read-2"
			})},
			want: outcome{steps: []string{takeRead, giveRead}},
		},
		"a role under a new name and its old ID needs nothing": {
			change: changes{obj: both(wants("Reader"), recorded("Read")), world: both(given("read"), func(w *World) {
				w.API.AppRoles[0].Value = "Reader"
			})},
		},
		"a role that the API does not have is waited for, with those that it has": {
			change: changes{obj: both(wants("Read", "Delete"), recorded("Read")), world: given("read")},
			want:   outcome{wait: `spec.roles[1]: AppRegistration "orders-api" has no role "Delete"; it has "Write", "Read"`},
		},
		"what can be given is given before the wait": {
			change: changes{obj: wants("Read", "Delete")},
			want:   outcome{steps: []string{giveRead}},
		},
		"a role that the API drops from its list is not taken away while the spec names it": {
			change: changes{obj: both(wants("Read", "Write"), recorded("Read", "Write")), world: both(given("read", "write"), func(w *World) {
				w.API.AppRoles = w.API.AppRoles[:1]
			})},
			want: outcome{wait: `spec.roles[1]: AppRegistration "orders-api" has no role "Write"; it has "Read"`},
		},
		"an API without roles says so": {
			change: changes{world: func(w *World) { w.API.AppRoles = nil }},
			want:   outcome{wait: `spec.roles[0]: AppRegistration "orders-api" has no role "Read"; it has none`},
		},
		"a role that applications cannot have is waited for": {
			change: changes{world: func(w *World) { w.API.AppRoles[0].Enabled = false }},
			want:   outcome{wait: `spec.roles[0]: AppRegistration "orders-api" has a role "Read", but it is disabled: enable it there`},
		},
		"what else can be given is given before": {
			change: changes{obj: wants("Read", "Write"), world: func(w *World) { w.API.AppRoles[1].Enabled = false }},
			want:   outcome{steps: []string{giveRead}},
		},
		"a role that was given before it was closed stays": {
			change: changes{obj: recorded("Read"), world: both(given("read"), func(w *World) { w.API.AppRoles[0].Enabled = false })},
		},
		"applications of two tenants are invalid": {
			change: changes{world: func(w *World) { w.API.TenantName = "lab" }},
			want:   outcome{reason: v1alpha1.ReasonInvalid, says: "within one tenant only"},
		},
		"a principal that Entra does not show yet is looked at again": {
			change: changes{world: func(w *World) { w.ObservedPrincipal = entra.Observed[entra.Client]{} }},
			want:   outcome{again: 5 * time.Second},
		},
		"an API that Entra does not show yet is looked at again": {
			change: changes{world: func(w *World) { w.ObservedAPI = new(entra.Observed[entra.ServicePrincipal]) }},
			want:   outcome{again: 5 * time.Second},
		},
		"an API that is gone from Entra is waited for": {
			change: changes{world: func(w *World) { w.ObservedAPI = new(entra.Absent[entra.ServicePrincipal]()) }},
			want:   outcome{wait: `the service principal of AppRegistration "orders-api" is gone from Entra; it has to be made again first`},
		},
		"an AppRegistration that is being deleted does not unsettle what is in sync": {
			change: changes{obj: recorded("Read"), world: both(given("read"), func(w *World) { w.Principal.App.Deleting = true })},
		},
		"an AppRegistration that is being deleted gets nothing new": {
			change: changes{obj: recorded("Read"), world: func(w *World) { w.API.Deleting = true }},
			want:   outcome{wait: `AppRegistration "orders-api" is being deleted: nothing new is bound to it`},
		},
		"an API whose application was disabled in Entra gives nothing new": {
			change: changes{world: func(w *World) { w.API.Disabled = true }},
			want:   outcome{reason: v1alpha1.ReasonDisabled, says: `"orders-api" was disabled in Entra`},
		},
		"a service principal that was disabled in Entra gets nothing new": {
			change: changes{world: func(w *World) { w.ObservedPrincipal.Value.Disabled = true }},
			want:   outcome{reason: v1alpha1.ReasonDisabled, says: `"orders-worker" was disabled in Entra`},
		},
		"what was given is kept when policy is tightened, and said": {
			change: changes{kind: denyAll, obj: recorded("Read"), world: given("read")},
			want:   outcome{reason: v1alpha1.ReasonDenied, tells: "kept, though it would be denied today: spec.roles[0]"},
		},
		"what only removes is not denied": {
			change: changes{kind: denyAll, obj: both(wants("Write"), recorded("Read")), world: given("read")},
			want:   outcome{steps: []string{takeRead}},
		},
		"an object made in another directory stays away from this one": {
			change: changes{obj: func(a *v1alpha1.AppRoleAssignment) { a.Status.TenantID = "another" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "this object was made in tenant another"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

func TestDelete_Roles(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"what was given is taken away": {
			change: changes{obj: deleting("Read", "Write"), world: given("read", "write")},
			want:   outcome{steps: []string{takeRead, takeWrite}},
		},
		"the switch does not stop it, nor policy": {
			change: changes{
				kind: func(k *Kind) { k.Enabled = false; denyAll(k) }, obj: deleting("Read"), world: given("read"),
			},
			want: outcome{steps: []string{takeRead}},
		},
		"an object that gave nothing goes at once": {
			change: changes{obj: func(a *v1alpha1.AppRoleAssignment) { deleting()(a); a.Status.PrincipalObjectID = "" }},
		},
		"a role that a young object may have given before a crash is looked for again": {
			change: changes{obj: func(a *v1alpha1.AppRoleAssignment) {
				deleting("Read")(a)
				a.CreationTimestamp = metav1.NewTime(today.Add(-time.Minute))
			}, world: given()},
			want: outcome{again: 5 * time.Second},
		},
		"a principal that is gone had its roles taken away": {
			change: changes{obj: deleting("Read"), world: func(w *World) { w.ObservedPrincipal = entra.Absent[entra.Client]() }},
		},
		"an API that is gone took its roles with it": {
			change: changes{obj: deleting("Read"), world: both(given("read"), func(w *World) { w.ObservedAPI = new(entra.Absent[entra.ServicePrincipal]()) })},
		},
		"a principal that is not shown is looked for again": {
			change: changes{obj: deleting("Read"), world: func(w *World) { w.ObservedPrincipal = entra.Observed[entra.Client]{} }},
			want:   outcome{again: 5 * time.Second},
		},
		"in an abandoned tenant nothing is called": {
			change: changes{obj: deleting("Read"), world: both(given("read"), func(w *World) { w.Tenant.Abandoned = true })},
		},
		"a role that somebody took away already needs nothing": {
			change: changes{obj: deleting("Read")},
		},
		"a service principal that is not ours in Entra is left alone": {
			change: changes{obj: deleting("Read"), world: both(given("read"), func(w *World) {
				w.ObservedPrincipal.Value.Tags = tags("payments/till", ourCluster)
			})},
		},
		"the operator's own service principal is left alone": {
			change: changes{obj: deleting("Read"), world: both(given("read"), func(w *World) { w.ObservedPrincipal.Value.AppID = "operator-app" })},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

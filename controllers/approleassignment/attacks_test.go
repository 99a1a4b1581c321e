package approleassignment

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

func TestAttacks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"switched off, nothing is given": {
			change: changes{kind: func(k *Kind) { k.Enabled = false }},
			want: outcome{
				reason: v1alpha1.ReasonDisabled,
				says:   "app role assignments are switched off: start the manager with --enable-app-role-assignments",
			},
		},
		"a forged status that makes the operator's own service principal the principal is denied": {
			change: changes{world: func(w *World) {
				w.Principal.ID, w.Principal.App.ID, w.Client.Value.ObjectID = "operator", "operator", "operator"
			}},
			want: outcome{reason: v1alpha1.ReasonDenied, says: "the operator's own service principal"},
		},
		"the operator's application is known by its client ID too": {
			change: changes{world: func(w *World) { w.Principal.AppID, w.Client.Value.AppID = "operator-app", "operator-app" }},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "the operator's own service principal"},
		},
		"the operator's own service principal is no API either": {
			change: changes{world: func(w *World) { w.API.ObjectID = "operator" }},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: `AppRegistration "orders-api" names the operator's own`},
		},
		"a forged status that names another team's service principal is a conflict": {
			change: changes{world: func(w *World) { w.Client.Value.Tags = tags("payments/till", ourCluster) }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "payments/till"},
		},
		"a forged status that names Microsoft Graph as the API is a conflict": {
			change: changes{world: func(w *World) { w.Resource.Value.Tags, w.Resource.Value.OwnerTenantID = nil, "microsoft" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: `which AppRegistration "orders-api" names, is not its own`},
		},
		"an object of the same name in another cluster is a conflict": {
			change: changes{world: func(w *World) { w.Client.Value.Tags = tags("shop/orders-worker", "ffffffffffffffff") }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "is not its own in Entra"},
		},
		"a service principal of another owner with copied tags is a conflict": {
			change: changes{world: func(w *World) { w.Resource.Value.OwnerTenantID = "elsewhere" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "is not its own in Entra"},
		},
		"a service principal of another application with copied tags is a conflict": {
			change: changes{world: func(w *World) { w.Client.Value.AppID = "twin" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "it is of application twin"},
		},
		"a service identity with copied tags is a conflict": {
			change: changes{world: func(w *World) { w.Client.Value.Type = "ServiceIdentity" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "is not its own in Entra"},
		},
		"what no rule allows is denied with its field": {
			change: changes{kind: denyAll},
			want:   outcome{reason: v1alpha1.ReasonDenied, says: "spec.roles[0]"},
		},
		"a role's value cannot forge a line of the log": {
			change: changes{obj: asks("Read\nready=true"), world: given("read")},
			want:   outcome{wait: `spec.roles[0]: AppRegistration "orders-api" has no role "Read\nready=true"; it has "Read", "Write"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

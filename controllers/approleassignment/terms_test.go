package approleassignment

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func until(end time.Time) func(*v1alpha1.AppRoleAssignment) {
	return func(a *v1alpha1.AppRoleAssignment) { a.Spec.NotAfter = &metav1.Time{Time: end} }
}

func repairing(repair v1alpha1.Repair) func(*v1alpha1.AppRoleAssignment) {
	return func(a *v1alpha1.AppRoleAssignment) { a.Spec.Repair = repair }
}

func pending(ids ...string) func(*v1alpha1.AppRoleAssignment) {
	return func(a *v1alpha1.AppRoleAssignment) { a.Status.Pending = ids }
}

const expired = "spec.notAfter: 2026-11-21T12:00:00Z has passed"

func TestDecide_NotAfter(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"before it, the role is given and the end is planned": {
			change: changes{obj: until(today.Add(90 * time.Minute))},
			want:   outcome{steps: []string{giveRead}, revisit: 90 * time.Minute},
		},
		"in sync, the end is planned": {
			change: changes{obj: both(recorded("Read"), until(today.Add(time.Hour))), world: given("read")},
			want:   outcome{revisit: time.Hour},
		},
		"at the very moment, what was given is taken away": {
			change: changes{obj: both(recorded("Read"), until(today)), world: given("read")},
			want:   outcome{steps: []string{takeRead}},
		},
		"afterwards nothing is given, and why is said": {
			change: changes{obj: until(today)},
			want:   outcome{reason: v1alpha1.ReasonExpired, says: expired},
		},
		"it ends also while the API is missing": {
			change: changes{obj: both(recorded("Read"), until(today)), world: both(given("read"), lacking)},
			want:   outcome{steps: []string{takeRead}},
		},
		"moved forward, the role is given again": {
			change: changes{obj: both(recorded(), repairing(v1alpha1.RepairReport), until(today.Add(time.Hour)))},
			want:   outcome{steps: []string{giveRead}, revisit: time.Hour},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

func TestDecide_Repair(t *testing.T) {
	t.Parallel()
	lost := func(api string) string {
		return "others took away roles of " + api + " in Entra, and they are not given again unless spec.repair is Always: spec.roles[0]: Read"
	}
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"between own applications, what others took away is given again": {
			change: changes{obj: recorded("Read")}, want: outcome{steps: []string{giveRead}},
		},
		"between own applications it is reported where the spec says so": {
			change: changes{obj: both(recorded("Read"), repairing(v1alpha1.RepairReport))},
			want:   outcome{reason: v1alpha1.ReasonDrifted, tells: lost("orders-api")},
		},
		"on somebody else's API it is reported": {
			change: changes{obj: recorded("Read"), world: both(graphAPI, allowing(v1alpha1.PrincipalAppRegistration))},
			want:   outcome{reason: v1alpha1.ReasonDrifted, tells: lost("MicrosoftGraph")},
		},
		"on somebody else's API it is given again where the spec says so": {
			change: changes{
				obj:   both(recorded("Read"), repairing(v1alpha1.RepairAlways)),
				world: both(graphAPI, allowing(v1alpha1.PrincipalAppRegistration)),
			},
			want: outcome{steps: []string{"give role Read of MicrosoftGraph to orders-worker"}},
		},
		"of a user it is reported": {
			change: changes{obj: both(user, recorded("Read")), world: both(member, allowing(v1alpha1.PrincipalUser))},
			want:   outcome{reason: v1alpha1.ReasonDrifted, tells: lost("orders-api")},
		},
		"what was only about to be given when we crashed is given": {
			change: changes{obj: both(recorded("Read"), pending("read"), repairing(v1alpha1.RepairReport))},
			want:   outcome{steps: []string{giveRead}},
		},
		"a role that the spec names for the first time is given beside one that was taken away": {
			change: changes{obj: both(wants("Read", "Write"), recorded("Read"), repairing(v1alpha1.RepairReport))},
			want:   outcome{steps: []string{giveWrite}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

// lettingUs makes the API one of another namespace, whose owner lets this one have these roles.
func lettingUs(roles ...string) func(*World) {
	return func(w *World) {
		w.API.Managed.Namespace, w.API.Own, w.API.Title = "other", false, `AppRegistration "other/orders-api"`
		w.ObservedAPI.Value.Tags = tags("other/orders-api", ourCluster)
		w.API.Consumers = []v1alpha1.AllowedConsumer{{AppRoles: roles}}
		known := w.API.AppRoles[:0]
		for _, value := range roles {
			known = append(known, role(value))
		}
		w.API.AppRoles = known
	}
}

func TestDecide_AllowedConsumers(t *testing.T) {
	t.Parallel()
	const notLet = `spec.roles[0]: AppRegistration "other/orders-api" has no role "Read", or its allowedConsumers does not let namespace "shop" ` +
		`give it to a principal of kind `
	for name, test := range map[string]struct {
		change changes
		want   outcome
	}{
		"what the owner lets is given": {
			change: changes{world: lettingUs("Read")},
			want:   outcome{steps: []string{"give role Read of other/orders-api to orders-worker"}},
		},
		"what the owner does not list is waited for": {
			change: changes{world: lettingUs("Write")},
			want:   outcome{wait: notLet + `AppRegistration; it has "Write"`},
		},
		"what the owner lists no longer is taken away, and the rest stays": {
			change: changes{
				obj:   both(wants("Read", "Write"), recorded("Read", "Write")),
				world: both(lettingUs("Write"), given("read", "write")),
			},
			want: outcome{steps: []string{"take role Read of other/orders-api from orders-worker"}},
		},
		"a role for applications is not let to a user": {
			change: changes{obj: user, world: both(member, lettingUs("Read"), allowing(v1alpha1.PrincipalUser))},
			want:   outcome{wait: notLet + `User; it has "Read"`},
		},
		"access without a role is never let": {
			change: changes{obj: byDefault, world: lettingUs("Read")},
			want: outcome{wait: `spec.defaultAccess: AppRegistration "other/orders-api" can be used from other namespaces only by the roles ` +
				`that its allowedConsumers lists`},
		},
		"where the whole API is withheld, what was given is taken away": {
			change: changes{obj: recorded("Read"), world: both(given("read"), lettingUs(), lacking, withheld)},
			want:   outcome{steps: []string{"take role Read of other/orders-api from orders-worker"}},
		},
		"then it is waited for": {
			change: changes{obj: recorded(), world: both(lettingUs(), lacking, withheld)},
			want:   outcome{wait: "something is missing"},
		},
		"a principal that Entra does not show meanwhile is looked for again": {
			change: changes{obj: recorded("Read"), world: both(lettingUs(), lacking, withheld, func(w *World) {
				w.ObservedPrincipal = entra.Observed[entra.Client]{}
			})},
			want: outcome{again: lag},
		},
		"what is missing for another reason leaves what was given": {
			change: changes{obj: recorded("Read"), world: both(given("read"), lacking)},
			want:   outcome{wait: "something is missing"},
		},
		"what the spec drops is taken away though something is missing": {
			change: changes{obj: both(wants("Write"), recorded("Read")), world: both(given("read"), lacking)},
			want:   outcome{steps: []string{takeRead}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

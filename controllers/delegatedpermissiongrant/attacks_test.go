package delegatedpermissiongrant

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

func TestAttacks(t *testing.T) {
	t.Parallel()
	conflict := func(says string) outcome { return outcome{reason: v1alpha1.ReasonConflict, says: says} }
	operators := outcome{reason: v1alpha1.ReasonDenied, says: "the operator's own service principal"}
	checkAll(t, map[string]row{
		"switched off, nothing is consented to": {
			change: changes{kind: func(k *Kind) { k.Enabled = false }, world: func(w *World) { w.Tenant.AuthorityHost = "https://login.example/" }},
			want: outcome{reason: v1alpha1.ReasonDisabled, says: "delegated permission grants are switched off: start the manager with " +
				"--enable-delegated-grants, or let an admin consent at https://login.example/tenant-id/adminconsent?client_id=web-app"},
		},
		"switched off without a client says so too": {
			change: changes{kind: func(k *Kind) { k.Enabled = false }, world: func(w *World) { *w = World{} }},
			want: outcome{
				reason: v1alpha1.ReasonDisabled,
				says:   "delegated permission grants are switched off: start the manager with --enable-delegated-grants",
			},
		},
		"a forged status that makes the operator's own service principal the client is denied": {
			change: changes{world: func(w *World) { w.Client.ID, w.Principal.Value.ObjectID = "operator", "operator" }}, want: operators,
		},
		"the operator's application is known by its client ID too": {
			change: changes{world: func(w *World) { w.Client.AppID, w.Principal.Value.AppID = "operator-app", "operator-app" }}, want: operators,
		},
		"the operator's own service principal is no API either": {
			change: changes{world: func(w *World) { w.API.ObjectID, w.Resource.Value.ObjectID = "operator", "operator" }}, want: operators,
		},
		"a forged status that names another team's client is a conflict": {
			change: changes{world: func(w *World) { w.Principal.Value.Tags = tags("payments/till", ourCluster) }}, want: conflict("payments/till"),
		},
		"a client of the same name in another cluster is a conflict": {
			change: changes{world: func(w *World) { w.Principal.Value.Tags = tags("shop/orders-web", "ffffffffffffffff") }},
			want:   conflict("is not its own in Entra"),
		},
		"a client without marks is a conflict": {
			change: changes{world: func(w *World) { w.Principal.Value.Tags = nil }}, want: conflict("is not its own in Entra"),
		},
		"a client of another owner with copied tags is a conflict": {
			change: changes{world: func(w *World) { w.Principal.Value.OwnerTenantID = "elsewhere" }}, want: conflict("is not its own in Entra"),
		},
		"a forged status that names Microsoft Graph as an own API is a conflict": {
			change: changes{world: func(w *World) { w.Resource.Value.Tags, w.Resource.Value.OwnerTenantID = nil, "microsoft" }},
			want:   conflict(`which AppRegistration "orders-api" names, is not its own`),
		},
		"what no rule allows is denied with its field": {
			change: changes{kind: denyAll}, want: outcome{reason: v1alpha1.ReasonDenied, says: "spec.scopes[0]"},
		},
		"a scope's value cannot forge a line of the log": {
			change: changes{obj: asks("Read\nready=true")},
			want:   outcome{wait: `spec.scopes[0]: AppRegistration "orders-api" has no scope "Read\nready=true"; it has "Read", "Write"`},
		},
	})
}

// TestAStrangersConsentIsNotRevokedByNamingIt: to name a grave scope that others consented to by hand, and to be denied it, takes
// nothing from them.
func TestAStrangersConsentIsNotRevokedByNamingIt(t *testing.T) {
	t.Parallel()
	change := changes{obj: asks("Directory.AccessAsUser.All"), world: both(holding("Directory.AccessAsUser.All"), microsoft)}
	change.check(t, outcome{reason: v1alpha1.ReasonDenied, says: "spec.scopes[0]"})
	kind, obj, world := change.apply()
	kind.Record(obj, world)
	if len(obj.Status.Scopes) > 0 {
		t.Errorf("status names %q, and a farewell would take it away", obj.Status.Scopes)
	}
}

// TestTheAuditLogIsTold what is given and taken, of whom, and why; nothing where nothing changes.
func TestTheAuditLogIsTold(t *testing.T) {
	t.Parallel()
	kind, obj, world := changes{
		obj: both(asks("Read"), recorded("Write"), func(g *grant) { g.Spec.Justification = "for the shop" }), world: holding("Write"),
	}.apply()
	var actions []string
	for _, step := range kind.Decide(obj, world, today).Steps {
		change := step.(engine.Privileged).Change()
		actions = append(actions, change.Action+" "+change.Permission)
		if change.Justification != "for the shop" || change.Principal != "The orders-web (web)" ||
			change.API != "The orders-api (api)" {
			t.Errorf("told %+v", change)
		}
	}
	if len(actions) != 2 || actions[0] != "grant Read (delegated, for all users)" ||
		actions[1] != "revoke Write (delegated, for all users)" {
		t.Errorf("told %q", actions)
	}
	kind, obj, world = changes{world: holding("Read")}.apply()
	if _, is := kind.Decide(obj, world, today).Steps[0].(engine.Privileged); is {
		t.Error("what was there before is told as a change")
	}
}

package delegatedpermissiongrant

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

func TestDecide_Attacks(t *testing.T) {
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
			change: changes{world: func(w *World) {
				w.Client.ServicePrincipalObjectID, w.ObservedClient.Value.ObjectID = "operator", "operator"
			}}, want: operators,
		},
		"the operator's application is known by its client ID too": {
			change: changes{world: func(w *World) { w.Client.AppID, w.ObservedClient.Value.AppID = "operator-app", "operator-app" }}, want: operators,
		},
		"the operator's own service principal is no API either": {
			change: changes{world: func(w *World) { w.API.ObjectID, w.ObservedAPI.Value.ObjectID = "operator", "operator" }}, want: operators,
		},
		"a forged status that names another team's client is a conflict": {
			change: changes{world: func(w *World) { w.ObservedClient.Value.Tags = tags("payments/till", ourCluster) }}, want: conflict("payments/till"),
		},
		"a client of the same name in another cluster is a conflict": {
			change: changes{world: func(w *World) { w.ObservedClient.Value.Tags = tags("shop/orders-web", "ffffffffffffffff") }},
			want:   conflict("is not its own in Entra"),
		},
		"a client without marks is a conflict": {
			change: changes{world: func(w *World) { w.ObservedClient.Value.Tags = nil }}, want: conflict("is not its own in Entra"),
		},
		"a client of another owner with copied tags is a conflict": {
			change: changes{world: func(w *World) { w.ObservedClient.Value.OwnerTenantID = "other" }}, want: conflict("is not its own in Entra"),
		},
		"a forged status that names Microsoft Graph as an own API is a conflict": {
			change: changes{world: func(w *World) { w.ObservedAPI.Value.Tags, w.ObservedAPI.Value.OwnerTenantID = nil, "microsoft" }},
			want:   conflict(`which AppRegistration "orders-api" names, is not its own`),
		},
		"what no rule allows is denied with its field": {
			change: changes{kind: denyAll}, want: outcome{reason: v1alpha1.ReasonDenied, says: "spec.scopes[0]"},
		},
		"a scope's value cannot forge a line of the log": {
			change: changes{obj: wants("Read\nready=true")},
			want:   outcome{wait: `spec.scopes[0]: AppRegistration "orders-api" has no scope "Read\nready=true"; it has "Read", "Write"`},
		},
	})
}

// To name a tier 0 scope that others consented to by hand, and to be denied it, takes nothing from them.
func TestDecide_DoesNotRevokeAStrangersConsentByNamingIt(t *testing.T) {
	t.Parallel()
	change := changes{obj: wants("Directory.AccessAsUser.All"), world: both(holding("Directory.AccessAsUser.All"), microsoft)}
	change.check(t, outcome{reason: v1alpha1.ReasonDenied, says: "spec.scopes[0]"})
	if scopes := change.decide(t).Object.Status.Scopes; len(scopes) > 0 {
		t.Errorf("status names %q, and a deletion would take it away", scopes)
	}
}

// The audit log is told what is given and taken, of whom, and why; nothing where nothing changes.
func TestSteps_TellTheAuditLog(t *testing.T) {
	t.Parallel()
	decided := changes{
		obj: both(wants("Read"), recorded("Write"), func(g *grant) { g.Spec.Justification = "for the shop" }), world: holding("Write"),
	}.decide(t)
	var actions []string
	for _, step := range decided.Steps {
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
	if decided := (changes{world: holding("Read")}).decide(t); len(decided.Steps) > 0 {
		t.Error("what was there before is told as a change")
	}
}

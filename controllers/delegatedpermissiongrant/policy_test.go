package delegatedpermissiongrant

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// policies are a world with one policy that selects every namespace.
func policies(change func(*v1alpha1.RegistrationPolicySpec)) func(*World) {
	return func(w *World) {
		one := v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: "corporate"}}
		one.Spec.Namespaces.All = true
		change(&one.Spec)
		w.Policies = append(w.Policies, one)
	}
}

func consents(rule v1alpha1.ConsentRule) []v1alpha1.PolicyRule {
	return []v1alpha1.PolicyRule{{Consent: &rule}}
}

var graph = v1alpha1.PolicyAPI{WellKnown: v1alpha1.MicrosoftGraph}

// microsoft is a world about Microsoft Graph.
func microsoft(w *World) {
	w.API, w.ObservedAPI = reference.API{Title: "MicrosoftGraph", AppID: graphAppID, ObjectID: "api", DisplayName: "Microsoft Graph"}, nil
	for _, value := range []string{"openid", "User.Read", "Directory.AccessAsUser.All"} {
		w.API.Scopes = append(w.API.Scopes, reference.Permission{Value: value, ID: "id-of-" + value, Enabled: true})
	}
}

func TestDecide_Policies(t *testing.T) {
	t.Parallel()
	allowing := func(scopes ...string) func(*World) {
		return policies(func(p *v1alpha1.RegistrationPolicySpec) {
			p.Allow = consents(v1alpha1.ConsentRule{API: graph, Scopes: scopes, Users: v1alpha1.ConsentAll})
		})
	}
	for1h := policies(func(p *v1alpha1.RegistrationPolicySpec) {
		p.Allow = consents(v1alpha1.ConsentRule{API: graph, Scopes: []string{"*"}, Users: v1alpha1.ConsentAll, MaxDuration: &metav1.Duration{Duration: time.Hour}})
	})
	revoking := policies(func(p *v1alpha1.RegistrationPolicySpec) {
		p.OnTightening = v1alpha1.TighteningRevoke
		p.Deny = consents(v1alpha1.ConsentRule{API: v1alpha1.PolicyAPI{OwnNamespace: true}, Scopes: []string{"Read"}})
	})
	justified := policies(func(p *v1alpha1.RegistrationPolicySpec) {
		p.Require = []v1alpha1.Requirement{v1alpha1.RequireJustification}
	})
	const use = "consent to use User.Read of MicrosoftGraph by orders-web for all users"
	const kept = "kept, though it would be denied today: spec.scopes[0]"
	denied := func(says string) outcome { return outcome{reason: v1alpha1.ReasonDenied, says: says} }
	checkAll(t, map[string]row{
		"consent to Microsoft's needs a policy": {
			change: changes{obj: wants("User.Read"), world: microsoft}, want: denied("spec.scopes[0]: consent to scope"),
		},
		"and has it": {
			change: changes{obj: wants("User.Read"), world: both(microsoft, allowing("User.*"))}, want: outcome{steps: []string{use}},
		},
		"one denied scope holds back the others that are new": {
			change: changes{obj: wants("User.Read", "openid"), world: both(microsoft, allowing("User.Read"))}, want: denied("spec.scopes[1]"),
		},
		"what somebody consented to by hand is judged before it is taken as ours": {
			change: changes{obj: wants("openid"), world: both(holding("openid"), microsoft, allowing("User.Read"))}, want: denied("spec.scopes[0]"),
		},
		"a denied scope does not keep what the spec drops": {
			change: changes{obj: both(wants("openid"), recorded("User.Read")), world: both(holding("User.Read"), microsoft)},
			want:   outcome{steps: []string{"take back the consent to use User.Read of MicrosoftGraph by orders-web for all users"}},
		},
		"what was given is kept when policy is tightened, and reported": {
			change: changes{kind: denyAll, obj: recorded("Read"), world: holding("Read")},
			want:   outcome{unsynced: v1alpha1.ReasonDenied, says: kept},
		},
		"but for a policy that revokes": {
			change: changes{obj: recorded("Read"), world: both(holding("Read"), revoking)}, want: outcome{steps: []string{takeRead}},
		},
		"which ends in its denial": {
			change: changes{obj: recorded("Read"), world: both(revoking, func(w *World) { w.Taken = []string{"Read"} })},
			want:   denied("policy corporate denies it"),
		},
		"also where others name it and lose it too": {
			change: changes{obj: recorded("Read"), world: both(holding("Read"), sharing("Read"), revoking)}, want: outcome{steps: []string{takeRead}},
		},
		"tier 0 needs an exact entry": {
			change: changes{obj: wants("Directory.AccessAsUser.All"), world: both(microsoft, allowing("*"))}, want: denied("spec.scopes[0]"),
		},
		"tier 0 goes when its entry goes": {
			change: changes{obj: both(wants("Directory.AccessAsUser.All"), recorded("Directory.AccessAsUser.All")),
				world: both(holding("Directory.AccessAsUser.All"), microsoft)},
			want: outcome{steps: []string{
				"take back the consent to use Directory.AccessAsUser.All of MicrosoftGraph by orders-web for all users",
			}},
		},
		"a consent that may not last needs notAfter": {
			change: changes{obj: wants("User.Read"), world: both(microsoft, for1h)}, want: denied("spec.scopes[0]"),
		},
		"and has it, if it is soon": {
			change: changes{obj: both(wants("User.Read"), until(time.Hour)), world: both(microsoft, for1h)},
			want:   outcome{steps: []string{use}, revisit: time.Hour},
		},
		"a justification that is required is asked for": {
			change: changes{world: justified}, want: denied("spec.justification"),
		},
		"and is enough": {
			change: changes{obj: func(g *grant) { g.Spec.Justification = "orders are shown to users" }, world: justified},
			want:   outcome{steps: []string{giveRead}},
		},
	})
}

// Two objects on one grant would otherwise give and take for ever.
func TestDecide_DoesNotTakeAwayWhatAnotherMayKeep(t *testing.T) {
	t.Parallel()
	exactly := policies(func(p *v1alpha1.RegistrationPolicySpec) {
		p.Allow = consents(v1alpha1.ConsentRule{
			API: graph, Scopes: []string{"Directory.AccessAsUser.All"}, Users: v1alpha1.ConsentAll, MaxDuration: &metav1.Duration{Duration: time.Hour},
		})
	})
	changes{
		obj: both(wants("Directory.AccessAsUser.All"), recorded("Directory.AccessAsUser.All")),
		world: both(holding("Directory.AccessAsUser.All"), microsoft, exactly, func(w *World) {
			w.Claims = []permission.Claim{{IDs: []string{"Directory.AccessAsUser.All"}, NotAfter: &metav1.Time{Time: today.Add(time.Minute)}}}
		}),
	}.check(t, outcome{unsynced: v1alpha1.ReasonDenied, says: "spec.scopes[0]"})
}

func TestDecide_APIsOfOtherNamespaces(t *testing.T) {
	t.Parallel()
	theirs := func(lets ...string) func(*World) {
		return func(w *World) {
			w.API.Own, w.API.Managed.Namespace, w.API.Title = false, "billing", `AppRegistration "billing/orders-api"`
			w.API.Consumers = []v1alpha1.AllowedConsumer{{Scopes: lets}}
			w.API.Scopes = permitted(w.API.Scopes, w.API.LetsScope)
			w.ObservedAPI.Value.Tags = tags("billing/orders-api", ourCluster)
		}
	}
	const of = ` of billing/orders-api by orders-web for all users`
	const noWrite = `spec.scopes[1]: AppRegistration "billing/orders-api" has no scope "Write", or its allowedConsumers does not let ` +
		`namespace "shop" use it; it has "Read"`
	withheld := func(w *World) { lost(w); w.Withheld = true }
	checkAll(t, map[string]row{
		"what the owner lets us use is consented to": {
			change: changes{world: theirs("Read")}, want: outcome{steps: []string{"consent to use Read" + of}},
		},
		"what he does not is answered as if it did not exist": {
			change: changes{obj: both(wants("Read", "Write"), recorded("Read")), world: both(holding("Read"), theirs("Read"))},
			want:   outcome{wait: noWrite},
		},
		"and is not taken as ours where it is there": {
			change: changes{obj: both(wants("Read", "Write"), recorded("Read")), world: both(holding("Read", "Write"), theirs("Read"))},
			want:   outcome{wait: noWrite},
		},
		"what he lets us use no longer is taken away, also where others of ours name it": {
			change: changes{obj: both(wants("Read", "Write"), recorded("Read", "Write")),
				world: both(holding("Read", "Write"), sharing("Write"), theirs("Read"))},
			want: outcome{steps: []string{"take back the consent to use Write" + of}},
		},
		"when he lets us use nothing, all is taken away": {
			change: changes{obj: both(wants("Read", "Write"), recorded("Read", "Write")), world: both(holding("Read", "Write", "Foreign"), withheld)},
			want:   outcome{steps: []string{"take back the consent to use Read Write of The orders-api by orders-web for all users"}},
		},
		"and then waited for": {
			change: changes{obj: recorded(), world: both(holding("Foreign"), withheld)}, want: outcome{wait: "it is not there"},
		},
	})
}

func permitted(scopes []reference.Permission, stay func(string) bool) []reference.Permission {
	var left []reference.Permission
	for _, scope := range scopes {
		if stay(scope.Value) {
			left = append(left, scope)
		}
	}
	return left
}

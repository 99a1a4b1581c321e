package delegatedpermissiongrant

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

const (
	ofAPI     = ` of orders-api by orders-web for all users`
	giveRead  = "consent to use Read" + ofAPI
	giveBoth  = "consent to use Read Write" + ofAPI
	takeRead  = "take back the consent to use Read" + ofAPI
	takeWrite = "take back the consent to use Write" + ofAPI
	takeBoth  = "take back the consent to use Read Write" + ofAPI

	confirmRead = "confirm the consent to use Read" + ofAPI
)

// row of a table of decisions.
type row struct {
	change changes
	want   outcome
}

func checkAll(t *testing.T, rows map[string]row) {
	t.Helper()
	for name, test := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.change.check(t, test.want)
		})
	}
}

func TestDecide_Scopes(t *testing.T) {
	t.Parallel()
	checkAll(t, map[string]row{
		"a scope that is missing is consented to": {
			want: outcome{steps: []string{giveRead}},
		},
		"several missing scopes are one step": {
			change: changes{obj: wants("Read", "Write")}, want: outcome{steps: []string{giveBoth}},
		},
		"a grant for one user is another grant": {
			change: changes{obj: wants("Write"), world: both(holding(), func(w *World) { w.UserID = "bob" })},
			want:   outcome{steps: []string{"consent to use Write of orders-api by orders-web for user bob"}},
		},
		"in sync, nothing is done": {
			change: changes{obj: recorded("Read"), world: holding("Read")},
		},
		"a scope that was there before is taken as it is, once": {
			change: changes{world: holding("Read")}, want: outcome{reads: []string{confirmRead}},
		},
		"what others put there stays": {
			change: changes{obj: recorded("Read"), world: holding("Read", "Write", "Foreign")},
		},
		"a scope that the spec no longer names is taken away": {
			change: changes{obj: recorded("Read", "Write"), world: holding("Read", "Write")},
			want:   outcome{steps: []string{takeWrite}},
		},
		"a scope that another live object names stays": {
			change: changes{obj: recorded("Read", "Write"), world: both(holding("Read", "Write"), sharing("Write"))},
		},
		"a claim that is past its time does not count": {
			change: changes{obj: recorded("Read", "Write"), world: both(holding("Read", "Write"), func(w *World) {
				w.Claims = []permission.Claim{{IDs: []string{"Write"}, NotAfter: &metav1.Time{Time: today}}}
			})},
			want: outcome{steps: []string{takeWrite}},
		},
		"one step gives and another takes": {
			change: changes{obj: both(wants("Read"), recorded("Write")), world: holding("Write", "Foreign")},
			want:   outcome{steps: []string{giveRead, takeWrite}},
		},
		"a client that is another service principal now begins anew": {
			change: changes{obj: recorded("Read", "Write"), world: both(holding("Read"), func(w *World) {
				w.Client.ServicePrincipalObjectID, w.Client.AppID = "web2", "web-app"
			})},
			want: outcome{steps: []string{giveRead}},
		},
		"Entra's lag is waited for": {
			change: changes{world: func(w *World) { w.Grants = entra.Observed[[]entra.Grant]{} }}, want: outcome{again: engine.Lag},
		},
		"a client that Entra does not show yet is looked at again": {
			change: changes{world: func(w *World) { w.ObservedClient = new(entra.Observed[entra.Client]) }}, want: outcome{again: engine.Lag},
		},
		"a client that is gone from Entra is waited for": {
			change: changes{world: func(w *World) { w.ObservedClient = new(entra.Absent[entra.Client]()) }},
			want:   outcome{wait: `the service principal of AppRegistration "orders-web" is gone from Entra; it has to be made again first`},
		},
		"an API that is gone from Entra is waited for": {
			change: changes{world: func(w *World) { w.ObservedAPI = new(entra.Absent[entra.ServicePrincipal]()) }},
			want:   outcome{wait: `the service principal of AppRegistration "orders-api" is gone from Entra; it has to be made again first`},
		},
		"what was not looked at is not changed": {
			change: changes{obj: recorded("Write"), world: both(holding("Write"), func(w *World) { w.ObservedClient, w.ObservedAPI = nil, nil })},
			want:   outcome{reads: []string{"read the client and the API"}},
		},
		"an object made in another directory stays away from this one": {
			change: changes{obj: func(g *grant) { g.Status.TenantID = "another" }},
			want:   outcome{reason: v1alpha1.ReasonConflict, says: "this object was made in tenant another"},
		},
		"applications of two tenants are invalid": {
			change: changes{world: func(w *World) { w.API.TenantName = "lab" }},
			want:   outcome{reason: v1alpha1.ReasonInvalid, says: "within one tenant only"},
		},
	})
}

func TestDecide_ScopesThatCannotBeHad(t *testing.T) {
	t.Parallel()
	disabled := func(w *World) { w.API.Scopes[0].Enabled = false }
	const noRaed = `spec.scopes[1]: AppRegistration "orders-api" has no scope "Raed"; it has "Read", "Write"`
	const isDisabled = `spec.scopes[0]: AppRegistration "orders-api" has a scope "Read", but it is disabled: enable it there`
	checkAll(t, map[string]row{
		"what can be had is given first": {
			change: changes{obj: wants("Read", "Raed")}, want: outcome{steps: []string{giveRead}},
		},
		"then the unknown one is waited for, with those that are spelled most like it": {
			change: changes{obj: both(wants("Read", "Raed"), recorded("Read")), world: holding("Read")}, want: outcome{wait: noRaed},
		},
		"an unknown one that somebody put there by hand is not ours": {
			change: changes{obj: both(wants("Read", "Raed"), recorded("Read")), world: holding("Read", "Raed")}, want: outcome{wait: noRaed},
		},
		"one that the API lists no longer is not taken away while the spec names it": {
			change: changes{obj: both(wants("Read", "Raed"), recorded("Read", "Raed")), world: holding("Read", "Raed")},
			want:   outcome{wait: noRaed},
		},
		"an API without scopes says so": {
			change: changes{world: func(w *World) { w.API.Scopes = nil }},
			want:   outcome{wait: `spec.scopes[0]: AppRegistration "orders-api" has no scope "Read"; it has none`},
		},
		"one that is disabled is waited for": {
			change: changes{world: disabled}, want: outcome{wait: isDisabled},
		},
		"one that was disabled later stays": {
			change: changes{obj: recorded("Read"), world: both(holding("Read"), disabled)},
		},
		"more than a grant can hold is invalid, with what others put there": {
			change: changes{world: holding(string(make([]byte, entra.MaxGrantScope-4)))},
			want:   outcome{reason: v1alpha1.ReasonInvalid, says: "would have 3851 characters together, and Entra takes 3850"},
		},
		"as much as a grant can hold is not": {
			change: changes{world: holding(string(make([]byte, entra.MaxGrantScope-5)))}, want: outcome{steps: []string{giveRead}},
		},
		"what is taken away makes room, at the next look": {
			change: changes{obj: both(wants("Read"), recorded("Write")), world: func(w *World) { w.Taken = []string{"Write"} }},
			want:   outcome{again: time.Second},
		},
	})
}

func TestDecide_WhatStandsAgainstGiving(t *testing.T) {
	t.Parallel()
	checkAll(t, map[string]row{
		"an AppRegistration that is being deleted does not unsettle what is in sync": {
			change: changes{obj: recorded("Read"), world: both(holding("Read"), func(w *World) { w.Client.Deleting = true })},
		},
		"a client that is being deleted gets nothing new": {
			change: changes{world: func(w *World) { w.Client.Deleting = true }},
			want:   outcome{wait: `AppRegistration "orders-web" is being deleted: nothing new is bound to it`},
		},
		"an API that is being deleted gives nothing new": {
			change: changes{world: func(w *World) { w.API.Deleting = true }},
			want:   outcome{wait: `AppRegistration "orders-api" is being deleted: nothing new is bound to it`},
		},
		"an API whose application was disabled in Entra gives nothing new": {
			change: changes{world: func(w *World) { w.API.Disabled = true }},
			want:   outcome{reason: v1alpha1.ReasonDisabled, says: `AppRegistration "orders-api" was disabled in Entra`},
		},
		"a client that was disabled in Entra gets nothing new": {
			change: changes{world: func(w *World) { w.ObservedClient.Value.Disabled = true }},
			want:   outcome{reason: v1alpha1.ReasonDisabled, says: `AppRegistration "orders-web" was disabled in Entra`},
		},
		"and still loses what its spec drops": {
			change: changes{obj: both(wants("Read"), recorded("Write")), world: both(holding("Write"), func(w *World) { w.Client.Disabled = true })},
			want:   outcome{steps: []string{takeWrite}},
		},
		"an API that cannot be found any longer leaves what is consented to": {
			change: changes{obj: recorded("Read"), world: both(holding("Read"), lost)},
			want:   outcome{wait: "it is not there"},
		},
		"and what the spec drops is taken away all the same": {
			change: changes{obj: recorded("Read", "Write"), world: both(holding("Read", "Write"), lost)},
			want:   outcome{steps: []string{"take back the consent to use Write of The orders-api by orders-web for all users"}},
		},
	})
}

// lost is a world in which the API cannot be found any longer.
func lost(w *World) {
	w.API, w.ObservedAPI = reference.API{Title: "The orders-api", ObjectID: "api", DisplayName: "The orders-api"}, nil
	w.Missing = &engine.Wait{What: "it is not there", Watched: true}
}

func TestDecide_NotAfter(t *testing.T) {
	t.Parallel()
	checkAll(t, map[string]row{
		"is looked at when it comes": {
			change: changes{obj: both(recorded("Read"), until(time.Hour)), world: holding("Read")}, want: outcome{revisit: time.Hour},
		},
		"takes away what this object named": {
			change: changes{obj: both(recorded("Read"), until(0)), world: holding("Read", "Foreign")}, want: outcome{steps: []string{takeRead}},
		},
		"leaves what another live object names": {
			change: changes{obj: both(recorded("Read"), until(0)), world: both(holding("Read"), sharing("Read"))},
			want:   outcome{reason: v1alpha1.ReasonExpired, says: "spec.notAfter: 2026-11-21T12:00:00Z has passed"},
		},
		"gives nothing when it has passed": {
			change: changes{obj: until(-time.Hour)},
			want:   outcome{reason: v1alpha1.ReasonExpired, says: "spec.notAfter: 2026-11-21T11:00:00Z has passed"},
		},
		"takes away also where the API cannot be found": {
			change: changes{obj: both(recorded("Read"), until(0)), world: both(holding("Read"), lost)},
			want:   outcome{steps: []string{"take back the consent to use Read of The orders-api by orders-web for all users"}},
		},
		"that moves forward gives again": {
			change: changes{obj: both(recorded(), until(time.Hour))}, want: outcome{steps: []string{giveRead}, revisit: time.Hour},
		},
	})
}

func TestDecide_Repair(t *testing.T) {
	t.Parallel()
	const advice = "taken away in Entra by others, and not given again unless spec.repair is Always: Read"
	foreign := func(w *World) {
		w.API, w.ObservedAPI = reference.API{Title: "MicrosoftGraph", AppID: graphAppID, ObjectID: "api", Scopes: w.API.Scopes}, nil
	}
	reported := outcome{unsynced: v1alpha1.ReasonDrifted, says: advice}
	checkAll(t, map[string]row{
		"of an own API gives again what others took away": {
			change: changes{obj: recorded("Read")}, want: outcome{steps: []string{giveRead}},
		},
		"Report only tells": {
			change: changes{obj: both(recorded("Read"), repairing(v1alpha1.RepairReport))}, want: reported,
		},
		"of an API of others only tells": {
			change: changes{obj: recorded("Read"), world: both(holding(), foreign)}, want: reported,
		},
		"what a crash kept from being made is made": {
			change: changes{obj: both(recorded("Read"), pending("Read"), repairing(v1alpha1.RepairReport))},
			want:   outcome{steps: []string{giveRead}},
		},
		"what was made before a crash is looked at again": {
			change: changes{obj: both(recorded("Read"), pending("Read"), repairing(v1alpha1.RepairReport)), world: holding("Read")},
			want:   outcome{reads: []string{confirmRead}},
		},
		"what is new is made beside what is only told": {
			change: changes{obj: both(wants("Write", "Read"), recorded("Read"), repairing(v1alpha1.RepairReport))},
			want:   outcome{steps: []string{"consent to use Write" + ofAPI}},
		},
	})
}

func TestDelete_Scopes(t *testing.T) {
	t.Parallel()
	checkAll(t, map[string]row{
		"takes away what was named": {
			change: changes{obj: deleting("Read", "Write"), world: holding("Read", "Write", "Foreign")}, want: outcome{steps: []string{takeBoth}},
		},
		"leaves what another live object names": {
			change: changes{obj: deleting("Read", "Write"), world: both(holding("Read", "Write"), sharing("Write"))},
			want:   outcome{steps: []string{takeRead}},
		},
		"needs no switch and no policy": {
			change: changes{kind: func(k *Kind) { k.Enabled = false; denyAll(k) }, obj: deleting("Read"), world: holding("Read")},
			want:   outcome{steps: []string{takeRead}},
		},
		"of an object that named nothing ends at once": {
			change: changes{obj: both(deleting(), func(g *grant) { g.Status.ClientObjectID = "" })},
		},
		"looks again for what a young object may have made before a crash": {
			change: changes{obj: both(deleting("Read"), pending("Read"), func(g *grant) {
				g.CreationTimestamp = metav1.Time{Time: today.Add(-time.Minute)}
			})},
			want: outcome{again: engine.Lag},
		},
		"needs nothing where the client is gone": {
			change: changes{obj: deleting("Read"), world: both(holding("Read"), func(w *World) { w.ObservedClient = new(entra.Absent[entra.Client]()) })},
		},
		"looks again where the client is not shown": {
			change: changes{obj: deleting("Read"), world: both(holding("Read"), func(w *World) { w.ObservedClient = new(entra.Observed[entra.Client]) })},
			want:   outcome{again: engine.Lag},
		},
		"calls nothing in an abandoned tenant": {
			change: changes{obj: deleting("Read"), world: both(holding("Read"), func(w *World) { w.Tenant.Abandoned = true })},
		},
		"leaves a client alone that is not ours in Entra": {
			change: changes{obj: deleting("Read"), world: both(holding("Read"), func(w *World) { w.ObservedClient.Value.Tags = nil })},
		},
		"leaves the operator's own service principal alone": {
			change: changes{obj: deleting("Read"), world: both(holding("Read"), func(w *World) { w.ObservedClient.Value.AppID = "operator-app" })},
		},
	})
}

func TestStatus_Scopes(t *testing.T) {
	t.Parallel()
	told := func(scopes, pending []string) v1alpha1.DelegatedPermissionGrantStatus {
		return v1alpha1.DelegatedPermissionGrantStatus{
			TenantBinding:  v1alpha1.TenantBinding{TenantName: "corp", TenantID: "tenant-id"},
			ClientObjectID: "web", ClientName: "The orders-web", APIObjectID: "api", APIName: "The orders-api",
			Scopes: scopes, Pending: pending, Justification: "because",
		}
	}
	because := func(g *grant) { g.Spec.Justification, g.Status.Justification = "because", "because" }
	for name, test := range map[string]struct {
		change changes
		want   v1alpha1.DelegatedPermissionGrantStatus
	}{
		"names the intent":                      {changes{obj: both(wants("Write", "Read"), because)}, told([]string{"Read", "Write"}, []string{"Read", "Write"})},
		"names what is not taken away yet":      {changes{obj: both(recorded("Write"), because), world: holding("Write", "Read")}, told([]string{"Read", "Write"}, []string{"Read", "Write"})},
		"forgets what is gone":                  {changes{obj: both(recorded("Read", "Write"), because), world: holding("Read")}, told([]string{"Read"}, nil)},
		"keeps naming what others took away":    {changes{obj: both(recorded("Read"), because, repairing("Report"))}, told([]string{"Read"}, nil)},
		"keeps what others share until it goes": {changes{obj: both(recorded("Read", "Write"), because), world: both(holding("Read", "Write"), sharing("Write"))}, told([]string{"Read", "Write"}, []string{"Write"})},
		"does not name what is denied":          {changes{kind: denyAll, obj: because, world: holding("Read")}, told(nil, nil)},
		"forgets what notAfter took away": {changes{obj: both(recorded("Read"), because, until(0)), world: func(w *World) {
			w.Taken = []string{"Read"}
		}}, told(nil, nil)},
		"tells nothing of a stranger": {changes{world: func(w *World) { w.ObservedClient.Value.Tags = nil }}, v1alpha1.DelegatedPermissionGrantStatus{}},
		"tells nothing of what nobody confirmed": {
			changes{world: both(holding("Read"), func(w *World) { w.ObservedClient, w.ObservedAPI = nil, nil })}, v1alpha1.DelegatedPermissionGrantStatus{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.change.decide(t).Object.Status); diff != "" {
				t.Error(diff)
			}
		})
	}
}

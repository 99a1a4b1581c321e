package appregistration

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// decisionRow is an object in a world, and what must happen.
type decisionRow struct {
	name  string
	obj   *v1alpha1.AppRegistration
	world World
	want  []string
}

func checkDecisions(t *testing.T, rows []decisionRow) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(row.want, lines(decide(t, row.obj, row.world))); diff != "" {
				t.Error("decision, want - got +\n" + diff)
			}
		})
	}
}

func TestDecide_ApplicationFirstThenWhatHangsOnIt(t *testing.T) {
	t.Parallel()
	fresh := object()
	world := settled(fresh)
	world.provenance = justCreated
	world.principal, world.secret = entra.Observed[entra.ServicePrincipal]{}, nil
	world.application.Value.IdentifierURIs = nil
	checkDecisions(t, []decisionRow{
		{"nothing is there", fresh, unknown(), []string{"create application k8s.c1.shop.orders-api"}},
		{"the application is certainly not there", fresh, with(unknown(), func(w *World) {
			w.application = entra.Absent[entra.Application]()
		}), []string{"create application k8s.c1.shop.orders-api"}},
		{"the application was just created", fresh, world, []string{"update application: identifierUris", "create service principal"}},
		{"only the Secret is missing", object(bound), with(settled(fresh), func(w *World) { w.secret = nil }), []string{"write Secret orders-api-entra"}},
		{"everything is there", object(bound), settled(fresh), nil},
		{"an application without API has no identifier URI", object(func(o *v1alpha1.AppRegistration) {
			o.Spec.API, o.Spec.AppRoles = nil, nil
		}), with(unknown(), func(w *World) {
			w.application, w.provenance = entra.Present(settled(object(func(o *v1alpha1.AppRegistration) { o.Spec.API, o.Spec.AppRoles = nil, nil })).application.Value), justCreated
		}), []string{"create service principal", "write Secret orders-api-entra"}},
	})
}

func TestDecide_WhatEntraDoesNotShow(t *testing.T) {
	t.Parallel()
	ours := settled(object()).application.Value
	old := object(bound, func(o *v1alpha1.AppRegistration) { o.CreationTimestamp = metav1.NewTime(created.Add(-time.Hour)) })
	checkDecisions(t, []decisionRow{
		{"a recorded application that lags is waited for", object(bound), with(unknown(), func(w *World) { w.provenance = foundByRecord }), []string{"look again in 5s"}},
		{"a recorded application that somebody deleted is restored", object(bound), with(unknown(), func(w *World) {
			w.provenance, w.application, w.deleted = foundByRecord, entra.Absent[entra.Application](), entra.Present(ours)
		}), []string{"restore application k8s.c1.shop.orders-api, client ID " + appID}},
		{"a recorded application that somebody purged is made anew", object(bound), with(unknown(), func(w *World) {
			w.provenance, w.application, w.deleted = foundByRecord, entra.Absent[entra.Application](), entra.Absent[entra.Application]()
		}), []string{"create application k8s.c1.shop.orders-api"}},
		{"a recorded service principal that lags is waited for", object(bound), with(settled(object()), func(w *World) {
			w.principal = entra.Observed[entra.ServicePrincipal]{}
		}), []string{"look again in 5s"}},
		{"a service principal that somebody deleted is restored", object(bound), with(settled(object()), func(w *World) {
			w.principal, w.deletedPrincipal = entra.Absent[entra.ServicePrincipal](), entra.Present(entra.ServicePrincipal{ObjectID: principalID})
		}), []string{"restore service principal of client ID " + appID}},
		{"a service principal that somebody purged is made anew", object(bound), with(settled(object()), func(w *World) {
			w.principal = entra.Absent[entra.ServicePrincipal]()
		}), []string{"create service principal"}},
		{"a name that nobody shows is lag at first", object(), with(unknown(), func(w *World) { w.nameTaken = firstName }), []string{"look again in 5s"}},
		{"a name that nobody shows is lag where the object was in sync", inSync(old, metav1.ConditionTrue), with(unknown(), func(w *World) { w.nameTaken = firstName }), []string{"look again in 5s"}},
		{"a name that nobody shows is a conflict after ten minutes", inSync(old, metav1.ConditionUnknown), with(unknown(), func(w *World) { w.nameTaken = firstName }), []string{
			"refuse Conflict: Entra says that the name k8s.c1.shop.orders-api is taken, but shows no application, live or deleted, that has it",
		}},
	})
}

// inSync gives an object a Synced condition that is as old as it is.
func inSync(obj *v1alpha1.AppRegistration, status metav1.ConditionStatus) *v1alpha1.AppRegistration {
	obj = obj.DeepCopy()
	obj.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionSynced, Status: status, LastTransitionTime: obj.CreationTimestamp}}
	return obj
}

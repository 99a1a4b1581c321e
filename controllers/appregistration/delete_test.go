package appregistration

import (
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func deletedWith(how v1alpha1.DeletionPolicy) *v1alpha1.AppRegistration {
	return object(bound, deleting, func(o *v1alpha1.AppRegistration) { o.Spec.DeletionPolicy = how })
}

func TestDelete_TakesAwayWhatIsOurs(t *testing.T) {
	t.Parallel()
	app := settled(object()).application.Value
	gone := with(unknown(), func(w *World) { w.provenance, w.application = foundByRecord, entra.Absent[entra.Application]() })
	obj := deletedWith(v1alpha1.DeletionDelete)
	checkDecisions(t, []decisionRow{
		{"an object that is bound to nothing is released", object(deleting), World{}, nil},
		{"an abandoned tenant releases without a call", obj, World{Binding: binding.Binding{Tenant: binding.Tenant{Name: "corp", Abandoned: true}}}, nil},
		{"a live application is deleted", obj, recorded(), []string{"delete application k8s.c1.shop.orders-api"}},
		{"one that others have disabled is deleted", obj, recorded(func(w *World) { w.application.Value.Disabled = true }), []string{"delete application k8s.c1.shop.orders-api"}},
		{"a deleted one releases the object", obj, gone, nil},
		{"one that somebody else deleted releases it too", obj, with(gone, func(w *World) { w.deleted = entra.Present(app) }), nil},
		{"one that is not shown is looked for again", obj, with(unknown(), func(w *World) { w.provenance = foundByRecord }), []string{"look again in 30s"}},
		{"a recorded one with another name is not touched", obj, recorded(func(w *World) { w.application.Value.UniqueName = "payroll" }), nil},
		{"a recorded one with the tags of another object is not touched", obj, recorded(tagged(entra.TagObject, "bank/orders-api")), nil},
		{"orphan leaves it alive", deletedWith(v1alpha1.DeletionOrphan), recorded(), nil},
		{"one found by the intent's name is deleted", obj, adoptable(), []string{"delete application k8s.c1.shop.orders-api"}},
		{"one found by name that others have added to is deleted", obj, adoptable(func(w *World) {
			w.application.Value.Passwords, w.evidence.owners = []string{"k1"}, entra.Present([]string{operatorID, "eve"})
		}), []string{"delete application k8s.c1.shop.orders-api"}},
		{"a squatted name is not touched", obj, adoptable(untagged(entra.TagManagedBy)), nil},
		{"a forged creator is not touched", obj, adoptable(func(w *World) { w.application.Value.CreatedByAppID = "eve" }), nil},
		{"one without creator and without us as owner is not touched", obj, adoptable(func(w *World) {
			w.application.Value.CreatedByAppID, w.evidence.owners = "", entra.Present([]string{"eve"})
		}), nil},
		{"owners that Entra does not show yet are looked at again", obj, adoptable(func(w *World) {
			w.application.Value.CreatedByAppID, w.evidence = "", evidence{}
		}), []string{"look again in 30s"}},
		{"a denied purge deletes softly", deletedWith(v1alpha1.DeletionPurge), with(gone, func(w *World) { w.deleted = entra.Present(app) }), nil},
	})
}

func TestDelete_Purge(t *testing.T) {
	t.Parallel()
	app := settled(object()).application.Value
	gone := with(unknown(), func(w *World) { w.provenance, w.application = foundByRecord, entra.Absent[entra.Application]() })
	rules := allowing(v1alpha1.PolicyRule{Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{v1alpha1.DeletionPurge}}})
	rows := []decisionRow{
		{"deletes first", deletedWith(v1alpha1.DeletionPurge), recorded(), []string{"delete application k8s.c1.shop.orders-api"}},
		{"then purges", deletedWith(v1alpha1.DeletionPurge), with(gone, func(w *World) { w.deleted = entra.Present(app) }), []string{"purge application k8s.c1.shop.orders-api"}},
		{"never purges what is not ours", deletedWith(v1alpha1.DeletionPurge), with(gone, func(w *World) {
			w.deleted = entra.Present(entra.Application{UniqueName: "payroll"})
		}), nil},
		{"ends when it is not among the deleted", deletedWith(v1alpha1.DeletionPurge), with(gone, func(w *World) { w.deleted = entra.Absent[entra.Application]() }), nil},
		{"looks again where deletedItems lag", deletedWith(v1alpha1.DeletionPurge), gone, []string{"look again in 30s"}},
	}
	for i := range rows {
		rows[i].world = with(rows[i].world, rules)
	}
	checkDecisions(t, rows)
}

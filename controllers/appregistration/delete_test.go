package appregistration

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func ending(how v1alpha1.DeletionPolicy) *v1alpha1.AppRegistration {
	return object(bound, deleting, func(o *v1alpha1.AppRegistration) { o.Spec.DeletionPolicy = how })
}

func TestFarewellTakesAwayWhatIsOurs(t *testing.T) {
	t.Parallel()
	app := settled(object()).application.Value
	gone := with(unknown(), func(w *World) { w.found, w.application = byRecord, entra.Absent[entra.Application]() })
	obj := ending(v1alpha1.DeletionDelete)
	play(t, []scene{
		{"an object that is bound to nothing is released", object(deleting), World{}, nil},
		{"an abandoned tenant releases without a call", obj, World{Basis: engine.Basis{Tenant: engine.Tenant{Name: "corp", Abandoned: true}}}, nil},
		{"a live application is deleted", obj, known(), []string{"delete application k8s.c1.shop.orders-api"}},
		{"one that others have disabled is deleted", obj, known(func(w *World) { w.application.Value.Disabled = true }), []string{"delete application k8s.c1.shop.orders-api"}},
		{"a deleted one releases the object", obj, gone, nil},
		{"one that somebody else deleted releases it too", obj, with(gone, func(w *World) { w.grave = entra.Present(app) }), nil},
		{"one that is not shown is looked for again", obj, with(unknown(), func(w *World) { w.found = byRecord }), []string{"look again in 30s"}},
		{"a recorded one with another name is not touched", obj, known(func(w *World) { w.application.Value.UniqueName = "payroll" }), nil},
		{"a recorded one with the tags of another object is not touched", obj, known(retag(entra.TagObject, "bank/orders-api")), nil},
		{"orphan leaves it alive", ending(v1alpha1.DeletionOrphan), known(), nil},
		{"one found by the intent's name is deleted", obj, found(), []string{"delete application k8s.c1.shop.orders-api"}},
		{"one found by name that others have added to is deleted", obj, found(func(w *World) {
			w.application.Value.Passwords, w.evidence.owners = []string{"k1"}, entra.Present([]string{operatorID, "eve"})
		}), []string{"delete application k8s.c1.shop.orders-api"}},
		{"a squatted name is not touched", obj, found(untag(entra.TagManagedBy)), nil},
		{"a forged creator is not touched", obj, found(func(w *World) { w.application.Value.CreatedByAppID = "eve" }), nil},
		{"one without creator and without us as owner is not touched", obj, found(func(w *World) {
			w.application.Value.CreatedByAppID, w.evidence.owners = "", entra.Present([]string{"eve"})
		}), nil},
		{"owners that Entra does not show yet are looked at again", obj, found(func(w *World) {
			w.application.Value.CreatedByAppID, w.evidence = "", evidence{}
		}), []string{"look again in 30s"}},
		{"a denied purge deletes softly", ending(v1alpha1.DeletionPurge), with(gone, func(w *World) { w.grave = entra.Present(app) }), nil},
	})
}

func TestPurge(t *testing.T) {
	t.Parallel()
	app := settled(object()).application.Value
	gone := with(unknown(), func(w *World) { w.found, w.application = byRecord, entra.Absent[entra.Application]() })
	rules := allowing(v1alpha1.PolicyRule{Delete: &v1alpha1.DeleteRule{Policies: []v1alpha1.DeletionPolicy{v1alpha1.DeletionPurge}}})
	for _, s := range []scene{
		{"deletes first", ending(v1alpha1.DeletionPurge), known(), []string{"delete application k8s.c1.shop.orders-api"}},
		{"then purges", ending(v1alpha1.DeletionPurge), with(gone, func(w *World) { w.grave = entra.Present(app) }), []string{"purge application k8s.c1.shop.orders-api"}},
		{"never purges what is not ours", ending(v1alpha1.DeletionPurge), with(gone, func(w *World) {
			w.grave = entra.Present(entra.Application{UniqueName: "payroll"})
		}), nil},
		{"ends when it is not among the deleted", ending(v1alpha1.DeletionPurge), with(gone, func(w *World) { w.grave = entra.Absent[entra.Application]() }), nil},
		{"looks again where deletedItems lag", ending(v1alpha1.DeletionPurge), gone, []string{"look again in 30s"}},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(s.want, lines(kind().Decide(s.obj, with(s.world, rules), now))); diff != "" {
				t.Error("plan, want - got +\n" + diff)
			}
		})
	}
}

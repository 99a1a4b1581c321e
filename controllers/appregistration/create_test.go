package appregistration

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

func TestCreate_NamesOfDeletedApplications(t *testing.T) {
	t.Parallel()
	ours := settled(object()).application.Value
	dirty := ours
	dirty.Passwords = []string{"k1"}
	dirtySecond := dirty
	dirtySecond.UniqueName, dirtySecond.ObjectID = secondName, "second"
	amongDeleted := func(app entra.Application) func(*World) { return func(w *World) { w.deleted = entra.Present(app) } }
	checkDecisions(t, []decisionRow{
		{"a clean one is restored", object(), with(unknown(), amongDeleted(ours)), []string{"restore application k8s.c1.shop.orders-api, client ID " + appID}},
		{"an object just applied waits for what is applied with it", object(func(o *v1alpha1.AppRegistration) {
			o.CreationTimestamp = metav1.NewTime(now.Add(-4 * time.Second))
		}), with(unknown(), amongDeleted(ours)), []string{"look again in 6s"}},
		{"one that is not clean is left, and the next name is taken", object(), with(unknown(), amongDeleted(dirty)), []string{
			"create application k8s.c1.shop.orders-api_0a1b2c3d, because k8s.c1.shop.orders-api is kept by a deleted application, client ID " + appID + ", that cannot be had back",
		}},
		{"one that was created by others is left", object(), with(unknown(), amongDeleted(ours), func(w *World) {
			w.deleted.Value.CreatedByAppID = "0000"
		}), []string{
			"create application k8s.c1.shop.orders-api_0a1b2c3d, because k8s.c1.shop.orders-api is kept by a deleted application, client ID " + appID + ", that cannot be had back",
		}},
		{"one without a creator is restored to be judged", object(), with(unknown(), amongDeleted(ours), func(w *World) {
			w.deleted.Value.CreatedByAppID = ""
		}), []string{"restore application k8s.c1.shop.orders-api, client ID " + appID}},
		{"one that was restored and is not clean is deleted again", object(), with(adoptable(), func(w *World) {
			w.provenance = justRestored
			w.evidence.owners = entra.Present([]string{operatorID, "eve"})
		}), []string{"delete application k8s.c1.shop.orders-api again, client ID " + appID + ": others have a hand in it"}},
		{"one that was restored and is clean gets its service principal back", object(), with(adoptable(), func(w *World) {
			w.provenance, w.principal, w.deletedPrincipal = justRestored, entra.Absent[entra.ServicePrincipal](), entra.Present(entra.ServicePrincipal{})
		}), []string{"restore service principal of client ID " + appID}},
		{"two that are not clean are a conflict", object(), with(unknown(), amongDeleted(dirtySecond), func(w *World) {
			w.unrecoverable = []entra.Application{dirty}
		}), []string{
			"refuse Conflict: the names k8s.c1.shop.orders-api and k8s.c1.shop.orders-api_0a1b2c3d are both held by deleted applications that cannot be restored: purge them in Entra's deleted items",
		}},
		{"the event of the next name gives both client IDs", object(), with(settled(object()), func(w *World) {
			w.provenance, w.principal, w.unrecoverable = justCreated, entra.Observed[entra.ServicePrincipal]{}, []entra.Application{{AppID: "old", UniqueName: firstName}}
			w.application.Value.UniqueName = secondName
		}), []string{"create service principal: client ID " + appID + " takes the place of old"}},
		{"an intent for the second name is carried on", object(func(o *v1alpha1.AppRegistration) { o.Status.UniqueName = secondName }),
			unknown(), []string{"create application k8s.c1.shop.orders-api_0a1b2c3d"}},
	})
}

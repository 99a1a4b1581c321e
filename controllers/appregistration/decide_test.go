package appregistration

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// scene is an object in a world, and what must happen.
type scene struct {
	name  string
	obj   *v1alpha1.AppRegistration
	world World
	want  []string
}

func play(t *testing.T, scenes []scene) {
	t.Helper()
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(s.want, lines(kind().Decide(s.obj, s.world, now))); diff != "" {
				t.Error("plan, want - got +\n" + diff)
			}
		})
	}
}

// with changes a world.
func with(world World, edits ...func(*World)) World {
	for _, edit := range edits {
		edit(&world)
	}
	return world
}

func TestTheApplicationComesFirstAndWhatHangsOnItNext(t *testing.T) {
	t.Parallel()
	fresh := object()
	world := settled(fresh)
	world.found = made
	world.principal, world.secret = entra.Observed[entra.ServicePrincipal]{}, nil
	world.application.Value.IdentifierURIs = nil
	play(t, []scene{
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
			w.application, w.found = entra.Present(settled(object(func(o *v1alpha1.AppRegistration) { o.Spec.API, o.Spec.AppRoles = nil, nil })).application.Value), made
		}), []string{"create service principal", "write Secret orders-api-entra"}},
	})
}

func TestWhatEntraDoesNotShow(t *testing.T) {
	t.Parallel()
	ours := settled(object()).application.Value
	old := object(bound, func(o *v1alpha1.AppRegistration) { o.CreationTimestamp = metav1.NewTime(born.Add(-time.Hour)) })
	play(t, []scene{
		{"a recorded application that lags is waited for", object(bound), with(unknown(), func(w *World) { w.found = byRecord }), []string{"look again in 5s"}},
		{"a recorded application that somebody deleted is restored", object(bound), with(unknown(), func(w *World) {
			w.found, w.application, w.grave = byRecord, entra.Absent[entra.Application](), entra.Present(ours)
		}), []string{"restore application k8s.c1.shop.orders-api, client ID " + appID}},
		{"a recorded application that somebody purged is made anew", object(bound), with(unknown(), func(w *World) {
			w.found, w.application, w.grave = byRecord, entra.Absent[entra.Application](), entra.Absent[entra.Application]()
		}), []string{"create application k8s.c1.shop.orders-api"}},
		{"a recorded service principal that lags is waited for", object(bound), with(settled(object()), func(w *World) {
			w.principal = entra.Observed[entra.ServicePrincipal]{}
		}), []string{"look again in 5s"}},
		{"a service principal that somebody deleted is restored", object(bound), with(settled(object()), func(w *World) {
			w.principal, w.principalGrave = entra.Absent[entra.ServicePrincipal](), entra.Present(entra.ServicePrincipal{ObjectID: principalID})
		}), []string{"restore service principal of client ID " + appID}},
		{"a service principal that somebody purged is made anew", object(bound), with(settled(object()), func(w *World) {
			w.principal = entra.Absent[entra.ServicePrincipal]()
		}), []string{"create service principal"}},
		{"a name that nobody shows is lag at first", object(), with(unknown(), func(w *World) { w.held = firstName }), []string{"look again in 5s"}},
		{"a name that nobody shows is lag where the object was in sync", inSync(old, metav1.ConditionTrue), with(unknown(), func(w *World) { w.held = firstName }), []string{"look again in 5s"}},
		{"a name that nobody shows is a conflict after ten minutes", inSync(old, metav1.ConditionUnknown), with(unknown(), func(w *World) { w.held = firstName }), []string{
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

func TestNamesOfDeletedApplications(t *testing.T) {
	t.Parallel()
	grave := settled(object()).application.Value
	dirty := grave
	dirty.Passwords = []string{"k1"}
	dirtySecond := dirty
	dirtySecond.UniqueName, dirtySecond.ObjectID = secondName, "second"
	buried := func(app entra.Application) func(*World) { return func(w *World) { w.grave = entra.Present(app) } }
	play(t, []scene{
		{"a clean one is restored", object(), with(unknown(), buried(grave)), []string{"restore application k8s.c1.shop.orders-api, client ID " + appID}},
		{"an object just applied waits for what is applied with it", object(func(o *v1alpha1.AppRegistration) {
			o.CreationTimestamp = metav1.NewTime(now.Add(-4 * time.Second))
		}), with(unknown(), buried(grave)), []string{"look again in 6s"}},
		{"one that is not clean is left, and the next name is taken", object(), with(unknown(), buried(dirty)), []string{
			"create application k8s.c1.shop.orders-api_0a1b2c3d, because k8s.c1.shop.orders-api is kept by a deleted application, client ID " + appID + ", that cannot be had back",
		}},
		{"one that was created by others is left", object(), with(unknown(), buried(grave), func(w *World) {
			w.grave.Value.CreatedByAppID = "0000"
		}), []string{
			"create application k8s.c1.shop.orders-api_0a1b2c3d, because k8s.c1.shop.orders-api is kept by a deleted application, client ID " + appID + ", that cannot be had back",
		}},
		{"one without a creator is restored to be judged", object(), with(unknown(), buried(grave), func(w *World) {
			w.grave.Value.CreatedByAppID = ""
		}), []string{"restore application k8s.c1.shop.orders-api, client ID " + appID}},
		{"one that was restored and is not clean is deleted again", object(), with(byItsName(settled(object())), func(w *World) {
			w.found = restored
			w.evidence.owners = entra.Present([]string{operatorID, "eve"})
		}), []string{"delete application k8s.c1.shop.orders-api again, client ID " + appID + ": others have a hand in it"}},
		{"one that was restored and is clean gets its service principal back", object(), with(byItsName(settled(object())), func(w *World) {
			w.found, w.principal, w.principalGrave = restored, entra.Absent[entra.ServicePrincipal](), entra.Present(entra.ServicePrincipal{})
		}), []string{"restore service principal of client ID " + appID}},
		{"two that are not clean are a conflict", object(), with(unknown(), buried(dirtySecond), func(w *World) {
			w.spent = []entra.Application{dirty}
		}), []string{
			"refuse Conflict: the names k8s.c1.shop.orders-api and k8s.c1.shop.orders-api_0a1b2c3d are both held by deleted applications that cannot be restored: purge them in Entra's deleted items",
		}},
		{"the event of the next name gives both client IDs", object(), with(settled(object()), func(w *World) {
			w.found, w.principal, w.spent = made, entra.Observed[entra.ServicePrincipal]{}, []entra.Application{{AppID: "old", UniqueName: firstName}}
			w.application.Value.UniqueName = secondName
		}), []string{"create service principal: client ID " + appID + " takes the place of old"}},
		{"an intent for the second name is carried on", object(func(o *v1alpha1.AppRegistration) { o.Status.UniqueName = secondName }),
			unknown(), []string{"create application k8s.c1.shop.orders-api_0a1b2c3d"}},
	})
}

package approleassignment

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// another is a live object that gives roles like the story's, with changes.
func another(name string, changed ...func(*v1alpha1.AppRoleAssignment)) client.Object {
	_, obj, _ := changes{obj: wants("Write")}.apply()
	obj.Name, obj.UID = name, types.UID(name)
	recorded("Write")(obj)
	both(changed...)(obj)
	return obj
}

func TestClaims_Count(t *testing.T) {
	t.Parallel()
	lets := func(role string) client.Object {
		return registration("orders-api", "api", inOther(role), func(app *v1alpha1.AppRegistration) {
			app.Spec.AllowedConsumers[0].Namespaces.Names = []string{"market"}
		})
	}
	for name, test := range map[string]struct {
		other   func(*v1alpha1.AppRoleAssignment)
		objects []client.Object
		world   func(*World)
		forced  bool
		claims  bool
	}{
		"what another object gives counts": {claims: true},
		"what it gives under a new name does too": {
			other: func(a *v1alpha1.AppRoleAssignment) { a.Spec.Roles[0], a.Status.Roles[0].Value = "New", "New" }, claims: true,
		},
		"what it gives under another ID does not": {
			other: func(a *v1alpha1.AppRoleAssignment) { a.Status.Roles[0].ID = "write-2" },
		},
		"what its spec does not name any longer does not":   {other: wants("Read")},
		"what it was not let have, or not yet, does not":    {other: func(a *v1alpha1.AppRoleAssignment) { a.Status.Roles = nil }},
		"an object that has not been looked at does not":    {other: func(a *v1alpha1.AppRoleAssignment) { a.Status = v1alpha1.AppRoleAssignmentStatus{} }},
		"one that has ended does not":                       {other: until(today)},
		"one on another API does not":                       {other: billing},
		"what speaks against it speaks against a neighbour": {forced: true},
		"an object that leaves does not": {
			other: func(a *v1alpha1.AppRoleAssignment) {
				a.DeletionTimestamp, a.Finalizers = &metav1.Time{Time: time.Unix(1, 0)}, []string{v1alpha1.Finalizer}
			},
		},
		"one with another principal does not": {
			other: func(a *v1alpha1.AppRoleAssignment) { a.Status.PrincipalObjectID = "cron" },
		},
		"one of another namespace cannot name our application": {other: inMarket},
		"one of another namespace counts for whom both can name": {
			other: inMarket, world: free, claims: true,
		},
		"what speaks against it does not always speak against another namespace": {
			other: inMarket, objects: []client.Object{lets("Write")}, world: both(free, lettingUs()), forced: true, claims: true,
		},
		"it does where the API's owner lets that one have something else": {
			other: inMarket, objects: []client.Object{lets("Read")}, world: both(free, lettingUs()), forced: true,
		},
		"it does where a policy wants it taken away everywhere": {
			other: inMarket, objects: []client.Object{lets("Write")}, world: both(free, lettingUs(), denying(revoking)), forced: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, _ := reading(t, append(test.objects, another("orders-worker-reads"), another("other", test.other))...)
			_, obj, world := changes{obj: recorded("Write"), world: test.world}.apply()
			var err error
			if world.Claims, err = world.ReadClaims(t.Context(), kind.Cache, kind.Cache, client.ObjectKeyFromObject(obj)); err != nil {
				t.Fatal(err)
			}
			discount := kind.discount(obj, world, v1alpha1.NamedID{Value: "Write", ID: "write"}, test.forced, today)
			claimed := discount.Claimed(world.Claims, "write", today)
			if claimed != test.claims {
				t.Errorf("claimed is %t", claimed)
			}
		})
	}
}

// free is a principal that no AppRegistration describes.
func free(w *World) { w.Principal.App.Name = "" }

// inMarket is an object of another namespace that gives roles of an API of a third one.
func inMarket(a *v1alpha1.AppRoleAssignment) {
	a.Namespace = "market"
	ofOther(a)
}

func TestWatches_AnAppRegistrationWakesThoseThatNameIt(t *testing.T) {
	t.Parallel()
	naming := func(name string, ref v1alpha1.PrincipalReference) client.Object {
		return another(name, to(ref), billing)
	}
	kind, _ := reading(t,
		another("as-principal", billing),
		naming("by-app-id", v1alpha1.PrincipalReference{ServicePrincipal: &v1alpha1.ServicePrincipalReference{AppID: "worker-app"}}),
		naming("by-object-id", v1alpha1.PrincipalReference{ServicePrincipal: &v1alpha1.ServicePrincipalReference{ObjectID: "worker"}}),
		naming("a-group", v1alpha1.PrincipalReference{Group: &v1alpha1.DirectoryObjectReference{ObjectID: "worker"}}),
		another("as-api-from-other", to(v1alpha1.PrincipalReference{}), inMarket, func(a *v1alpha1.AppRoleAssignment) {
			a.Spec.API.AppRegistrationRef = &v1alpha1.AppRegistrationReference{Namespace: "shop", Name: "orders-worker"}
		}),
		another("as-api-by-app-id", to(v1alpha1.PrincipalReference{}), func(a *v1alpha1.AppRoleAssignment) {
			a.Spec.API = v1alpha1.APIReference{AppID: "worker-app"}
		}),
		another("not-at-all", to(v1alpha1.PrincipalReference{})))
	var woken []string
	for _, watch := range kind.Watches(nil) {
		if _, is := watch.Object.(*v1alpha1.AppRegistration); is {
			for _, request := range watch.Wakes(t.Context(), registration("orders-worker", "worker", applied)) {
				woken = append(woken, request.Name)
			}
		}
	}
	slices.Sort(woken)
	want := []string{"as-api-by-app-id", "as-api-from-other", "as-principal", "by-app-id", "by-object-id"}
	if diff := cmp.Diff(want, woken); diff != "" {
		t.Error(diff)
	}
}

func TestWatches_AnObjectWakesThoseThatShareWithIt(t *testing.T) {
	t.Parallel()
	kind, _ := reading(t, another("same"), another("changed"),
		another("other-api", billing))
	var woken []string
	for _, watch := range kind.Watches(nil) {
		if _, is := watch.Object.(*v1alpha1.AppRoleAssignment); is {
			for _, request := range watch.Wakes(t.Context(), another("changed")) {
				woken = append(woken, request.Name)
			}
		}
	}
	if diff := cmp.Diff([]string{"same"}, woken); diff != "" {
		t.Error(diff)
	}
}

func billing(a *v1alpha1.AppRoleAssignment) {
	a.Spec.API.AppRegistrationRef.Name, a.Status.APIObjectID = "billing", "billing"
}

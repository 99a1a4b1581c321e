package approleassignment

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// another is a live object that gives roles like the story's, with changes.
func another(name string, changed ...func(*v1alpha1.AppRoleAssignment)) client.Object {
	_, obj, _ := changes{obj: asks("Write")}.apply()
	obj.Name = name
	recorded("Write")(obj)
	both(changed...)(obj)
	return obj
}

func TestClaims(t *testing.T) {
	t.Parallel()
	written := v1alpha1.NamedID{Value: "Write", ID: "write"}
	for name, test := range map[string]struct {
		other   func(*v1alpha1.AppRoleAssignment)
		objects []client.Object
		want    []Claim
	}{
		"what another object has given counts": {want: claims(written)},
		"what its spec does not name any longer does not": {
			other: asks("Read"),
		},
		"what it was not let have does not": {
			other: func(a *v1alpha1.AppRoleAssignment) { a.Status.Roles = nil },
		},
		"what it asks for and has not been looked at counts by its value": {
			other: func(a *v1alpha1.AppRoleAssignment) {
				a.Generation = 1
				a.Status = v1alpha1.AppRoleAssignmentStatus{}
			},
			want: claims(v1alpha1.NamedID{Value: "Write"}),
		},
		"an object that leaves claims nothing": {
			other: func(a *v1alpha1.AppRoleAssignment) {
				a.DeletionTimestamp, a.Finalizers = &metav1.Time{Time: time.Unix(1, 0)}, []string{v1alpha1.Finalizer}
			},
		},
		"one that has ended claims nothing": {other: until(today)},
		"one on another API claims nothing": {other: billing},
		"one with another principal claims nothing": {
			other: func(a *v1alpha1.AppRoleAssignment) {
				a.Spec.Principal.AppRegistrationRef.Name, a.Status.PrincipalID = "cron", "cron"
			},
		},
		"access without a role counts too": {
			other: func(a *v1alpha1.AppRoleAssignment) {
				byDefault(a)
				a.Status.Roles = []v1alpha1.NamedID{{ID: entra.DefaultAccess}}
			},
			want: claims(v1alpha1.NamedID{ID: entra.DefaultAccess}),
		},
		"one of another namespace counts, for now": {
			other: inMarket, want: claims(written),
		},
		"one of another namespace that the API's owner lets is entitled": {
			other: inMarket, objects: []client.Object{registration("orders-api", "api", elsewhere("Write"), func(app *v1alpha1.AppRegistration) {
				app.Spec.AllowedConsumers[0].Namespaces.Names = []string{"market"}
			})},
			want: []Claim{{NamedID: written, Entitled: true}},
		},
		"one of another namespace that the API's owner lets have something else is not": {
			other: inMarket, objects: []client.Object{registration("orders-api", "api", elsewhere("Read"), func(app *v1alpha1.AppRegistration) {
				app.Spec.AllowedConsumers[0].Namespaces.Names = []string{"market"}
			})},
			want: claims(written),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, _ := reading(t, append(test.objects, another("orders-worker-reads"), another("other", test.other))...)
			_, obj, world := changes{world: docks()}.apply()
			got, err := kind.claims(t.Context(), kind.Cache, obj, world)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// inMarket is an object of another namespace that gives roles of an API of a third one.
func inMarket(a *v1alpha1.AppRoleAssignment) {
	a.Namespace = "market"
	ofDocks(a)
}

func TestAnotherNamespaceIsNotEntitledToWhatAPolicyRevokes(t *testing.T) {
	t.Parallel()
	kind, _ := reading(t, another("other", inMarket), registration("orders-api", "api", elsewhere("Write"), func(app *v1alpha1.AppRegistration) {
		app.Spec.AllowedConsumers[0].Namespaces.Names = []string{"market"}
	}))
	_, obj, world := changes{world: both(docks(), denying(revoking))}.apply()
	got, err := kind.claims(t.Context(), kind.Cache, obj, world)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Entitled {
		t.Errorf("claims are %v", got)
	}
}

func TestAnAppRegistrationWakesThoseThatNameIt(t *testing.T) {
	t.Parallel()
	naming := func(name string, ref v1alpha1.PrincipalReference) client.Object {
		return another(name, to(ref), billing)
	}
	kind, _ := reading(t,
		another("as-principal", billing),
		naming("by-app-id", v1alpha1.PrincipalReference{ServicePrincipal: &v1alpha1.ServicePrincipalReference{AppID: "worker-app"}}),
		naming("by-object-id", v1alpha1.PrincipalReference{ServicePrincipal: &v1alpha1.ServicePrincipalReference{ObjectID: "worker"}}),
		naming("a-group", v1alpha1.PrincipalReference{Group: &v1alpha1.DirectoryObjectReference{ObjectID: "worker"}}),
		another("as-api-from-elsewhere", to(v1alpha1.PrincipalReference{}), inMarket, func(a *v1alpha1.AppRoleAssignment) {
			a.Spec.API.AppRegistrationRef = &v1alpha1.AppRegistrationReference{Namespace: "shop", Name: "orders-worker"}
		}),
		another("as-api-by-app-id", to(v1alpha1.PrincipalReference{}), func(a *v1alpha1.AppRoleAssignment) {
			a.Spec.API = v1alpha1.APIReference{AppID: "worker-app"}
		}),
		another("not-at-all", to(v1alpha1.PrincipalReference{})))
	var woken []string
	for _, watch := range kind.Watches() {
		if _, is := watch.Object.(*v1alpha1.AppRegistration); is {
			for _, request := range watch.Wakes(t.Context(), registration("orders-worker", "worker", applied)) {
				woken = append(woken, request.Name)
			}
		}
	}
	slices.Sort(woken)
	want := []string{"as-api-by-app-id", "as-api-from-elsewhere", "as-principal", "by-app-id", "by-object-id"}
	if diff := cmp.Diff(want, woken); diff != "" {
		t.Error(diff)
	}
}

func TestAnObjectThatGivesLessWakesThoseThatShareWithIt(t *testing.T) {
	t.Parallel()
	kind, _ := reading(t, another("same"), another("changed"),
		another("other-api", billing))
	var woken []string
	for _, watch := range kind.Watches() {
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
	a.Spec.API.AppRegistrationRef.Name, a.Status.APIID = "billing", "billing"
}

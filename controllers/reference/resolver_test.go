package reference_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

const (
	ordersAppID   = "aaaaaaaa-0000-4000-8000-000000000001"
	ordersID      = "aaaaaaaa-0000-4000-8000-000000000002"
	strangerAppID = "bbbbbbbb-0000-4000-8000-000000000001"
)

// directory is an Entra that knows service principals by appId, and notes how fresh an answer must be.
type directory struct {
	entra.Reader
	apis  map[string]entra.ServicePrincipal
	asked []time.Duration
}

func (d *directory) APIByAppID(_ context.Context, appID string, fresh time.Duration) (entra.ServicePrincipal, error) {
	d.asked = append(d.asked, fresh)
	principal, known := d.apis[appID]
	if !known {
		return entra.ServicePrincipal{}, entra.ErrNotFound
	}
	return principal, nil
}

// orders is an API in namespace shop that Entra has.
func orders(change ...func(*v1alpha1.AppRegistration)) *v1alpha1.AppRegistration {
	app := &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders"}}
	app.Spec.DisplayName = "Orders"
	app.Spec.API = &v1alpha1.API{Scopes: []v1alpha1.Scope{{Value: "Orders.Read"}, {Value: "Orders.Write", Enabled: new(bool)}}}
	app.Spec.AppRoles = []v1alpha1.AppRole{
		{Value: "Orders.Read.All", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication}},
		{Value: "Orders.Use", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberUser}},
	}
	app.Status.AppID, app.Status.ServicePrincipalObjectID, app.Status.TenantName = ordersAppID, ordersID, "corp"
	app.Status.Scopes = []v1alpha1.NamedID{{Value: "Orders.Read", ID: "s1"}, {Value: "Orders.Write", ID: "s2"}}
	app.Status.AppRoles = []v1alpha1.NamedID{{Value: "Orders.Read.All", ID: "r1"}, {Value: "Orders.Use", ID: "r2"}, {Value: "Orders.Old", ID: "r3"}}
	for _, c := range change {
		c(app)
	}
	return app
}

func letting(selection v1alpha1.NamespaceSelection) func(*v1alpha1.AppRegistration) {
	return func(app *v1alpha1.AppRegistration) {
		app.Spec.AllowedConsumers = []v1alpha1.AllowedConsumer{{
			Namespaces: selection, AppRoles: []string{"Orders.Read.All"}, Scopes: []string{"Orders.Read"},
		}}
	}
}

func resolver(t *testing.T, objs ...client.Object) reference.Resolver {
	t.Helper()
	scheme := enginetest.Scheme(t)
	return reference.Resolver{Cache: fake.NewClientBuilder().WithScheme(scheme).WithObjects(objs...).Build()}
}

func asking(namespace string) binding.Binding {
	return binding.Binding{
		Tenant:    binding.Tenant{Name: "corp", ID: "t", ClusterUIDs: []string{"c"}, Operator: entra.OperatorIDs{"operator"}},
		Namespace: binding.Namespace{Name: namespace, Labels: map[string]string{"team": namespace}},
	}
}

func ordersOf(namespace string) v1alpha1.APIReference {
	return v1alpha1.APIReference{AppRegistrationRef: &v1alpha1.AppRegistrationReference{Namespace: namespace, Name: "orders"}}
}

func TestAPI_SameByNameAndByApplicationID(t *testing.T) {
	t.Parallel()
	r, entraKnows := resolver(t, orders()), &directory{}
	named, err := r.API(t.Context(), entraKnows, asking("shop"), ordersOf(""), reference.Wanted{}, "")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := r.API(t.Context(), entraKnows, asking("shop"), v1alpha1.APIReference{AppID: ordersAppID}, reference.Wanted{}, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(named, raw); diff != "" {
		t.Error(diff)
	}
	want := reference.API{
		Title: `AppRegistration "orders"`, AppID: ordersAppID, ObjectID: ordersID, DisplayName: "Orders", TenantName: "corp",
		Managed: &types.NamespacedName{Namespace: "shop", Name: "orders"}, Own: true,
		Scopes: []reference.Permission{{Value: "Orders.Read", ID: "s1", Enabled: true}, {Value: "Orders.Write", ID: "s2"}},
		AppRoles: []reference.Permission{
			{Value: "Orders.Read.All", ID: "r1", Enabled: true, Applications: true},
			{Value: "Orders.Use", ID: "r2", Enabled: true, Users: true}, {Value: "Orders.Old", ID: "r3"},
		},
	}
	if diff := cmp.Diff(want, named); diff != "" {
		t.Error(diff)
	}
	if len(entraKnows.asked) > 0 {
		t.Error("Entra was asked about an API that the cluster describes")
	}
}

func TestAPI_OtherNamespaceSeesOnlyWhatItMayUse(t *testing.T) {
	t.Parallel()
	billing := v1alpha1.NamespaceSelection{Names: []string{"billing"}}
	labelled := v1alpha1.NamespaceSelection{Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"team": "billing"}}}
	empty := v1alpha1.NamespaceSelection{Selector: &metav1.LabelSelector{}}
	for name, row := range map[string]struct {
		apps []client.Object
		lets bool
	}{
		"let by name":                 {[]client.Object{orders(letting(billing))}, true},
		"let by label":                {[]client.Object{orders(letting(labelled))}, true},
		"let like everybody":          {[]client.Object{orders(letting(v1alpha1.NamespaceSelection{All: true}))}, true},
		"let are others":              {[]client.Object{orders(letting(v1alpha1.NamespaceSelection{Names: []string{"yard"}}))}, false},
		"an empty selector lets none": {[]client.Object{orders(letting(empty))}, false},
		"nobody is let":               {[]client.Object{orders()}, false},
		"there is no such API":        {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := resolver(t, row.apps...)
			named, byName := r.API(t.Context(), &directory{}, asking("billing"), ordersOf("shop"), reference.Wanted{}, "")
			_, byID := r.API(t.Context(), &directory{}, asking("billing"), v1alpha1.APIReference{AppID: ordersAppID}, reference.Wanted{}, "")
			if row.lets {
				if byName != nil || byID != nil {
					t.Fatalf("by name: %v; by ID: %v", byName, byID)
				}
				seesWhatItMay(t, named)
				return
			}
			if hidden := waits(t, byName); len(row.apps) > 0 && waits(t, byID) != hidden {
				t.Errorf("by name: %s\nby ID: %v", hidden, byID)
			}
		})
	}
}

func seesWhatItMay(t *testing.T, api reference.API) {
	t.Helper()
	if len(api.Scopes) != 1 || len(api.AppRoles) != 1 || api.Own {
		t.Errorf("sees %+v", api)
	}
	want := []bool{true, false, false, true, false}
	if diff := cmp.Diff(want, []bool{
		api.LetsAppRole("Orders.Read.All", v1alpha1.PrincipalAppRegistration), api.LetsAppRole("Orders.Read.All", v1alpha1.PrincipalGroup),
		api.LetsAppRole("Orders.Use", v1alpha1.PrincipalAppRegistration), api.LetsScope("Orders.Read"), api.LetsScope("Orders.Write"),
	}); diff != "" {
		t.Error(diff)
	}
}

// waits fails where err is no Wait, and gives what is waited for.
func waits(t *testing.T, err error) string {
	t.Helper()
	wait, is := errors.AsType[engine.Wait](err)
	if !is {
		t.Fatalf("%v is no Wait", err)
	}
	return wait.What
}

func TestAPI_NotLetAndMissingAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	_, hidden := resolver(t, orders()).API(t.Context(), &directory{}, asking("billing"), ordersOf("shop"), reference.Wanted{}, "")
	_, missing := resolver(t).API(t.Context(), &directory{}, asking("billing"), ordersOf("shop"), reference.Wanted{}, "")
	if waits(t, hidden) != waits(t, missing) {
		t.Errorf("hidden: %v\nmissing: %v", hidden, missing)
	}
}

func TestAPI_SaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	incomplete := func(app *v1alpha1.AppRegistration) { app.Status.ServicePrincipalObjectID = "" }
	beingDeleted := func(app *v1alpha1.AppRegistration) {
		app.DeletionTimestamp, app.Finalizers = &metav1.Time{Time: time.Unix(1, 0)}, []string{v1alpha1.Finalizer}
	}
	for name, row := range map[string]struct {
		apps    []client.Object
		ref     v1alpha1.APIReference
		bound   string
		want    string
		watched bool
	}{
		"an API that is not there":        {nil, ordersOf(""), "", `AppRegistration "orders" does not exist`, true},
		"an API that is being made":       {[]client.Object{orders(incomplete)}, ordersOf(""), "", `AppRegistration "orders" has no service principal yet`, true},
		"an API that is being deleted":    {[]client.Object{orders(beingDeleted)}, ordersOf(""), "", "is being deleted", true},
		"the same, which is bound to it":  {[]client.Object{orders(beingDeleted)}, ordersOf(""), ordersID, "", false},
		"an API that Entra does not know": {nil, v1alpha1.APIReference{AppID: strangerAppID}, "", "az ad sp create --id " + strangerAppID, false},
		"a well-known one that Entra does not know": {nil, v1alpha1.APIReference{WellKnown: v1alpha1.SharePoint}, "",
			"API SharePoint has no service principal in the tenant", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := resolver(t, row.apps...).API(t.Context(), &directory{}, asking("shop"), row.ref, reference.Wanted{}, row.bound)
			if row.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wait, _ := errors.AsType[engine.Wait](err)
			if !strings.Contains(waits(t, err), row.want) || wait.Watched != row.watched {
				t.Errorf("waits for %+v, want %q", wait, row.want)
			}
		})
	}
}

func TestAPI_EntraIsAskedAgainOnlyForAMissingValue(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		wanted reference.Wanted
		want   []time.Duration
	}{
		"all is known":      {reference.Wanted{Scopes: []string{"User.Read"}, AppRoles: []string{"User.Read.All"}}, []time.Duration{0}},
		"a scope is not":    {reference.Wanted{Scopes: []string{"User.Raed"}}, []time.Duration{0, time.Minute}},
		"an app role isn't": {reference.Wanted{AppRoles: []string{"User.Read"}}, []time.Duration{0, time.Minute}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entraKnows := &directory{apis: map[string]entra.ServicePrincipal{entra.WellKnown("MicrosoftGraph"): {
				ObjectID: "graph", DisplayName: "Microsoft Graph", Scopes: []entra.Scope{{Value: "User.Read", ID: "1", Enabled: true}},
				AppRoles: []entra.AppRole{{Value: "User.Read.All", ID: "2", Enabled: true, AllowedMemberTypes: []string{"Application"}}},
			}}}
			ref := v1alpha1.APIReference{WellKnown: v1alpha1.MicrosoftGraph}
			api, err := resolver(t).API(t.Context(), entraKnows, asking("shop"), ref, row.wanted, "")
			if err != nil || api.ObjectID != "graph" || api.Managed != nil {
				t.Errorf("%+v, %v", api, err)
			}
			if diff := cmp.Diff(row.want, entraKnows.asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

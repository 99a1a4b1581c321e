package delegatedpermissiongrant

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/entra/entratest"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

// reading is the story's kind in a cluster with these objects, and the tenant that it reads.
func reading(objects ...client.Object) (*Kind, *entratest.Directory) {
	kind, _, world := changes{world: holding("Read")}.apply()
	web, api := world.ObservedClient.Value, entra.Client{ServicePrincipal: world.ObservedAPI.Value}
	here := binding.ClusterUIDHash("cluster")
	web.Tags, api.Tags = tags("shop/orders-web", here), tags("shop/orders-api", here)
	graph := entra.Client{ServicePrincipal: entra.ServicePrincipal{
		ObjectID: "graph", AppID: graphAppID, DisplayName: "Microsoft Graph", Scopes: []entra.Scope{{ID: "1", Value: "openid", Enabled: true}},
	}}
	d := &entratest.Directory{
		TenantID: "tenant-id", Operator: entra.ServicePrincipal{AppID: "operator-app", ObjectID: "operator"},
		Principals: []entra.Client{web, api, graph}, Consents: world.Grants.Value,
	}
	kube := newCluster(objects...)
	kind.Binder, kind.Cache = binding.Binder{Cache: kube, Live: kube, Tenants: d}, kube
	return kind, d
}

func registration(name, id string, change ...func(*v1alpha1.AppRegistration)) *v1alpha1.AppRegistration {
	app := &v1alpha1.AppRegistration{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name},
		Spec: v1alpha1.AppRegistrationSpec{
			DisplayName: "The " + name, API: &v1alpha1.API{Scopes: []v1alpha1.Scope{{Value: "Read"}, {Value: "Write"}, {Value: "Admin"}}},
		},
		Status: v1alpha1.AppRegistrationStatus{
			TenantBinding: v1alpha1.TenantBinding{TenantName: "corp", TenantID: "tenant-id"}, ServicePrincipalObjectID: id, AppID: id + "-app",
			Scopes: []v1alpha1.NamedID{{Value: "Read", ID: "read"}, {Value: "Write", ID: "write"}, {Value: "Admin", ID: "admin"}},
		},
	}
	both(change...)(app)
	return app
}

func going(app *v1alpha1.AppRegistration) {
	app.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
}

func ofBilling(consumers ...v1alpha1.AllowedConsumer) func(*v1alpha1.AppRegistration) {
	return func(app *v1alpha1.AppRegistration) { app.Namespace, app.Spec.AllowedConsumers = "billing", consumers }
}

func ofBillings(g *grant) { g.Spec.API.AppRegistrationRef.Namespace = "billing" }

func raw(appID string) func(*grant) {
	return func(g *grant) { g.Spec.API = v1alpha1.APIReference{AppID: v1alpha1.GUID(appID)} }
}

func TestRead_AsksForNoMoreThanNeeded(t *testing.T) {
	t.Parallel()
	web, api := registration("orders-web", "web"), registration("orders-api", "api")
	inSync, changing := []string{"read grants of web"}, []string{"read grants of web", "read client web", "read API api"}
	letting := v1alpha1.AllowedConsumer{Namespaces: v1alpha1.NamespaceSelection{All: true}, Scopes: []string{"Read"}}
	const notLet = `AppRegistration "billing/orders-api" does not exist, or its allowedConsumers does not let namespace "shop" use what is asked for`
	for name, test := range map[string]struct {
		objects []client.Object
		kind    func(*Kind)
		obj     func(*grant)
		wait    string
		missing string
		calls   []string
	}{
		"in sync costs one request":           {objects: []client.Object{web, api}, obj: recorded("Read"), calls: inSync},
		"the first look confirms both sides":  {objects: []client.Object{web, api}, calls: changing},
		"so does one that will give":          {objects: []client.Object{web, api}, obj: both(wants("Write"), recorded()), calls: changing},
		"so does one that will take":          {objects: []client.Object{web, api}, obj: both(wants("Write"), recorded("Read")), calls: changing},
		"so does notAfter, once it is there":  {objects: []client.Object{web, api}, obj: both(recorded("Read"), until(0)), calls: changing},
		"and not before":                      {objects: []client.Object{web, api}, obj: both(recorded("Read"), until(time.Second)), calls: inSync},
		"what is only reported is not looked": {objects: []client.Object{web, api}, obj: both(wants("Write"), recorded("Write"), repairing("Report")), calls: inSync},
		"switched off, nothing is read":       {objects: []client.Object{web, api}, kind: func(k *Kind) { k.Enabled = false }},
		"switched off, nothing is waited for": {kind: func(k *Kind) { k.Enabled = false }},
		"a client that does not exist is waited for": {
			objects: []client.Object{api}, wait: `AppRegistration "orders-web" does not exist`,
		},
		"a client without a service principal is waited for": {
			objects: []client.Object{registration("orders-web", ""), api}, wait: `AppRegistration "orders-web" has no service principal yet`,
		},
		"an API that does not exist is waited for": {objects: []client.Object{web}, wait: `AppRegistration "orders-api" does not exist`},
		"an API that is being deleted takes no new object": {
			objects: []client.Object{web, registration("orders-api", "api", going)}, wait: `AppRegistration "orders-api" is being deleted: nothing new is bound to it`,
		},
		"and keeps what is bound to it": {
			objects: []client.Object{web, registration("orders-api", "api", going)}, obj: recorded("Read"), calls: inSync,
		},
		"an API that is gone leaves what was consented to": {
			objects: []client.Object{web}, obj: recorded("Read"), missing: `AppRegistration "orders-api" does not exist`, calls: inSync,
		},
		"an API of another namespace whose owner lets us": {
			objects: []client.Object{web, registration("orders-api", "api", ofBilling(letting))}, obj: ofBillings, calls: changing,
		},
		"an API of another namespace that does not exist": {objects: []client.Object{web}, obj: ofBillings, wait: notLet},
		"and one whose owner does not let us read alike": {
			objects: []client.Object{web, registration("orders-api", "api", ofBilling())}, obj: ofBillings, wait: notLet,
		},
		"and so does its raw appId": {
			objects: []client.Object{web, registration("orders-api", "api", ofBilling())}, obj: raw("api-app"), wait: notLet,
		},
		"what the owner takes back is looked at, to be taken away": {
			objects: []client.Object{web, registration("orders-api", "api", ofBilling())}, obj: both(recorded("Read"), ofBillings),
			missing: notLet, calls: changing[:2],
		},
		"an API of Microsoft is read from what all share, and again where it lacks something": {
			objects: []client.Object{web}, obj: func(g *grant) { g.Spec.API = v1alpha1.APIReference{WellKnown: "MicrosoftGraph"} },
			calls: []string{
				"read API of application " + graphAppID + ", 0s old", "read API of application " + graphAppID + ", 1m0s old", "read grants of web", "read client web",
			},
		},
		"a deletion asks by its own status, without AppRegistrations": {obj: deleting("Read"), calls: changing[:2]},
		"a deletion needs no switch": {
			kind: func(k *Kind) { k.Enabled = false }, obj: deleting("Read"), calls: changing[:2],
		},
		"a deletion of what was never bound asks for nothing": {
			obj: both(deleting(), func(g *grant) { g.Status = v1alpha1.DelegatedPermissionGrantStatus{} }),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, d := reading(test.objects...)
			apply(kind, test.kind)
			_, obj, _ := changes{obj: test.obj}.apply()
			world, err := readAll(t, kind, obj, d)
			wait, _ := errors.AsType[engine.Wait](err)
			if wait.What != test.wait || err != nil && test.wait == "" {
				t.Errorf("error %v, want the wait %q", err, test.wait)
			}
			if world.Missing == nil {
				world.Missing = &engine.Wait{}
			}
			if world.Missing.What != test.missing {
				t.Errorf("missing %q, want %q", world.Missing.What, test.missing)
			}
			if diff := cmp.Diff(test.calls, d.Calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// another is a live object that names Write in the story's grant, with changes.
func another(name string, change ...func(*grant)) *grant {
	_, obj, _ := changes{obj: both(wants("Write"), recorded("Write"))}.apply()
	obj.Name, obj.UID = name, types.UID(name)
	both(change...)(obj)
	return obj
}

func TestClaims_OnlyOfLiveObjectsOnTheSameGrant(t *testing.T) {
	t.Parallel()
	soon := &metav1.Time{Time: today.Add(time.Hour)}
	kind, _ := reading(
		another("same"), another("web-reads"), another("soon", until(time.Hour)),
		another("leaves", deleting("Write")),
		another("other-api", func(g *grant) { g.Status.APIObjectID = "billing" }),
		another("other-user", func(g *grant) { g.Status.UserObjectID = "ann" }),
		another("other-namespace", func(g *grant) { g.Namespace = "payments" }),
		another("denied", func(g *grant) { g.Status.Scopes = nil }),
	)
	_, obj, world := changes{}.apply()
	got, err := world.ReadClaims(t.Context(), kind.Cache, kind.Cache, client.ObjectKeyFromObject(obj))
	if err != nil {
		t.Fatal(err)
	}
	want := []permission.Claim{
		{UID: "same", IDs: []string{"Write"}}, {UID: "soon", IDs: []string{"Write"}, NotAfter: soon}, {UID: "denied", IDs: []string{}},
	}
	for i := range want {
		want[i].Namespace = world.Namespace
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWatches_AnObjectWakesThoseThatShareWithIt(t *testing.T) {
	t.Parallel()
	kind, _ := reading(another("same"), another("changed"), another("other", func(g *grant) { g.Status.APIObjectID = "billing" }))
	var woken []string
	for _, watch := range kind.Watches(nil) {
		switch watch.Object.(type) {
		case *grant:
			for _, request := range watch.Wakes(t.Context(), another("changed")) {
				woken = append(woken, "by a grant: "+request.Name)
			}
		case *v1alpha1.AppRegistration:
			for _, app := range []*v1alpha1.AppRegistration{registration("orders-web", "web"), registration("orders-api", "api"), registration("till", "till")} {
				for _, request := range watch.Wakes(t.Context(), app) {
					woken = append(woken, "by "+app.Name+": "+request.Name)
				}
			}
		}
	}
	want := []string{
		"by orders-web: same", "by orders-web: changed", "by orders-web: other",
		"by orders-api: same", "by orders-api: changed", "by orders-api: other", "by a grant: same",
	}
	if diff := cmp.Diff(want, woken); diff != "" {
		t.Error(diff)
	}
}

// readAll reads, and makes the reads that the first decision asks for.
func readAll(t *testing.T, kind *Kind, obj *grant, d *entratest.Directory) (World, error) {
	t.Helper()
	world, err := kind.Read(t.Context(), obj)
	if err != nil {
		return world, err
	}
	for _, read := range enginetest.Decide(t, kind, obj, world, today).Reads {
		if err := read.Do(t.Context(), engine.Clients{Directory: d}, &world); err != nil {
			t.Error(err)
		}
	}
	return world, nil
}

package approleassignment

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/entra/entratest"
)

func reading(t *testing.T, objects ...client.Object) (*Kind, *entratest.Directory) {
	t.Helper()
	scheme := enginetest.Scheme(t)
	tenant := &v1alpha1.EntraTenant{
		ObjectMeta: metav1.ObjectMeta{Name: "corp", UID: "tenant"},
		Spec:       v1alpha1.EntraTenantSpec{TenantID: "tenant-id", Default: true, Namespaces: &v1alpha1.NamespaceSelection{All: true}},
		Status:     v1alpha1.EntraTenantStatus{TenantID: "tenant-id", ClusterID: "c1"},
	}
	kube := fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).WithObjects(
		tenant,
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop"}}, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "market"}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "kube-system", UID: "cluster"}},
	).Build()
	kind, _, world := changes{}.apply()
	worker, api := world.ObservedPrincipal.Value, entra.Client{ServicePrincipal: world.ObservedAPI.Value}
	worker.Tags, api.Tags = tags("shop/orders-worker", here), tags("shop/orders-api", here)
	graph := entra.Client{ServicePrincipal: entra.ServicePrincipal{
		ObjectID: "api", AppID: graphID, AppRoles: []entra.AppRole{{ID: "read", Value: "Read", Enabled: true, AllowedMemberTypes: []string{"Application"}}},
	}}
	d := &entratest.Directory{
		TenantID: "tenant-id", Operator: entra.ServicePrincipal{AppID: "operator-app", ObjectID: "operator"},
		Principals: []entra.Client{worker, api, graph},
	}
	kind.Binder, kind.Cache = binding.Binder{Cache: kube, Live: kube, Tenants: d}, kube
	return kind, d
}

// here is the mark of the cluster in reading.
var here = binding.ClusterUIDHash("cluster")

func registration(name, id string, more ...func(*v1alpha1.AppRegistration)) client.Object {
	app := &v1alpha1.AppRegistration{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name},
		Spec: v1alpha1.AppRegistrationSpec{AppRoles: []v1alpha1.AppRole{
			{Value: "Read", AllowedMemberTypes: []v1alpha1.MemberType{v1alpha1.MemberApplication, v1alpha1.MemberUser}},
		}},
		Status: v1alpha1.AppRegistrationStatus{
			TenantBinding: v1alpha1.TenantBinding{TenantName: "corp", TenantID: "tenant-id"}, ServicePrincipalObjectID: id,
			AppRoles: []v1alpha1.NamedID{{Value: "Read", ID: "read"}},
		},
	}
	both(more...)(app)
	return app
}

func going(app *v1alpha1.AppRegistration) {
	app.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
	app.Finalizers = []string{v1alpha1.Finalizer}
}

func TestRead_AsksForNoMoreThanNeeded(t *testing.T) {
	t.Parallel()
	worker, api := registration("orders-worker", "worker"), registration("orders-api", "api")
	oneRead, twoReads := []string{"read client worker"}, []string{"read client worker", "read API api"}
	for name, test := range map[string]struct {
		objects []client.Object
		kind    func(*Kind)
		obj     func(*v1alpha1.AppRoleAssignment)
		shown   func(*entra.Client)
		given   []string
		wait    string
		missing string
		calls   []string
	}{
		"two usable AppRegistrations cost two reads where something is to change": {
			objects: []client.Object{worker, api}, calls: twoReads,
		},
		"in sync they cost one": {
			objects: []client.Object{worker, api}, obj: recorded("Read"), given: []string{"read"}, calls: oneRead,
		},
		"what exists is confirmed before it is told": {
			objects: []client.Object{worker, api}, given: []string{"read"}, calls: twoReads,
		},
		"an API of Microsoft's costs what its cache does": {
			objects: []client.Object{worker}, obj: both(ofGraph, recorded("Read")), given: []string{"read"},
			calls: []string{"read API of application " + graphID + ", 0s old", "read client worker"},
		},
		"a managed identity is read by its client ID": {
			objects: []client.Object{api}, obj: identity, shown: func(c *entra.Client) { c.Type = "ManagedIdentity" },
			calls: []string{"read client of application worker-app", "read API api"},
		},
		"a service principal is read by its object ID": {
			objects: []client.Object{api}, obj: service, calls: twoReads,
		},
		"a group is read with what it has of the API": {
			objects: []client.Object{api}, obj: group, calls: []string{"read Group worker at api", "read API api"},
		},
		"a user is read with what they have of the API": {
			objects: []client.Object{api}, obj: user, calls: []string{"read User worker at api", "read API api"},
		},
		"switched off, nothing is read": {
			objects: []client.Object{worker, api}, kind: func(k *Kind) { k.Enabled = false },
		},
		"an API that does not exist is waited for without a read": {
			objects: []client.Object{worker}, wait: `AppRegistration "orders-api" does not exist`,
		},
		"a principal without a service principal is waited for without a read": {
			objects: []client.Object{registration("orders-worker", ""), api},
			wait:    `AppRegistration "orders-worker" has no service principal yet`,
		},
		"where both are missing, both are told": {
			wait: `AppRegistration "orders-worker" does not exist; AppRegistration "orders-api" does not exist`,
		},
		"a principal that is being deleted takes no new object": {
			objects: []client.Object{registration("orders-worker", "worker", going), api},
			wait:    `AppRegistration "orders-worker" is being deleted: nothing new is bound to it`,
		},
		"a principal that is being deleted keeps what is bound to it": {
			objects: []client.Object{registration("orders-worker", "worker", going), api},
			obj:     recorded("Read"), given: []string{"read"}, calls: oneRead,
		},
		"an API of another namespace that lets us have nothing does not exist": {
			objects: []client.Object{worker, registration("orders-api", "api", inOther())}, obj: ofOther,
			wait: `AppRegistration "other/orders-api" does not exist, or its allowedConsumers does not let namespace "shop" use what is asked for`,
		},
		"where it lets us no longer, what was given is looked at to be taken away": {
			objects: []client.Object{worker, registration("orders-api", "api", inOther())},
			obj:     both(ofOther, recorded("Read")), given: []string{"read"}, calls: twoReads,
			missing: `AppRegistration "other/orders-api" does not exist, or its allowedConsumers does not let namespace "shop" use what is asked for`,
		},
		"where nothing was given, nothing is looked at": {
			objects: []client.Object{worker}, obj: both(ofOther, recorded()),
			missing: `AppRegistration "other/orders-api" does not exist, or its allowedConsumers does not let namespace "shop" use what is asked for`,
		},
		"an API of another namespace that lets us is looked at like our own": {
			objects: []client.Object{worker, registration("orders-api", "api", inOther("Read"))}, obj: ofOther, calls: twoReads,
		},
		"where the principal's AppRegistration is gone, what was given is looked at": {
			objects: []client.Object{api}, obj: recorded("Read"), given: []string{"read"}, calls: oneRead,
			missing: `AppRegistration "orders-worker" does not exist`,
		},
		"a deletion asks by its own status, without AppRegistrations": {
			obj: deleting("Read"), calls: twoReads,
		},
		"a deletion asks for users by their own ID": {
			obj: both(user, deleting("Read")), calls: []string{"read User worker at api", "read API api"},
		},
		"a deletion asks with the switch off too": {
			kind: func(k *Kind) { k.Enabled = false }, obj: deleting("Read"), calls: twoReads,
		},
		"a deletion of what was never bound asks for nothing": {
			obj: func(a *v1alpha1.AppRoleAssignment) {
				deleting()(a)
				a.Status = v1alpha1.AppRoleAssignmentStatus{}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, d := reading(t, test.objects...)
			both(test.kind)(kind)
			_, obj, world := changes{obj: test.obj, world: given(test.given...)}.apply()
			worker := d.Principal("worker")
			worker.Assignments = world.ObservedPrincipal.Value.Assignments
			both(test.shown)(worker)
			got, err := readAll(t, kind, obj, d)
			if wait, _ := errors.AsType[engine.Wait](err); wait.What != test.wait || err != nil && test.wait == "" {
				t.Errorf("error %v, want the wait %q", err, test.wait)
			}
			if missing := got.Missing; missing != nil && missing.What != test.missing || missing == nil && test.missing != "" {
				t.Errorf("missing is %v, want %q", missing, test.missing)
			}
			if diff := cmp.Diff(test.calls, d.Calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const graphID = "00000003-0000-0000-c000-000000000000"

func ofGraph(a *v1alpha1.AppRoleAssignment) {
	a.Spec.API = v1alpha1.APIReference{WellKnown: v1alpha1.MicrosoftGraph}
}

func ofOther(a *v1alpha1.AppRoleAssignment) {
	a.Spec.API.AppRegistrationRef = &v1alpha1.AppRegistrationReference{Namespace: "other", Name: "orders-api"}
}

// inOther puts an AppRegistration into another namespace, and lets ours have these roles.
func inOther(roles ...string) func(*v1alpha1.AppRegistration) {
	return func(app *v1alpha1.AppRegistration) {
		app.Namespace = "other"
		if len(roles) > 0 {
			app.Spec.AllowedConsumers = []v1alpha1.AllowedConsumer{{
				Namespaces: v1alpha1.NamespaceSelection{Names: []string{"shop"}}, AppRoles: roles,
			}}
		}
	}
}

func TestRead_RecognisesThePrincipal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		objects []client.Object
		seen    func(*entra.Client)
		kind    v1alpha1.PrincipalKind
		others  bool
	}{
		"one that nobody describes is a service principal": {
			seen: func(c *entra.Client) { c.Tags = nil }, kind: v1alpha1.PrincipalServicePrincipal,
		},
		"one that an AppRegistration of this namespace describes is that": {
			objects: []client.Object{registration("orders-worker", "worker", applied)}, kind: v1alpha1.PrincipalAppRegistration,
		},
		"tags alone make no AppRegistration's of it": {kind: v1alpha1.PrincipalServicePrincipal},
		"a status alone makes none either": {
			objects: []client.Object{registration("orders-worker", "worker", applied)},
			seen:    func(c *entra.Client) { c.Tags = nil }, kind: v1alpha1.PrincipalServicePrincipal,
		},
		"one that an AppRegistration of another namespace describes is that one's": {
			objects: []client.Object{registration("orders-worker", "worker", applied, inOther())},
			seen:    func(c *entra.Client) { c.Tags = nil },
			kind:    v1alpha1.PrincipalServicePrincipal, others: true,
		},
		"tags of another namespace are enough": {
			seen: func(c *entra.Client) { c.Tags = tags("other/till", here) },
			kind: v1alpha1.PrincipalServicePrincipal, others: true,
		},
		"tags of another cluster are not": {
			seen: func(c *entra.Client) { c.Tags = tags("other/till", "ffffffffffffffff") }, kind: v1alpha1.PrincipalServicePrincipal,
		},
		"a managed identity is one": {
			seen: func(c *entra.Client) { c.Type, c.Tags = "ManagedIdentity", nil }, kind: v1alpha1.PrincipalManagedIdentity,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, d := reading(t, append(test.objects, registration("orders-api", "api"))...)
			both(test.seen)(d.Principal("worker"))
			_, obj, _ := changes{obj: service}.apply()
			world, err := kind.Read(t.Context(), obj)
			if err != nil {
				t.Fatal(err)
			}
			if got := world.Principal; got.Kind != test.kind || got.OtherNamespace != test.others {
				t.Errorf("it is of kind %s, of another namespace %t", got.Kind, got.OtherNamespace)
			}
		})
	}
}

func applied(app *v1alpha1.AppRegistration) { app.Status.AppID = "worker-app" }

// readAll reads, and makes the reads that the first decision asks for.
func readAll(t *testing.T, kind *Kind, obj *v1alpha1.AppRoleAssignment, d *entratest.Directory) (World, error) {
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

package approleassignment

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

func reading(t *testing.T, objects ...client.Object) (*Kind, *directory) {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	tenant := &v1alpha1.EntraTenant{
		ObjectMeta: metav1.ObjectMeta{Name: "corp", UID: "tenant"},
		Spec:       v1alpha1.EntraTenantSpec{TenantID: "tenant-id", Namespaces: &v1alpha1.NamespaceSelection{All: true}},
		Status:     v1alpha1.EntraTenantStatus{TenantID: "tenant-id", ClusterID: "c1"},
	}
	kube := fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).WithObjects(
		tenant,
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop"}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "kube-system", UID: "cluster"}},
	).Build()
	kind, _, world := changes{}.apply()
	d := &directory{client: world.Client.Value, api: world.Resource.Value}
	kind.Binder, kind.Cache = engine.Binder{Cache: kube, Live: kube, Tenants: d}, kube
	return kind, d
}

func registration(name, id string, more ...func(*v1alpha1.AppRegistration)) client.Object {
	app := &v1alpha1.AppRegistration{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name},
		Status: v1alpha1.AppRegistrationStatus{
			TenantBinding: v1alpha1.TenantBinding{TenantName: "corp", TenantID: "tenant-id"}, ServicePrincipalObjectID: id,
		},
	}
	both(more...)(app)
	return app
}

func deleting(app *v1alpha1.AppRegistration) {
	app.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
	app.Finalizers = []string{v1alpha1.Finalizer}
}

func TestRead(t *testing.T) {
	t.Parallel()
	worker, api := registration("orders-worker", "worker"), registration("orders-api", "api")
	twoReads := []string{"read client worker", "read API api"}
	for name, test := range map[string]struct {
		objects []client.Object
		kind    func(*Kind)
		obj     func(*v1alpha1.AppRoleAssignment)
		errs    map[string]error
		wait    string
		calls   []string
	}{
		"two usable AppRegistrations cost two reads": {
			objects: []client.Object{worker, api}, calls: twoReads,
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
		"a principal that is being deleted takes no new object": {
			objects: []client.Object{registration("orders-worker", "worker", deleting), api},
			wait:    `AppRegistration "orders-worker" is being deleted: nothing new is bound to it`,
		},
		"a principal that is being deleted keeps what is bound to it": {
			objects: []client.Object{registration("orders-worker", "worker", deleting), api},
			obj:     recorded("Read"), calls: []string{"read client worker"},
		},
		"a farewell asks by its own status, without AppRegistrations": {
			obj: leaving("Read"), calls: twoReads,
		},
		"a farewell asks with the switch off too": {
			kind: func(k *Kind) { k.Enabled = false }, obj: leaving("Read"), calls: twoReads,
		},
		"a farewell of what was never bound asks for nothing": {
			obj: func(a *v1alpha1.AppRoleAssignment) {
				leaving()(a)
				a.Status = v1alpha1.AppRoleAssignmentStatus{}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, d := reading(t, test.objects...)
			if test.kind != nil {
				test.kind(kind)
			}
			_, obj, _ := changes{obj: test.obj}.apply()
			_, err := kind.Read(t.Context(), obj)
			var wait engine.Wait
			if errors.As(err, &wait); wait.What != test.wait || err != nil && test.wait == "" {
				t.Errorf("error %v, want the wait %q", err, test.wait)
			}
			if diff := cmp.Diff(test.calls, d.calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// another is a live object that gives roles like the story's, with changes.
func another(name string, changed ...func(*v1alpha1.AppRoleAssignment)) client.Object {
	_, obj, _ := changes{obj: asks("Write")}.apply()
	obj.Name = name
	recorded("Write")(obj)
	both(changed...)(obj)
	return obj
}

func TestOnlyLiveObjectsOnTheSameApplicationsShare(t *testing.T) {
	t.Parallel()
	kind, _ := reading(
		t, another("same"), another("orders-worker-reads"),
		another("leaves", func(a *v1alpha1.AppRoleAssignment) {
			a.DeletionTimestamp, a.Finalizers = &metav1.Time{Time: time.Unix(1, 0)}, []string{v1alpha1.Finalizer}
		}),
		another("other-api", billing),
		another("other-principal", func(a *v1alpha1.AppRoleAssignment) {
			a.Spec.Principal.AppRegistrationRef.Name, a.Status.PrincipalID = "cron", "cron"
		}),
		another("other-namespace", func(a *v1alpha1.AppRoleAssignment) { a.Namespace, a.Status.PrincipalID = "payments", "cron" }),
	)
	_, obj, world := changes{}.apply()
	got, err := kind.claims(t.Context(), nil, obj, world)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(claims(v1alpha1.NamedID{Value: "Write", ID: "write"}), got); diff != "" {
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

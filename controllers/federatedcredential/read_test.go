package federatedcredential

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
)

func reading(t *testing.T, app *v1alpha1.AppRegistration, others ...client.Object) (*Kind, *directory) {
	t.Helper()
	scheme := enginetest.Scheme(t)
	tenant := &v1alpha1.EntraTenant{
		ObjectMeta: metav1.ObjectMeta{Name: "corp", UID: "tenant"},
		Spec:       v1alpha1.EntraTenantSpec{TenantID: "tenant-id", Namespaces: &v1alpha1.NamespaceSelection{All: true}},
		Status:     v1alpha1.EntraTenantStatus{TenantID: "tenant-id", ClusterID: "c1"},
	}
	objects := append([]client.Object{
		tenant,
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop"}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "kube-system", UID: "cluster"}},
	}, others...)
	if app != nil {
		objects = append(objects, app)
	}
	kube := fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).Build()
	kind, _, world := changes{}.apply()
	d := &directory{trust: world.Trust.Value}
	kind.Binder = binding.Binder{Cache: kube, Live: kube, Tenants: d}
	return kind, d
}

func registration(change func(*v1alpha1.AppRegistration)) *v1alpha1.AppRegistration {
	app := &v1alpha1.AppRegistration{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders-worker"},
		Status: v1alpha1.AppRegistrationStatus{
			TenantBinding: v1alpha1.TenantBinding{TenantName: "corp", TenantID: "tenant-id"},
			UniqueName:    "k8s.c1.shop.orders-worker", ObjectID: "app-object", AppID: "app-id",
		},
	}
	if change != nil {
		change(app)
	}
	return app
}

func deleting(app *v1alpha1.AppRegistration) {
	app.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
	app.Finalizers = []string{v1alpha1.Finalizer}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		app   *v1alpha1.AppRegistration
		obj   func(*v1alpha1.FederatedCredential)
		wait  string
		calls []string
	}{
		"a usable AppRegistration costs one read": {
			app: registration(nil), calls: []string{"read app-object"},
		},
		"an AppRegistration that does not exist is waited for without a read": {
			wait: `AppRegistration "orders-worker" does not exist`,
		},
		"an AppRegistration without an application is waited for without a read": {
			app:  registration(func(a *v1alpha1.AppRegistration) { a.Status.ObjectID = "" }),
			wait: `AppRegistration "orders-worker" has no application yet`,
		},
		"an AppRegistration that is not ready is usable all the same": {
			app: registration(func(a *v1alpha1.AppRegistration) {
				a.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: metav1.ConditionFalse}}
			}),
			calls: []string{"read app-object"},
		},
		"an AppRegistration that is being deleted takes no new object": {
			app:  registration(deleting),
			wait: `AppRegistration "orders-worker" is being deleted: nothing new is bound to it`,
		},
		"an AppRegistration that is being deleted keeps what is bound to it": {
			app: registration(deleting), obj: func(f *v1alpha1.FederatedCredential) { f.Status.ApplicationObjectID = "app-object" },
			calls: []string{"read app-object"},
		},
		"an object that moved to another directory is not read": {
			app: registration(nil), obj: func(f *v1alpha1.FederatedCredential) {
				f.Status.TenantName, f.Status.TenantID = "corp", "another"
			},
		},
		"a deletion asks by its own status, without an AppRegistration": {
			obj: beingDeleted, calls: []string{"read app-object"},
		},
		"a deletion of what was never bound asks for nothing": {
			obj: func(f *v1alpha1.FederatedCredential) {
				beingDeleted(f)
				f.Status = v1alpha1.FederatedCredentialStatus{}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, d := reading(t, test.app)
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

func TestRead_LagIsUnknownAndAbsenceIsGone(t *testing.T) {
	t.Parallel()
	for err, as := range map[error]func(entra.Observed[entra.Trust]) bool{
		entra.ErrLagging:  entra.Observed[entra.Trust].IsUnknown,
		entra.ErrNotFound: entra.Observed[entra.Trust].IsAbsent,
		nil:               entra.Observed[entra.Trust].IsPresent,
	} {
		kind, d := reading(t, registration(nil))
		d.errs = map[string]error{"read app-object": err}
		_, obj, _ := changes{}.apply()
		world, readErr := kind.Read(t.Context(), obj)
		if readErr != nil || !as(world.Trust) {
			t.Errorf("%v is %+v, error %v", err, world.Trust, readErr)
		}
	}
}

func TestWatches(t *testing.T) {
	t.Parallel()
	object := func(name, app, account, annotated string) client.Object {
		f := &v1alpha1.FederatedCredential{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name}}
		f.Spec.AppRegistrationRef.Name = app
		f.Spec.ServiceAccount = &v1alpha1.ServiceAccountSubject{Name: account}
		f.Status.AnnotatedServiceAccount, f.Status.TenantName = annotated, "corp"
		return f
	}
	kind, _ := reading(t, nil, object("a", "orders-worker", "one", ""), object("b", "other", "two", "one"))
	account := serviceAccount()
	account.Namespace, account.Name = "shop", "one"
	woken := map[string][]string{}
	for _, watch := range kind.Watches(&engine.OwnWrites{}) {
		changed := map[string]client.Object{
			"*v1alpha1.AppRegistration": registration(nil), "*v1.PartialObjectMetadata": account,
			"*v1alpha1.FederatedCredential": object("c", "orders-worker", "one", ""),
			"*v1alpha1.EntraTenant":         &v1alpha1.EntraTenant{ObjectMeta: metav1.ObjectMeta{Name: "lab"}},
			"*v1.Namespace":                 &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop"}},
		}[typeName(watch.Object)]
		for _, request := range watch.Wakes(t.Context(), changed) {
			woken[typeName(watch.Object)] = append(woken[typeName(watch.Object)], request.Name)
		}
	}
	want := map[string][]string{
		"*v1alpha1.AppRegistration": {"a"}, "*v1alpha1.FederatedCredential": {"a"}, "*v1.PartialObjectMetadata": {"a", "b"}, "*v1.Namespace": {"a", "b"},
	}
	if diff := cmp.Diff(want, woken); diff != "" {
		t.Error(diff)
	}
}

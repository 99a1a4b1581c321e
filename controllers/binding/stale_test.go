package binding

import (
	"context"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/engine/enginetest"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// directory is a tenant that answers who we are. What is not faked here panics.
type directory struct {
	entra.Tenants
	entra.Directory
}

func (d directory) Open(entra.TenantKey, string, entra.Connection) (entra.Reader, error) {
	return d, nil
}

func (d directory) Self(context.Context) (entra.Identity, error) {
	return entra.Identity{TenantID: "t"}, nil
}

func (d directory) Endpoints(context.Context) (entra.Endpoints, error) {
	return entra.Endpoints{}, nil
}

// open gives a connection to steps.
type open struct{ directory }

func (o open) Directory(entra.TenantKey) (entra.Directory, error) { return o.directory, nil }

type (
	world    struct{ Binding }
	decision = engine.Decision[*v1alpha1.AppRegistration, world]
)

// kind writes one thing, or refuses while its namespace has labels. Something happens behind its back after the first decision.
type kind struct {
	binder  Binder
	refuses bool
	disturb func()
	looks   int
	wrote   bool
}

func (k *kind) Read(ctx context.Context, obj *v1alpha1.AppRegistration) (world, error) {
	bound, _, err := k.binder.Bind(ctx, obj, "corp", false)
	return world{bound}, err
}

func (k *kind) Decide(obj *v1alpha1.AppRegistration, w world, _ time.Time) decision {
	decided := decision{Object: obj.DeepCopy()}
	switch {
	case k.refuses && len(w.Namespace.Labels) > 0:
		decided.Refusal = engine.Refuse(v1alpha1.ReasonDenied, "because of the label")
	case !k.refuses && !k.wrote:
		decided.Steps = []engine.Step[world]{write{k}}
	}
	if k.looks++; k.looks == 1 && k.disturb != nil {
		k.disturb()
	}
	return decided
}

type write struct{ kind *kind }

func (write) String() string { return "write" }

func (s write) Do(context.Context, engine.Clients, *world) error {
	s.kind.wrote = true
	return nil
}

// reconcile once, in a cluster with a tenant, a namespace and a policy. It gives the conditions by type, and when to look again.
func reconcile(t *testing.T, k *kind, disturb func(context.Context, client.Client) error) (map[string]string, time.Duration) {
	t.Helper()
	scheme := enginetest.Scheme(t)
	obj := &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders", UID: "u", Generation: 1}}
	c := fake.NewClientBuilder().WithScheme(scheme).WithStatusSubresource(obj).WithObjects(
		obj,
		&v1alpha1.EntraTenant{
			ObjectMeta: metav1.ObjectMeta{Name: "corp", Generation: 1},
			Spec:       v1alpha1.EntraTenantSpec{TenantID: "t", Namespaces: &v1alpha1.NamespaceSelection{All: true}},
			Status:     v1alpha1.EntraTenantStatus{TenantID: "t", ClusterID: "c1"},
		},
		&v1alpha1.RegistrationPolicy{
			ObjectMeta: metav1.ObjectMeta{Name: "web", Generation: 1},
			Spec:       v1alpha1.RegistrationPolicySpec{Allow: []v1alpha1.PolicyRule{{}}},
		},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop", Labels: map[string]string{"team": "shop"}}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: metav1.NamespaceSystem}},
	).Build()
	tenants := open{}
	k.binder = Binder{Cache: c, Live: c, Tenants: tenants}
	if disturb != nil {
		k.disturb = func() {
			if err := disturb(t.Context(), c); err != nil {
				t.Error(err)
			}
		}
	}
	o := engine.Options{Clients: engine.Clients{Tenants: tenants, Kube: c, Live: c}, Clock: clocktesting.NewFakeClock(noon)}
	result, err := engine.NewReconciler(o, "AppRegistration", k, events.NewFakeRecorder(10)).Reconcile(t.Context(), obj)
	if err == nil {
		err = c.Get(t.Context(), client.ObjectKeyFromObject(obj), obj)
	}
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for _, condition := range obj.Status.Conditions {
		reasons[condition.Type] = condition.Reason
	}
	return reasons, result.RequeueAfter
}

// change an object and write it.
func change[T client.Object](name string, obj T, how func(T)) func(context.Context, client.Client) error {
	return func(ctx context.Context, c client.Client) error {
		if err := c.Get(ctx, client.ObjectKey{Name: name}, obj); err != nil {
			return err
		}
		how(obj)
		return c.Update(ctx, obj)
	}
}

func TestStale_RoundIsDropped(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		disturb func(context.Context, client.Client) error
		done    bool
	}{
		"nothing changes": {nil, true},
		"the tenant no longer admits the namespace": {change("corp", &v1alpha1.EntraTenant{}, func(tenant *v1alpha1.EntraTenant) {
			tenant.Spec.Namespaces, tenant.Generation = nil, 2 // the fake API server does not count generations
		}), false},
		"the tenant is found to be another": {change("corp", &v1alpha1.EntraTenant{}, func(tenant *v1alpha1.EntraTenant) {
			tenant.Status.TenantID = "another"
		}), false},
		"the tenant counts its objects": {change("corp", &v1alpha1.EntraTenant{}, func(tenant *v1alpha1.EntraTenant) {
			tenant.Status.Objects = 7
		}), true},
		"the namespace loses a label": {change("shop", &corev1.Namespace{}, func(namespace *corev1.Namespace) {
			namespace.Labels = nil
		}), false},
		"a policy is tightened": {change("web", &v1alpha1.RegistrationPolicy{}, func(policy *v1alpha1.RegistrationPolicy) {
			policy.Spec.Allow, policy.Generation = nil, 2
		}), false},
		"a policy counts what it denies": {change("web", &v1alpha1.RegistrationPolicy{}, func(policy *v1alpha1.RegistrationPolicy) {
			policy.Status.Denied = 7
		}), true},
		"a policy comes": {func(ctx context.Context, c client.Client) error {
			return c.Create(ctx, &v1alpha1.RegistrationPolicy{ObjectMeta: metav1.ObjectMeta{Name: "another"}})
		}, false},
		"the tenant is gone": {func(ctx context.Context, c client.Client) error {
			return c.Delete(ctx, &v1alpha1.EntraTenant{ObjectMeta: metav1.ObjectMeta{Name: "corp"}})
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &kind{}
			_, after := reconcile(t, k, row.disturb)
			if k.wrote != row.done {
				t.Errorf("done: %t, want %t", k.wrote, row.done)
			}
			if !row.done && after > time.Minute {
				t.Errorf("looked at again after %s only", after)
			}
		})
	}
}

func TestStale_RefusalIsDecidedAgainAtOnce(t *testing.T) {
	t.Parallel()
	k := &kind{refuses: true}
	reasons, _ := reconcile(t, k, change("shop", &corev1.Namespace{}, func(namespace *corev1.Namespace) { namespace.Labels = nil }))
	if k.looks != 2 || reasons[v1alpha1.ConditionReady] != string(v1alpha1.ReasonInSync) {
		t.Errorf("after %d looks: %v", k.looks, reasons)
	}
}

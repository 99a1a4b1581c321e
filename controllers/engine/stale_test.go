package engine

import (
	"context"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// meddled is a toy behind whose back something happens after it has decided and before anything is done.
type meddled struct {
	*toy
	client client.Client
	meddle func(context.Context, client.Client) error
}

// Read notes the tenant and the namespace that the decision rests on.
func (k *meddled) Read(ctx context.Context, obj *v1alpha1.AppRegistration) (toyWorld, error) {
	world, err := k.toy.Read(ctx, obj)
	tenant, namespace := &v1alpha1.EntraTenant{}, &corev1.Namespace{}
	for name, used := range map[string]client.Object{"corp": tenant, "shop": namespace} {
		if err := k.client.Get(ctx, client.ObjectKey{Name: name}, used); err != nil {
			return world, err
		}
		world.versions = append(world.versions, versionOf(used))
	}
	if err == nil {
		world.Policies, world.policies, err = policiesIn(ctx, k.client)
	}
	return world, err
}

func (k *meddled) Decide(obj *v1alpha1.AppRegistration, w toyWorld, now time.Time) Plan[toyWorld] {
	plan := k.toy.Decide(obj, w, now)
	if k.meddle != nil {
		if err := k.meddle(context.Background(), k.client); err != nil {
			panic(err)
		}
		k.meddle = nil
	}
	return plan
}

// change an object and write it.
func change[T client.Object](name client.ObjectKey, obj T, how func(T)) func(context.Context, client.Client) error {
	return func(ctx context.Context, c client.Client) error {
		if err := c.Get(ctx, name, obj); err != nil {
			return err
		}
		how(obj)
		return c.Update(ctx, obj)
	}
}

func TestARoundIsDroppedWhenWhatItRestsOnMoves(t *testing.T) {
	t.Parallel()
	corp, shop := client.ObjectKey{Name: "corp"}, client.ObjectKey{Name: "shop"}
	orders := client.ObjectKey{Namespace: "shop", Name: "orders"}
	for name, row := range map[string]struct {
		meddle func(context.Context, client.Client) error
		done   bool
	}{
		"nothing moves": {nil, true},
		"the tenant no longer admits the namespace": {change(corp, &v1alpha1.EntraTenant{}, func(tenant *v1alpha1.EntraTenant) {
			tenant.Spec.Namespaces, tenant.Generation = nil, 2 // the fake API server does not count generations
		}), false},
		"the tenant is found to be another": {change(corp, &v1alpha1.EntraTenant{}, func(tenant *v1alpha1.EntraTenant) {
			tenant.Status.TenantID = "another"
		}), false},
		"the tenant counts its objects": {change(corp, &v1alpha1.EntraTenant{}, func(tenant *v1alpha1.EntraTenant) {
			tenant.Status.Objects = 7
		}), true},
		"the namespace loses a label": {change(shop, &corev1.Namespace{}, func(namespace *corev1.Namespace) {
			namespace.Labels = nil
		}), false},
		"the spec is edited": {change(orders, &v1alpha1.AppRegistration{}, func(app *v1alpha1.AppRegistration) {
			app.Spec.DisplayName, app.Generation = "edited", 2
		}), false},
		"a policy is tightened": {change(client.ObjectKey{Name: "web"}, &v1alpha1.RegistrationPolicy{}, func(policy *v1alpha1.RegistrationPolicy) {
			policy.Spec.Allow, policy.Generation = nil, 2
		}), false},
		"a policy counts what it denies": {change(client.ObjectKey{Name: "web"}, &v1alpha1.RegistrationPolicy{}, func(policy *v1alpha1.RegistrationPolicy) {
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
			kind := &toy{wants: []string{"app"}}
			b := newBench(t, kind, nil,
				&apiextensionsv1.CustomResourceDefinition{ObjectMeta: metav1.ObjectMeta{Name: "appregistrations.entra-registrar.dev"}},
				&v1alpha1.EntraTenant{
					ObjectMeta: metav1.ObjectMeta{Name: "corp", Generation: 1},
					Spec:       v1alpha1.EntraTenantSpec{Namespaces: &v1alpha1.NamespaceSelection{All: true}},
				},
				&v1alpha1.RegistrationPolicy{
					ObjectMeta: metav1.ObjectMeta{Name: "web", Generation: 1},
					Spec:       v1alpha1.RegistrationPolicySpec{Allow: []v1alpha1.PolicyRule{{}}},
				},
				&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop", Labels: map[string]string{"team": "shop"}}})
			b.r.Kind = &meddled{toy: kind, client: b.client, meddle: row.meddle}
			result, _ := b.reconcile(t)
			if done := strings.Contains(strings.Join(b.lines, "\n"), "make app"); done != row.done {
				t.Errorf("done: %t, want %t", done, row.done)
			}
			if !row.done && result.RequeueAfter > time.Minute {
				t.Errorf("looked at again after %s only", result.RequeueAfter)
			}
		})
	}
}

// refusing is a toy that refuses until the namespace has no label, and counts how often it is asked.
type refusing struct {
	*meddled
	looks int
}

func (k *refusing) Read(ctx context.Context, obj *v1alpha1.AppRegistration) (toyWorld, error) {
	k.looks++
	world, err := k.meddled.Read(ctx, obj)
	namespace := &corev1.Namespace{}
	if err == nil {
		err = k.client.Get(ctx, client.ObjectKey{Name: "shop"}, namespace)
	}
	world.Namespace.Labels = namespace.Labels
	return world, err
}

func (k *refusing) Decide(obj *v1alpha1.AppRegistration, w toyWorld, now time.Time) Plan[toyWorld] {
	k.meddled.Decide(obj, w, now)
	if len(w.Namespace.Labels) > 0 {
		return Refuse[toyWorld](v1alpha1.ReasonDenied, "because of the label")
	}
	return Plan[toyWorld]{}
}

func TestARefusalThatRestsOnWhatHasMovedIsThoughtOverAtOnce(t *testing.T) {
	t.Parallel()
	kind := &toy{}
	b := newBench(t, kind, nil, &v1alpha1.EntraTenant{ObjectMeta: metav1.ObjectMeta{Name: "corp"}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop", Labels: map[string]string{"team": "shop"}}})
	k := &refusing{meddled: &meddled{toy: kind, client: b.client, meddle: change(client.ObjectKey{Name: "shop"}, &corev1.Namespace{}, func(n *corev1.Namespace) {
		n.Labels = nil
	})}}
	b.r.Kind = k
	_, obj := b.reconcile(t)
	if ready := obj.Status.Conditions[0]; k.looks != 2 || ready.Reason != string(v1alpha1.ReasonInSync) {
		t.Errorf("after %d looks: %+v", k.looks, ready)
	}
}

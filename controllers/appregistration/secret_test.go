package appregistration

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/secret"
)

func texts(data map[string][]byte) map[string]string {
	plain := map[string]string{}
	for key, value := range data {
		plain[key] = string(value)
	}
	return plain
}

func TestSecret_OthersSecretIsNeverTouched(t *testing.T) {
	t.Parallel()
	const finding = "unsynced Conflict: Secret orders-api-entra belongs to somebody else and is left alone: name another in spec.secret.name, or remove it"
	namesake := othersSecret()
	namesake.OwnerReferences = []metav1.OwnerReference{{APIVersion: "entra-registrar.dev/v1alpha1", Kind: kindName, Name: "orders-api", UID: "before", Controller: new(true)}}
	off := object(bound, func(o *v1alpha1.AppRegistration) { o.Spec.Secret = &v1alpha1.Secret{Enabled: new(false)} })
	moved := object(bound, func(o *v1alpha1.AppRegistration) { o.Spec.Secret = &v1alpha1.Secret{Name: "api"} })
	checkDecisions(t, []decisionRow{
		{"one of that name", object(bound), recorded(func(w *World) { w.secret = othersSecret() }), []string{finding}},
		{"one of an earlier object of the same name", object(bound), recorded(func(w *World) { w.secret = namesake }), []string{finding}},
		{"one in the way of a switched-off one", off, recorded(func(w *World) { w.secret = othersSecret() }), nil},
		{"one under a former name", moved, with(settled(moved), func(w *World) { w.formerSecret = othersSecret() }), nil},
		{"ours under a former name", moved, with(settled(moved), func(w *World) { w.formerSecret = settled(object()).secret }), []string{"delete Secret orders-api-entra"}},
		{"ours that is switched off", off, recorded(), []string{"delete Secret orders-api-entra"}},
	})
}

func TestSecret_HoldsWhatIsOursAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t), object(func(o *v1alpha1.AppRegistration) {
		o.Spec.Secret = &v1alpha1.Secret{
			Formats: []v1alpha1.SecretFormat{v1alpha1.FormatAzureSDK, v1alpha1.FormatAzurerator},
			Labels:  map[string]string{"team": "orders"}, Annotations: map[string]string{"note": "ours"},
		}
	})
	get := func() *corev1.Secret {
		t.Helper()
		var found corev1.Secret
		if err := c.kube.Get(t.Context(), types.NamespacedName{Namespace: "shop", Name: "orders-api-entra"}, &found); err != nil {
			t.Fatal(err)
		}
		return &found
	}
	c.reconcile(obj)
	first := get()
	same(t, "owner", true, secret.BelongsTo(first, obj))
	same(t, "type", corev1.SecretTypeOpaque, first.Type)
	same(t, "labels", map[string]string{"team": "orders", v1alpha1.ManagedByLabel: v1alpha1.FieldManager}, first.Labels)
	same(t, "keys", 9, len(first.Data))

	theirs := first.DeepCopy()
	theirs.Data["EXTRA"], theirs.Data["AZURE_CLIENT_ID"] = []byte("x"), []byte("edited")
	theirs.Annotations["note"], theirs.Labels["theirs"] = "edited", "yes"
	if err := c.kube.Update(t.Context(), theirs, client.FieldOwner("kubectl")); err != nil {
		t.Fatal(err)
	}
	same(t, "repair", []string{"write Secret orders-api-entra"}, c.reconcile(obj))
	same(t, "at rest", []string(nil), c.reconcile(obj))

	obj.Spec.Secret = &v1alpha1.Secret{}
	same(t, "fewer keys", []string{"write Secret orders-api-entra"}, c.reconcile(obj))
	last := get()
	same(t, "data", map[string]string{
		"AZURE_CLIENT_ID": "app-2", "AZURE_TENANT_ID": tenantID, "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/", "EXTRA": "x",
	}, texts(last.Data))
	same(t, "labels", map[string]string{v1alpha1.ManagedByLabel: v1alpha1.FieldManager, "theirs": "yes"}, last.Labels)
	same(t, "annotations", 0, len(last.Annotations))
	same(t, "at rest again", []string(nil), c.reconcile(obj))
}

func TestSecret_TakenInBetweenIsNotTouched(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t, othersSecret()), object()
	world := settled(obj)
	step := writeSecret{secret: secret.ContentOf(obj, world.Tenant, world.application.Value).Over(obj, nil)}
	if err := step.Do(t.Context(), c.clients(), &world); err == nil {
		t.Error("a Secret that appeared after the look was written over")
	}
	var after corev1.Secret
	if err := c.kube.Get(t.Context(), types.NamespacedName{Namespace: "shop", Name: "orders-api-entra"}, &after); err != nil {
		t.Fatal(err)
	}
	same(t, "data", 0, len(after.Data))
}

func TestSecret_OldOneGoesWhenTheNameChanges(t *testing.T) {
	t.Parallel()
	c, obj := newCluster(t), object()
	c.reconcile(obj)
	obj.Spec.Secret = &v1alpha1.Secret{Name: "api"}
	same(t, "steps", []string{"delete Secret orders-api-entra", "write Secret api"}, c.reconcile(obj))
	same(t, "recorded", "api", obj.Status.SecretName)
	obj.Spec.Secret = &v1alpha1.Secret{Name: "api", Enabled: new(false)}
	same(t, "switched off", []string{"delete Secret api"}, c.reconcile(obj))
	same(t, "recorded", "", obj.Status.SecretName)
	same(t, "at rest", []string(nil), c.reconcile(obj))
}

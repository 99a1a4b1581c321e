package secret

import (
	"bytes"
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Name of the Secret that a spec asks for.
func Name(obj *v1alpha1.AppRegistration) string {
	if obj.Spec.Secret != nil && obj.Spec.Secret.Name != "" {
		return obj.Spec.Secret.Name
	}
	return obj.Name + "-entra"
}

// Enabled reports whether there is to be a Secret.
func Enabled(obj *v1alpha1.AppRegistration) bool {
	return obj.Spec.Secret == nil || ptr.Deref(obj.Spec.Secret.Enabled, true)
}

// BelongsTo reports whether a Secret is this object's: by the UID of its controller, so that one of an earlier object of the same name
// is not.
func BelongsTo(secret *corev1.Secret, obj *v1alpha1.AppRegistration) bool {
	if secret == nil {
		return false
	}
	owner := metav1.GetControllerOf(secret)
	return owner != nil && owner.UID == obj.UID
}

// Content is what we own in a Secret. Others may own more of it.
type Content struct {
	data                map[string][]byte
	labels, annotations map[string]string
}

// ContentOf is what the object's Secret says of an application.
func ContentOf(obj *v1alpha1.AppRegistration, tenant binding.Tenant, app entra.Application) Content {
	spec := ptr.Deref(obj.Spec.Secret, v1alpha1.Secret{})
	c := Content{data: render(spec.Formats, tenant, app), labels: map[string]string{}, annotations: spec.Annotations}
	maps.Copy(c.labels, spec.Labels)
	c.labels[v1alpha1.ManagedByLabel] = v1alpha1.FieldManager
	return c
}

// IsIn reports whether the Secret holds the content, and nothing of ours beyond it.
func (c Content) IsIn(secret *corev1.Secret) bool {
	before := ownedIn(secret)
	return containsAll(secret.Data, c.data, bytes.Equal) && containsAll(secret.Labels, c.labels, equal) &&
		containsAll(secret.Annotations, c.annotations, equal) && allWanted(before.Data, c.data) &&
		allWanted(before.Metadata.Labels, c.labels) && allWanted(before.Metadata.Annotations, c.annotations)
}

// Over is the Secret with the content laid over what is there, and what we own beyond it taken out. Before is nil where there is none.
func (c Content) Over(obj *v1alpha1.AppRegistration, before *corev1.Secret) *corev1.Secret {
	next := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: obj.Namespace, Name: Name(obj),
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(obj, v1alpha1.GroupVersion.WithKind("AppRegistration"))},
		},
		Type: corev1.SecretTypeOpaque,
	}
	if before != nil {
		next = before.DeepCopy()
	}
	owned := ownedIn(next)
	next.Data = replaceOwned(next.Data, owned.Data, c.data)
	next.Labels = replaceOwned(next.Labels, owned.Metadata.Labels, c.labels)
	next.Annotations = replaceOwned(next.Annotations, owned.Metadata.Annotations, c.annotations)
	return next
}

func containsAll[T any](have, want map[string]T, same func(T, T) bool) bool {
	for key, value := range want {
		if got, has := have[key]; !has || !same(got, value) {
			return false
		}
	}
	return true
}

func equal(a, b string) bool { return a == b }

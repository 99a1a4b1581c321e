// Package secret is what workloads mount: the keys of each format, and who owns which key of a Secret. It is pure.
package secret

import (
	"bytes"
	"cmp"
	"encoding/json"
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
	return cmp.Or(ptr.Deref(obj.Spec.Secret, v1alpha1.Secret{}).Name, obj.Name+"-entra")
}

// Enabled reports whether there is to be a Secret.
func Enabled(obj *v1alpha1.AppRegistration) bool {
	return obj.Spec.Secret == nil || ptr.Deref(obj.Spec.Secret.Enabled, true)
}

// BelongsTo reports whether a Secret is this object's: by the UID of its controller, so that one of an earlier object of the same name
// is not.
func BelongsTo(secret *corev1.Secret, obj *v1alpha1.AppRegistration) bool {
	return secret != nil && metav1.IsControlledBy(secret, obj)
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
	owned := ownedIn(secret)
	return maps.EqualFunc(secret.Data, replaceOwned(secret.Data, owned.Data, c.data), bytes.Equal) &&
		maps.Equal(secret.Labels, replaceOwned(secret.Labels, owned.Metadata.Labels, c.labels)) &&
		maps.Equal(secret.Annotations, replaceOwned(secret.Annotations, owned.Metadata.Annotations, c.annotations))
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

// ownedFields are those that our field manager owns in a Secret, in the form of managedFields: keys carry the prefix f:.
type ownedFields struct {
	Data     map[string]json.RawMessage `json:"f:data"`
	Metadata struct {
		Labels      map[string]json.RawMessage `json:"f:labels"`
		Annotations map[string]json.RawMessage `json:"f:annotations"`
	} `json:"f:metadata"`
}

func ownedIn(secret *corev1.Secret) ownedFields {
	var owned ownedFields
	for _, entry := range secret.ManagedFields {
		if entry.Manager == v1alpha1.FieldManager && entry.FieldsV1 != nil {
			if err := json.Unmarshal(entry.FieldsV1.GetRawBytes(), &owned); err != nil {
				return ownedFields{} // not ours to understand: then nothing needs to be taken back
			}
		}
	}
	return owned
}

// replaceOwned takes owned keys out of a map and lays the wanted ones over the rest.
func replaceOwned[T any](have map[string]T, owned map[string]json.RawMessage, want map[string]T) map[string]T {
	next := map[string]T{}
	for key, value := range have {
		if _, ours := owned["f:"+key]; !ours {
			next[key] = value
		}
	}
	maps.Copy(next, want)
	return next
}

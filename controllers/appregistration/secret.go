package appregistration

import (
	"bytes"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

func secretName(obj *v1alpha1.AppRegistration) string {
	if obj.Spec.Secret != nil && obj.Spec.Secret.Name != "" {
		return obj.Spec.Secret.Name
	}
	return obj.Name + "-entra"
}

// belongs tells whether a Secret is this object's: by the UID of its controller, so that one of an earlier object of the same
// name is not.
func belongs(secret *corev1.Secret, obj *v1alpha1.AppRegistration) bool {
	if secret == nil {
		return false
	}
	owner := metav1.GetControllerOf(secret)
	return owner != nil && owner.UID == obj.UID
}

// content is what we own in a Secret. Others may own more of it.
type content struct {
	data                map[string][]byte
	labels, annotations map[string]string
}

func wantedContent(obj *v1alpha1.AppRegistration, world World) content {
	spec := v1alpha1.Secret{}
	if obj.Spec.Secret != nil {
		spec = *obj.Spec.Secret
	}
	c := content{
		data:   render(spec.Formats, world.Tenant, world.application.Value),
		labels: map[string]string{}, annotations: spec.Annotations,
	}
	maps.Copy(c.labels, spec.Labels)
	c.labels[v1alpha1.ManagedByLabel] = v1alpha1.FieldManager
	return c
}

// heldBy tells whether the Secret holds the content, and nothing of ours beyond it.
func (c content) heldBy(secret *corev1.Secret) bool {
	for key, value := range c.data {
		if have, there := secret.Data[key]; !there || !bytes.Equal(have, value) {
			return false
		}
	}
	before := ownedIn(secret)
	return within(before.Data, c.data) && contains(secret.Labels, c.labels) && contains(secret.Annotations, c.annotations) &&
		within(before.Metadata.Labels, c.labels) && within(before.Metadata.Annotations, c.annotations)
}

// over is the Secret with the content laid over what is there, and what we own beyond it taken out.
func (c content) over(obj *v1alpha1.AppRegistration, before *corev1.Secret) *corev1.Secret {
	next := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: obj.Namespace, Name: secretName(obj),
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(obj, v1alpha1.GroupVersion.WithKind(kindName))},
		},
		Type: corev1.SecretTypeOpaque,
	}
	if before != nil {
		next = before.DeepCopy()
	}
	owned := ownedIn(next)
	next.Data = lay(next.Data, owned.Data, c.data)
	next.Labels = lay(next.Labels, owned.Metadata.Labels, c.labels)
	next.Annotations = lay(next.Annotations, owned.Metadata.Annotations, c.annotations)
	return next
}

func contains(have, want map[string]string) bool {
	for key, value := range want {
		if got, there := have[key]; !there || got != value {
			return false
		}
	}
	return true
}

// secretSteps bring the Secret to what is wanted, and delete the one of a former name. The finding tells of somebody else's Secret
// in our way.
func (k *Kind) secretSteps(obj *v1alpha1.AppRegistration, world World, c change) (steps []engine.Step[World], finding string) {
	if belongs(world.formerSecret, obj) {
		steps = append(steps, deleteSecret{world.formerSecret, k.Echo})
	}
	mine := belongs(world.secret, obj)
	switch enabled := obj.Spec.Secret == nil || yes(obj.Spec.Secret.Enabled); {
	case !enabled && mine:
		steps = append(steps, deleteSecret{world.secret, k.Echo})
	case !enabled, c.touchesSecret():
	case world.secret != nil && !mine:
		finding = fmt.Sprintf("Secret %s belongs to somebody else and is left alone: name another in spec.secret.name, or remove it", world.secret.Name)
	default:
		if want := wantedContent(obj, world); !mine || !want.heldBy(world.secret) {
			steps = append(steps, writeSecret{secret: want.over(obj, world.secret), echo: k.Echo})
		}
	}
	return steps, finding
}

// touchesSecret : the Secret says what Entra has, and waits for changes of that.
func (c change) touchesSecret() bool {
	return c.patch.IdentifierURIs != nil || c.patch.SignInAudience != nil || c.patch.AccessTokenVersion != nil
}

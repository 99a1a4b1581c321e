package binding

import (
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// Watches are the watches of every kind that is bound to a tenant: its tenant and its namespace. Uses reports whether an object is
// bound to a tenant of that name, or may come to be.
func Watches[T client.Object](cache client.Reader, list client.ObjectList, uses func(obj T, tenant string) bool) []engine.Watch {
	return []engine.Watch{
		{
			Object: &v1alpha1.EntraTenant{},
			Wakes:  engine.InNamespace(cache, list, func(obj T, tenant client.Object) bool { return uses(obj, tenant.GetName()) }),
			When: engine.Changed(func(tenant *v1alpha1.EntraTenant) any {
				return []string{fingerprint(tenant), tenant.Status.AppID, tenant.Status.ServicePrincipalObjectID}
			}),
		},
		{
			Object: &corev1.Namespace{},
			Wakes:  engine.InNamespace(cache, list, func(T, client.Object) bool { return true }),
			When:   engine.Changed(func(namespace *corev1.Namespace) any { return namespace.Labels }),
		},
	}
}

// Package appregistration is the kind AppRegistration: an application in Entra, its service principal, the scopes and roles that
// it exposes, and the Secret that workloads mount.
package appregistration

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// kindName as owner references and the gate know it.
const kindName = "AppRegistration"

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations/status,verbs=get;update;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations/finalizers,verbs=update
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=entratenants;federatedcredentials,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=secrets,verbs=get;list;watch;create;update;delete
// +kubebuilder:rbac:groups=events.k8s.io,resources=events,verbs=create;patch

// Kind is what AppRegistrations add to the path. Its Binder's Cache also holds AppRegistrations and FederatedCredentials.
type Kind struct {
	Binder engine.Binder
	Gate   policy.Gate
	// Echo is told of every Secret that is written. Required.
	Echo *engine.Echo
}

var _ engine.Kind[*v1alpha1.AppRegistration, World] = (*Kind)(nil)

// Watches wake an AppRegistration when its tenant, its namespace or its Secret changes. Of Secrets only metadata is watched; the
// cache should hold those with our label alone.
func (k *Kind) Watches() []engine.Watch {
	secret := &metav1.PartialObjectMetadata{}
	secret.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
	return []engine.Watch{
		{Object: &v1alpha1.EntraTenant{}, Wakes: k.ofTenant, When: engine.Changed(tenantFacet)},
		{Object: &corev1.Namespace{}, Wakes: k.ofNamespace, When: engine.Changed(namespaceFacet)},
		{Object: secret, Wakes: ownerOfSecret, When: k.Echo.Foreign()},
	}
}

func tenantFacet(tenant *v1alpha1.EntraTenant) any {
	status := tenant.Status
	return []any{tenant.Spec, status.TenantID, status.ClusterID, status.ClientID, status.ObjectID}
}

func namespaceFacet(namespace *corev1.Namespace) any { return namespace.Labels }

// ofTenant are the objects bound to a tenant, those that ask for it, and those that are bound to none and may get the default.
func (k *Kind) ofTenant(ctx context.Context, tenant client.Object) []reconcile.Request {
	return k.requests(ctx, func(obj *v1alpha1.AppRegistration) bool {
		switch {
		case obj.Status.TenantName != "":
			return obj.Status.TenantName == tenant.GetName()
		case obj.Spec.TenantRef != nil:
			return obj.Spec.TenantRef.Name == tenant.GetName()
		default:
			return true
		}
	})
}

func (k *Kind) ofNamespace(ctx context.Context, namespace client.Object) []reconcile.Request {
	return k.requests(ctx, func(*v1alpha1.AppRegistration) bool { return true }, client.InNamespace(namespace.GetName()))
}

// requests for the objects that match. The cache does not fail once it is synced; before that, every object is looked at anyway.
func (k *Kind) requests(ctx context.Context, match func(*v1alpha1.AppRegistration) bool, in ...client.ListOption) []reconcile.Request {
	var list v1alpha1.AppRegistrationList
	if err := k.Binder.Cache.List(ctx, &list, in...); err != nil {
		return nil
	}
	var requests []reconcile.Request
	for i := range list.Items {
		if obj := &list.Items[i]; match(obj) {
			requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(obj)})
		}
	}
	return requests
}

func ownerOfSecret(_ context.Context, secret client.Object) []reconcile.Request {
	owner := metav1.GetControllerOf(secret)
	if owner == nil || owner.Kind != kindName || owner.APIVersion != v1alpha1.GroupVersion.String() {
		return nil
	}
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: secret.GetNamespace(), Name: owner.Name}}}
}

package federatedcredential

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// Watches are the objects that wake a FederatedCredential.
func (k *Kind) Watches() []engine.Watch {
	return []engine.Watch{
		{
			Object: &v1alpha1.AppRegistration{},
			Wakes: k.those(func(f *v1alpha1.FederatedCredential, app client.Object) bool {
				return f.Spec.AppRegistrationRef.Name == app.GetName()
			}),
			When: engine.Changed(func(app *v1alpha1.AppRegistration) any {
				return []string{app.Status.ObjectID, app.Status.AppID, app.Status.UniqueName, app.Status.TenantName}
			}),
		},
		{
			Object: serviceAccount(),
			Wakes: k.those(func(f *v1alpha1.FederatedCredential, account client.Object) bool {
				return accountToAnnotate(f) == account.GetName() || f.Status.AnnotatedServiceAccount == account.GetName()
			}),
			When: predicate.And(k.echo.Foreign(), engine.Changed(func(account *metav1.PartialObjectMetadata) any {
				return []string{account.Annotations[ClientIDAnnotation], account.Annotations[TenantIDAnnotation]}
			})),
		},
		{
			Object: &v1alpha1.EntraTenant{},
			Wakes: k.those(func(f *v1alpha1.FederatedCredential, tenant client.Object) bool {
				return f.Status.TenantName == "" || f.Status.TenantName == tenant.GetName()
			}),
			When: engine.Changed(func(tenant *v1alpha1.EntraTenant) any {
				return []any{tenant.Generation, tenant.Status.TenantID, tenant.Status.ClusterID}
			}),
		},
		{
			Object: &corev1.Namespace{},
			Wakes:  k.those(func(*v1alpha1.FederatedCredential, client.Object) bool { return true }),
			When:   engine.Changed(func(namespace *corev1.Namespace) any { return namespace.Labels }),
		},
	}
}

// those maps a changed object to the FederatedCredentials that it concerns: in its own namespace, or, for one without, everywhere.
func (k *Kind) those(concerned func(*v1alpha1.FederatedCredential, client.Object) bool) handler.MapFunc {
	return func(ctx context.Context, changed client.Object) []reconcile.Request {
		namespace := changed.GetNamespace()
		if _, is := changed.(*corev1.Namespace); is {
			namespace = changed.GetName()
		}
		var all v1alpha1.FederatedCredentialList
		if err := k.Cache.List(ctx, &all, client.InNamespace(namespace)); err != nil {
			log.FromContext(ctx).Error(err, "list federated credentials")
			return nil
		}
		var requests []reconcile.Request
		for i := range all.Items {
			if concerned(&all.Items[i], changed) {
				requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(&all.Items[i])})
			}
		}
		return requests
	}
}

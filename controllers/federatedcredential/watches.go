package federatedcredential

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// Watches are the objects that wake a FederatedCredential.
func (k *Kind) Watches(ownWrites *engine.OwnWrites) []engine.Watch {
	watches := []engine.Watch{
		{
			Object: &v1alpha1.AppRegistration{},
			Wakes: k.inNamespace(func(f *v1alpha1.FederatedCredential, app client.Object) bool {
				return f.Spec.AppRegistrationRef.Name == app.GetName()
			}),
			When: engine.Changed(func(app *v1alpha1.AppRegistration) any {
				return []string{app.Status.ObjectID, app.Status.AppID, app.Status.UniqueName, app.Status.TenantName}
			}),
		},
		{
			Object: &v1alpha1.FederatedCredential{},
			Wakes: k.inNamespace(func(f *v1alpha1.FederatedCredential, other client.Object) bool {
				changed, is := other.(*v1alpha1.FederatedCredential)
				return is && k.concerns(changed, f)
			}),
			When: engine.Changed(func(f *v1alpha1.FederatedCredential) any {
				return []any{f.Generation, f.Status.Issuer, f.Status.Subject}
			}),
		},
		{
			Object: serviceAccount(),
			Wakes: k.inNamespace(func(f *v1alpha1.FederatedCredential, account client.Object) bool {
				return accountToAnnotate(f) == account.GetName() || f.Status.AnnotatedServiceAccount == account.GetName()
			}),
			When: predicate.And(ownWrites.ByOthers(), engine.Changed(func(account *metav1.PartialObjectMetadata) any {
				return []string{account.Annotations[ClientIDAnnotation], account.Annotations[TenantIDAnnotation]}
			})),
		},
	}
	uses := func(f *v1alpha1.FederatedCredential, tenant string) bool {
		return f.Status.TenantName == "" || f.Status.TenantName == tenant
	}
	return append(watches, binding.Watches(k.Binder.Cache, &v1alpha1.FederatedCredentialList{}, uses)...)
}

func (k *Kind) inNamespace(concerned func(*v1alpha1.FederatedCredential, client.Object) bool) handler.MapFunc {
	return engine.InNamespace(k.Binder.Cache, &v1alpha1.FederatedCredentialList{}, concerned)
}

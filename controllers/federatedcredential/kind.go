// Package federatedcredential is the kind FederatedCredential: a trust, on an application of the same namespace, in tokens of
// another issuer, and the annotations by which a ServiceAccount's pods find that application.
package federatedcredential

import (
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Kind is FederatedCredential on the engine's path.
type Kind struct {
	Binder engine.Binder
	// Cache of AppRegistrations and FederatedCredentials, kept by watches.
	Cache client.Reader
	// Live reads ServiceAccounts past the cache, which keeps no managed fields.
	Live client.Reader
	Gate policy.Gate
	// Issuer of this cluster's ServiceAccount tokens, exactly as they carry it. Empty where it is not known: ServiceAccounts
	// cannot be trusted then.
	Issuer string

	echo engine.Echo // of the annotations that we write
}

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=federatedcredentials,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=federatedcredentials/status,verbs=patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations;entratenants;registrationpolicies,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=serviceaccounts,verbs=get;list;watch;patch

// Record tells where the credential is, and what it trusts. Nothing is told of an application that is not ours, so that a farewell
// never goes there.
func (k *Kind) Record(obj *v1alpha1.FederatedCredential, world World) {
	if !obj.DeletionTimestamp.IsZero() || k.misbound(obj, world) != nil || !world.ours(obj) {
		return
	}
	status := &obj.Status
	status.TenantName, status.TenantID = world.Tenant.Name, world.Tenant.ID
	status.ApplicationObjectID, status.ApplicationUniqueName = world.App.ObjectID, world.App.UniqueName
	status.CredentialName = credentialName(obj)
	switch have, exists := world.named(status.CredentialName); {
	case exists && len(k.review(obj, world).Denied) == 0: // what is not allowed is somebody else's
		status.Issuer, status.Subject, status.Audience = have.Issuer, have.Subject, have.Audience
	case !exists && world.Removed:
		status.Issuer, status.Subject, status.Audience = "", "", ""
	}
	status.AnnotatedServiceAccount = annotated(obj, world)
}

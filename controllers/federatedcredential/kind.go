// Package federatedcredential is the kind FederatedCredential: a trust, on an application of the same namespace, in tokens of
// another issuer, and the annotations by which a ServiceAccount's pods find that application.
package federatedcredential

import (
	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Kind is FederatedCredential on the engine's path.
type Kind struct {
	// Binder's cache has AppRegistrations and FederatedCredentials too. Its Live reads ServiceAccounts, because a cache keeps no managed
	// fields.
	Binder binding.Binder
	Gate   policy.Gate
	// Issuer of this cluster's ServiceAccount tokens, exactly as they carry it. Empty where it is not known: ServiceAccounts
	// cannot be trusted then.
	Issuer string
}

type (
	decision = engine.Decision[*v1alpha1.FederatedCredential, World]
	step     = engine.Step[World]
)

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=federatedcredentials,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=federatedcredentials/status,verbs=patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations;entratenants;registrationpolicies,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=serviceaccounts,verbs=get;list;watch;patch

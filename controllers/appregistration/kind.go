// Package appregistration is the kind AppRegistration: an application in Entra, its service principal, the scopes and roles that
// it exposes, and the Secret that workloads mount.
package appregistration

import (
	"k8s.io/utils/clock"

	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// kindName as owner references and the gate know it.
const kindName = "AppRegistration"

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations/status,verbs=patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations/finalizers,verbs=update
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=entratenants;federatedcredentials;approleassignments;delegatedpermissiongrants;registrationpolicies,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=secrets,verbs=get;list;watch;create;update;delete

// Kind is what AppRegistrations add to the path. Its Binder's Cache also holds AppRegistrations, FederatedCredentials,
// AppRoleAssignments and DelegatedPermissionGrants.
type Kind struct {
	Binder binding.Binder
	Gate   policy.Gate
	// Clock tells Read when it is time to ask again who has consented. Required.
	Clock clock.PassiveClock

	consents consents
}

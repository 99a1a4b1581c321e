// Package approleassignment is the kind AppRoleAssignment: app roles of an API given to an application, a managed identity, another
// service principal, a group or a user. Assignments carry no mark in Entra: one that exists is taken as it is, and an object takes
// away only what it named itself and no other live object names.
package approleassignment

import (
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Kind is AppRoleAssignment on the engine's path.
type Kind struct {
	Binder binding.Binder
	// Cache of AppRegistrations, AppRoleAssignments and namespaces, kept by watches.
	Cache client.Reader
	Gate  policy.Gate
	// Enabled is true where the manager was started with --enable-app-role-assignments. A deletion needs no switch.
	Enabled bool
}

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=approleassignments,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=approleassignments/status,verbs=patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations;entratenants;registrationpolicies,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch

type decision = engine.Decision[*v1alpha1.AppRoleAssignment, World]

const kindName = "AppRoleAssignment"

var words = permission.Words{
	Kind: kindName, Given: "given",
	TwoTenants: "AppRegistration %q is in EntraTenant %q and %s in %q: a role can be given within one tenant only",
}

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
	"github.com/entra-registrar/entra-registrar/controllers/reference"
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

var words = permission.Words{
	Kind: "AppRoleAssignment", Given: "given",
	TwoTenants: "AppRegistration %q is in EntraTenant %q and %s in %q: a role can be given within one tenant only",
}

// Watches are the objects that wake an AppRoleAssignment.
func (k *Kind) Watches(*engine.OwnWrites) []engine.Watch {
	claims := func(a *v1alpha1.AppRoleAssignment) any {
		return []any{a.Spec.Roles, a.Spec.DefaultAccess, a.Spec.NotAfter, a.Status.Roles}
	}
	return permission.Watches(k.Cache, &v1alpha1.AppRoleAssignment{}, &v1alpha1.AppRoleAssignmentList{}, names, sharing, claims)
}

// sharing reports whether two objects are about the same principal and API of the same directory.
func sharing(a, b *v1alpha1.AppRoleAssignment) bool {
	return a.Status.PrincipalObjectID != "" && a.Status.PrincipalObjectID == b.Status.PrincipalObjectID &&
		a.Status.APIObjectID == b.Status.APIObjectID && a.Status.TenantID == b.Status.TenantID
}

// names reports whether the API or the principal is an AppRegistration's, however it is spelled.
func names(a *v1alpha1.AppRoleAssignment, app *v1alpha1.AppRegistration) bool {
	principal := a.Spec.Principal
	switch {
	case reference.Names(a.Spec.API, a.Namespace, app):
		return true
	case principal.AppRegistrationRef != nil:
		return principal.AppRegistrationRef.Name == app.Name && a.Namespace == app.Namespace
	case principal.ServicePrincipal != nil:
		appID, objectID := string(principal.ServicePrincipal.AppID), string(principal.ServicePrincipal.ObjectID)
		return appID != "" && appID == app.Status.AppID || objectID != "" && objectID == app.Status.ServicePrincipalObjectID
	default:
		return false
	}
}

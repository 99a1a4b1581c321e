// Package approleassignment is the kind AppRoleAssignment: app roles that one AppRegistration's application gives to another's,
// both of the object's own namespace.
package approleassignment

import (
	"cmp"
	"slices"
	"strings"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// Kind is AppRoleAssignment on the engine's path.
type Kind struct {
	Binder engine.Binder
	// Cache of AppRegistrations and AppRoleAssignments, kept by watches.
	Cache client.Reader
	Gate  policy.Gate
	// Enabled : the manager was started with --enable-app-role-assignments. A farewell needs no switch.
	Enabled bool
}

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=approleassignments,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=approleassignments/status,verbs=patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations;entratenants,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch

// Record tells who is given what, by ID: what is asked for, and what was given before and is not taken away yet. Nothing is told of
// principals that are not ours, so that a farewell never goes there.
func (k *Kind) Record(obj *v1alpha1.AppRoleAssignment, world World) {
	if !obj.DeletionTimestamp.IsZero() || misbound(obj, world) != nil || !world.known() || stranger(obj, world) != nil {
		return
	}
	status := &obj.Status
	roles := append(world.wanted(obj), world.surplus(obj)...)
	slices.SortFunc(roles, func(a, b v1alpha1.NamedID) int {
		return cmp.Or(strings.Compare(a.Value, b.Value), strings.Compare(a.ID, b.ID))
	})
	status.TenantName, status.TenantID = world.Tenant.Name, world.Tenant.ID
	status.PrincipalID, status.PrincipalName = world.Principal.ID, world.Client.Value.DisplayName
	status.APIID, status.APIName = world.Resource.ID, world.API.Value.DisplayName
	status.Roles = roles
}

// Package approleassignment is the kind AppRoleAssignment: app roles of an API given to an application, a managed identity, another
// service principal, a group or a user. Assignments carry no mark in Entra: one that exists is taken as it is, and an object takes
// away only what it named itself and no other live object names.
package approleassignment

import (
	"cmp"
	"slices"
	"strings"

	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Kind is AppRoleAssignment on the engine's path.
type Kind struct {
	Binder engine.Binder
	// Cache of AppRegistrations, AppRoleAssignments and namespaces, kept by watches.
	Cache client.Reader
	Gate  policy.Gate
	// Clock tells Read whether notAfter has passed.
	Clock clock.PassiveClock
	// Enabled : the manager was started with --enable-app-role-assignments. A farewell needs no switch.
	Enabled bool

	// turns are for a principal and an API.
	turns engine.Turns
}

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=approleassignments,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=approleassignments/status,verbs=patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations;entratenants;registrationpolicies,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch

func (k *Kind) resolver() reference.Resolver { return reference.Resolver{Cache: k.Cache} }

// Record tells who is given what, by ID: what is had or about to be given, and what was given before and is not taken away yet.
// Nothing is told of principals and APIs that are not what the spec names, so that a farewell never goes there.
func (k *Kind) Record(obj *v1alpha1.AppRoleAssignment, world World) {
	if !obj.DeletionTimestamp.IsZero() || !world.trusted(obj) {
		return
	}
	r := k.reckon(obj, world)
	roles := slices.Compact(slices.SortedFunc(slices.Values(slices.Concat(r.keep, r.give, r.take, r.forced)), byValue))
	status := &obj.Status
	if len(r.give) > 0 || slices.ContainsFunc(roles, func(role v1alpha1.NamedID) bool { return !slices.Contains(status.Roles, role) }) {
		status.Justification = obj.Spec.Justification
	}
	if seen := world.Client.Value; seen.DisplayName != "" || status.PrincipalObjectID != seen.ObjectID {
		status.PrincipalName = seen.DisplayName // Entra tells the name of a user or a group only with what it has been given
	}
	if world.Missing == nil {
		status.APIName = world.API.DisplayName
	}
	status.TenantName, status.TenantID = world.Tenant.Name, world.Tenant.ID
	status.PrincipalObjectID, status.APIObjectID = world.Client.Value.ObjectID, world.API.ObjectID
	status.Roles, status.Pending = roles, slices.Compact(slices.Sorted(slices.Values(r.pending)))
}

func byValue(a, b v1alpha1.NamedID) int {
	return cmp.Or(strings.Compare(a.Value, b.Value), strings.Compare(a.ID, b.ID))
}

// Package appregistration is the kind AppRegistration: an application in Entra, its service principal, the scopes and roles that
// it exposes, and the Secret that workloads mount.
package appregistration

import (
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// kindName as owner references and the gate know it.
const kindName = "AppRegistration"

// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations/status,verbs=patch
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=appregistrations/finalizers,verbs=update
// +kubebuilder:rbac:groups=entra-registrar.dev,resources=entratenants;federatedcredentials;approleassignments,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch
// +kubebuilder:rbac:groups="",resources=secrets,verbs=get;list;watch;create;update;delete

// Kind is what AppRegistrations add to the path. Its Binder's Cache also holds AppRegistrations and FederatedCredentials.
type Kind struct {
	Binder engine.Binder
	Gate   policy.Gate
	// Echo is told of every Secret that is written. Required.
	Echo *engine.Echo
}

var _ engine.Kind[*v1alpha1.AppRegistration, World] = (*Kind)(nil)

// Watches wake an AppRegistration when its tenant, its namespace or its Secret changes, or when somebody no longer holds a role of it
// that is waiting to be removed. Of Secrets only metadata is watched; the cache should hold those with our label alone.
func (k *Kind) Watches() []engine.Watch {
	secret := &metav1.PartialObjectMetadata{}
	secret.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
	all := &v1alpha1.AppRegistrationList{}
	return append(engine.Surroundings(k.Binder.Cache, all, mayUse),
		engine.Watch{Object: secret, Wakes: ownerOfSecret, When: k.Echo.Foreign()},
		engine.Watch{Object: &v1alpha1.AppRoleAssignment{}, Wakes: engine.Those(k.Binder.Cache, all, keepsFor), When: givesLess()},
	)
}

// mayUse : bound to the tenant, or bound to none and asking for it, or for the default.
func mayUse(obj *v1alpha1.AppRegistration, tenant string) bool {
	switch {
	case obj.Status.TenantName != "":
		return obj.Status.TenantName == tenant
	case obj.Spec.TenantRef != nil:
		return obj.Spec.TenantRef.Name == tenant
	default:
		return true
	}
}

// keepsFor : the assignment gave a role that is no longer in the spec, and may be all that keeps it.
func keepsFor(obj *v1alpha1.AppRegistration, changed client.Object) bool {
	assignment, is := changed.(*v1alpha1.AppRoleAssignment)
	if !is || assignment.Spec.API.AppRegistrationRef.Name != obj.Name {
		return false
	}
	return slices.ContainsFunc(assignment.Status.Roles, func(given v1alpha1.NamedID) bool {
		return !slices.ContainsFunc(obj.Spec.AppRoles, func(role v1alpha1.AppRole) bool {
			return role.Value == given.Value && (role.ID == "" || role.ID == given.ID)
		})
	})
}

// givesLess lets through only what takes roles away: a new assignment is none of the API's business.
func givesLess() predicate.Predicate {
	return predicate.Funcs{
		CreateFunc: func(event.CreateEvent) bool { return false },
		UpdateFunc: func(e event.UpdateEvent) bool {
			before, wasOne := e.ObjectOld.(*v1alpha1.AppRoleAssignment)
			after, isOne := e.ObjectNew.(*v1alpha1.AppRoleAssignment)
			return wasOne && isOne && len(after.Status.Roles) < len(before.Status.Roles)
		},
	}
}

func ownerOfSecret(_ context.Context, secret client.Object) []reconcile.Request {
	owner := metav1.GetControllerOf(secret)
	if owner == nil || owner.Kind != kindName || owner.APIVersion != v1alpha1.GroupVersion.String() {
		return nil
	}
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: secret.GetNamespace(), Name: owner.Name}}}
}

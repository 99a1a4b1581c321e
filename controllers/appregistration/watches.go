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
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Watches wake an AppRegistration when its tenant, its namespace or its Secret changes, when an AppRegistration that it names does, when
// somebody no longer holds a role of it that is waiting to be removed, or when it is given something itself. Of Secrets only metadata is
// watched; the cache should hold those with our label alone.
func (k *Kind) Watches(ownWrites *engine.OwnWrites) []engine.Watch {
	secret := &metav1.PartialObjectMetadata{}
	secret.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
	all, cache := &v1alpha1.AppRegistrationList{}, k.Binder.Cache
	return append(binding.Watches(cache, all, mayUse),
		engine.Watch{Object: secret, Wakes: ownerOfSecret, When: ownWrites.ByOthers()},
		engine.Watch{Object: &v1alpha1.AppRegistration{}, Wakes: engine.Everywhere(cache, all, names), When: engine.Changed(reference.Visible)},
		engine.Watch{Object: &v1alpha1.AppRoleAssignment{}, Wakes: engine.Everywhere(cache, all, keepsFor), When: givesLess()},
		engine.Watch{Object: &v1alpha1.AppRoleAssignment{}, Wakes: engine.InNamespace(cache, all, givesTo), When: engine.Changed(given)},
		engine.Watch{Object: &v1alpha1.DelegatedPermissionGrant{}, Wakes: engine.InNamespace(cache, all, grantsTo), When: engine.Changed(granted)},
	)
}

// mayUse reports whether the object is bound to the tenant, or bound to none and asking for it, or for the default.
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

// names reports whether the object refers to an AppRegistration, as an API or as a client.
func names(obj *v1alpha1.AppRegistration, changed client.Object) bool {
	app, is := changed.(*v1alpha1.AppRegistration)
	if !is {
		return false
	}
	if slices.ContainsFunc(obj.Spec.Permissions, func(p v1alpha1.Permissions) bool { return reference.Names(p.API, obj.Namespace, app) }) {
		return true
	}
	if obj.Spec.API == nil || app.Namespace != obj.Namespace {
		return false
	}
	is = slices.ContainsFunc(obj.Spec.API.PreAuthorizedClients, func(c v1alpha1.PreAuthorizedClient) bool { return namesClient(c.Client, app) })
	return is || slices.ContainsFunc(obj.Spec.API.KnownClients, func(c v1alpha1.ClientReference) bool { return namesClient(c, app) })
}

func namesClient(ref v1alpha1.ClientReference, app *v1alpha1.AppRegistration) bool {
	return ref.AppRegistrationRef != nil && ref.AppRegistrationRef.Name == app.Name
}

// keepsFor reports whether the assignment gave a role that is no longer in the spec, and may be all that keeps it.
func keepsFor(obj *v1alpha1.AppRegistration, changed client.Object) bool {
	assignment, is := changed.(*v1alpha1.AppRoleAssignment)
	if !is || !reference.Names(assignment.Spec.API, assignment.Namespace, obj) {
		return false
	}
	return slices.ContainsFunc(assignment.Status.Roles, func(given v1alpha1.NamedID) bool {
		return !slices.ContainsFunc(obj.Spec.AppRoles, func(role v1alpha1.AppRole) bool {
			return role.Value == given.Value && (role.ID == "" || string(role.ID) == given.ID)
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

// givesTo reports whether the assignment is about permissions that the object may declare.
func givesTo(obj *v1alpha1.AppRegistration, changed client.Object) bool {
	assignment, is := changed.(*v1alpha1.AppRoleAssignment)
	return is && receives(obj, assignment.Status.PrincipalObjectID)
}

func grantsTo(obj *v1alpha1.AppRegistration, changed client.Object) bool {
	grant, is := changed.(*v1alpha1.DelegatedPermissionGrant)
	return is && grant.Status.UserObjectID == "" && receives(obj, grant.Status.ClientObjectID)
}

func receives(obj *v1alpha1.AppRegistration, principalID string) bool {
	return len(obj.Spec.Permissions) > 0 && principalID != "" && obj.Status.ServicePrincipalObjectID == principalID
}

// given is what an assignment tells about consent.
func given(a *v1alpha1.AppRoleAssignment) any {
	return []any{inForce(a), a.Status.PrincipalObjectID, a.Status.APIObjectID, a.Status.Roles}
}

func granted(g *v1alpha1.DelegatedPermissionGrant) any {
	return []any{inForce(g), g.Status.ClientObjectID, g.Status.APIObjectID, g.Status.UserObjectID, g.Status.Scopes}
}

func ownerOfSecret(_ context.Context, secret client.Object) []reconcile.Request {
	owner := metav1.GetControllerOf(secret)
	if owner == nil || owner.Kind != kindName || owner.APIVersion != v1alpha1.GroupVersion.String() {
		return nil
	}
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: secret.GetNamespace(), Name: owner.Name}}}
}

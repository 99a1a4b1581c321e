package reference

import (
	"cmp"
	"fmt"
	"slices"

	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/binding"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// describe is what an AppRegistration tells of its API, to one namespace. A permission is there once Entra has it: its ID is in the
// status. What the spec no longer lists is being removed, and is disabled.
func describe(registration *v1alpha1.AppRegistration, asking binding.Namespace) API {
	status := registration.Status
	name := client.ObjectKeyFromObject(registration)
	api := API{
		Title: fmt.Sprintf("AppRegistration %q", name.Name), AppID: status.AppID, ObjectID: status.ServicePrincipalObjectID,
		DisplayName: registration.Spec.DisplayName, TenantName: status.TenantName,
		Managed: &name, Own: name.Namespace == asking.Name,
		Scopes: scopesOf(registration), AppRoles: rolesOf(registration),
		Deleting: !registration.DeletionTimestamp.IsZero(), Disabled: engine.Disabled(registration),
	}
	if api.Own {
		return api
	}
	api.Title = fmt.Sprintf("AppRegistration %q", name)
	for _, consumer := range registration.Spec.AllowedConsumers {
		if consumer.Namespaces.Selects(asking.Name, asking.Labels) {
			api.Consumers = append(api.Consumers, consumer)
		}
	}
	// The asking namespace may know of no other permissions.
	api.Scopes = slices.DeleteFunc(api.Scopes, func(p Permission) bool { return !api.LetsScope(p.Value) })
	api.AppRoles = slices.DeleteFunc(api.AppRoles, func(p Permission) bool {
		return !slices.ContainsFunc(api.Consumers, func(c v1alpha1.AllowedConsumer) bool { return slices.Contains(c.AppRoles, p.Value) })
	})
	return api
}

func definedScopes(registration *v1alpha1.AppRegistration) []v1alpha1.Scope {
	return ptr.Deref(registration.Spec.API, v1alpha1.API{}).Scopes
}

func scopesOf(registration *v1alpha1.AppRegistration) []Permission {
	defined := map[string]Permission{}
	for _, scope := range definedScopes(registration) {
		defined[scope.Value] = Permission{Enabled: ptr.Deref(scope.Enabled, true)}
	}
	return withIDs(defined, registration.Status.Scopes)
}

func rolesOf(registration *v1alpha1.AppRegistration) []Permission {
	defined := map[string]Permission{}
	for _, role := range registration.Spec.AppRoles {
		defined[role.Value] = Permission{
			Enabled: ptr.Deref(role.Enabled, true), Users: slices.Contains(role.AllowedMemberTypes, v1alpha1.MemberUser),
			Applications: slices.Contains(role.AllowedMemberTypes, v1alpha1.MemberApplication),
		}
	}
	return withIDs(defined, registration.Status.AppRoles)
}

// withIDs are the permissions that Entra has, as the spec defines them.
func withIDs(defined map[string]Permission, known []v1alpha1.NamedID) []Permission {
	permissions := make([]Permission, len(known))
	for i, entry := range known {
		permissions[i] = defined[entry.Value]
		permissions[i].Value, permissions[i].ID = entry.Value, entry.ID
	}
	return permissions
}

// Visible is what those that refer to an AppRegistration see of it: a change of it wakes them. Conditions are not part of it, but for
// that others have disabled it.
func Visible(app *v1alpha1.AppRegistration) any {
	return []any{
		app.Status.ServicePrincipalObjectID, app.Status.AppID, app.Status.TenantName, app.Status.Scopes, app.Status.AppRoles,
		app.Spec.AppRoles, definedScopes(app), app.Spec.AllowedConsumers, engine.Disabled(app),
	}
}

// Names reports whether a reference of an object in a namespace is to this AppRegistration, by name or by its application ID.
func Names(ref v1alpha1.APIReference, namespace string, app *v1alpha1.AppRegistration) bool {
	if ref.AppRegistrationRef == nil {
		return ref.AppID != "" && string(ref.AppID) == app.Status.AppID
	}
	return ref.AppRegistrationRef.Name == app.Name && cmp.Or(ref.AppRegistrationRef.Namespace, namespace) == app.Namespace
}

package approleassignment

import (
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// Watches are the objects that wake an AppRoleAssignment.
func (k *Kind) Watches() []engine.Watch {
	watches := []engine.Watch{
		{
			Object: &v1alpha1.AppRegistration{},
			Wakes: k.those(func(a *v1alpha1.AppRoleAssignment, app client.Object) bool {
				return a.Spec.Principal.AppRegistrationRef.Name == app.GetName() || a.Spec.API.AppRegistrationRef.Name == app.GetName()
			}),
			When: engine.Changed(func(app *v1alpha1.AppRegistration) any {
				return []any{app.Status.ServicePrincipalObjectID, app.Status.AppID, app.Status.TenantName, app.Status.AppRoles, closed(app)}
			}),
		},
		{
			// Another object that gives less, or goes, may leave something to give to those that share with it.
			Object: &v1alpha1.AppRoleAssignment{},
			Wakes: k.those(func(a *v1alpha1.AppRoleAssignment, changed client.Object) bool {
				other, is := changed.(*v1alpha1.AppRoleAssignment)
				return is && a.Name != other.Name && sharing(a, other)
			}),
			When: engine.Changed(func(other *v1alpha1.AppRoleAssignment) any {
				return []any{other.Spec.Roles, other.Status.Roles}
			}),
		},
	}
	return append(watches, engine.Surroundings(k.Cache, &v1alpha1.AppRoleAssignmentList{}, func(a *v1alpha1.AppRoleAssignment, tenant string) bool {
		return a.Status.TenantName == "" || a.Status.TenantName == tenant
	})...)
}

func (k *Kind) those(concerned func(*v1alpha1.AppRoleAssignment, client.Object) bool) handler.MapFunc {
	return engine.Those(k.Cache, &v1alpha1.AppRoleAssignmentList{}, concerned)
}

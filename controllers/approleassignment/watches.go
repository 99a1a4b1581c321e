package approleassignment

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// Watches are the objects that wake an AppRoleAssignment.
func (k *Kind) Watches() []engine.Watch {
	return []engine.Watch{
		{
			Object: &v1alpha1.AppRegistration{},
			Wakes: k.those(func(a *v1alpha1.AppRoleAssignment, app client.Object) bool {
				return a.Spec.Principal.AppRegistrationRef.Name == app.GetName() || a.Spec.API.AppRegistrationRef.Name == app.GetName()
			}),
			When: engine.Changed(func(app *v1alpha1.AppRegistration) any {
				return []any{app.Status.ServicePrincipalObjectID, app.Status.AppID, app.Status.TenantName, app.Status.AppRoles}
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
		{
			Object: &v1alpha1.EntraTenant{},
			Wakes: k.those(func(a *v1alpha1.AppRoleAssignment, tenant client.Object) bool {
				return a.Status.TenantName == "" || a.Status.TenantName == tenant.GetName()
			}),
			When: engine.Changed(func(tenant *v1alpha1.EntraTenant) any {
				return []any{tenant.Generation, tenant.Status.TenantID, tenant.Status.ClusterID}
			}),
		},
		{
			Object: &corev1.Namespace{},
			Wakes:  k.those(func(*v1alpha1.AppRoleAssignment, client.Object) bool { return true }),
			When:   engine.Changed(func(namespace *corev1.Namespace) any { return namespace.Labels }),
		},
	}
}

// those maps a changed object to the AppRoleAssignments that it concerns: in its own namespace, or, for one without, everywhere.
func (k *Kind) those(concerned func(*v1alpha1.AppRoleAssignment, client.Object) bool) handler.MapFunc {
	return func(ctx context.Context, changed client.Object) []reconcile.Request {
		namespace := changed.GetNamespace()
		if _, is := changed.(*corev1.Namespace); is {
			namespace = changed.GetName()
		}
		var all v1alpha1.AppRoleAssignmentList
		if err := k.Cache.List(ctx, &all, client.InNamespace(namespace)); err != nil {
			log.FromContext(ctx).Error(err, "list app role assignments")
			return nil
		}
		var requests []reconcile.Request
		for i := range all.Items {
			if concerned(&all.Items[i], changed) {
				requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(&all.Items[i])})
			}
		}
		return requests
	}
}

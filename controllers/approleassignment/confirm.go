package approleassignment

import (
	"fmt"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

// principalRefusal says why what Entra shows cannot be the principal: it is the operator's own, not what the spec says it is, or of
// somebody who is never a principal. Nil where it can.
func (w World) principalRefusal() *engine.Refusal {
	p, shown := w.Principal, w.ObservedPrincipal.Value.ServicePrincipal
	refuse := func(reason v1alpha1.Reason, format string, args ...any) *engine.Refusal {
		return engine.Refuse(reason, "%s: %s", p.Field, fmt.Sprintf(format, args...))
	}
	switch {
	case w.Tenant.Operator.Include(p.ObjectID, p.AppID, shown.ObjectID, shown.AppID):
		return refuse(v1alpha1.ReasonDenied, "it is the operator's own service principal, which is never a principal")
	case p.App.Name != "":
		return p.App.Confirm(shown, w.Tenant)
	case p.member():
		return nil
	case p.Kind == v1alpha1.PrincipalManagedIdentity && shown.Type != managedIdentity:
		return refuse(v1alpha1.ReasonInvalid, "service principal %s is no managed identity, but of type %q", shown.ObjectID, shown.Type)
	case shown.Type == serviceIdentity:
		return refuse(v1alpha1.ReasonDenied, "service principal %s is of type %s, which is never a principal", shown.ObjectID, shown.Type)
	case shown.OwnerTenantID != "" && shown.OwnerTenantID != w.Tenant.ID:
		return refuse(v1alpha1.ReasonDenied, "the application of service principal %s is registered in another tenant, %s: it is never a principal",
			shown.ObjectID, shown.OwnerTenantID)
	default:
		return nil
	}
}

// principalEnding is the end where the principal is not seen; nil where it is. One who is not of this cluster is asked for in Entra again
// and again; one that another namespace describes is answered as one that does not exist.
func (w World) principalEnding(obj *v1alpha1.AppRoleAssignment, expired bool) *permission.Ending {
	p, observed := w.Principal, w.ObservedPrincipal
	overdue := len(obj.Status.Roles) > 0 && !observed.IsAbsent() && (w.Withheld || expired)
	switch {
	case observed.IsPresent() && !p.OtherNamespace:
		return nil
	case w.Missing != nil && !overdue:
		return &permission.Ending{Wait: w.Missing}
	case p.OtherNamespace, p.App.Name == "" && (observed.IsAbsent() || obj.Status.PrincipalObjectID == ""):
		return &permission.Ending{Wait: &engine.Wait{What: fmt.Sprintf(
			"%s: %s does not exist in the tenant, or is not for namespace %q", p.Field, p.Title, w.Namespace.Name)}}
	case observed.IsAbsent():
		return &permission.Ending{Wait: permission.Gone(fmt.Sprintf("AppRegistration %q", p.Title))}
	default:
		return &permission.Ending{Again: engine.Lag}
	}
}

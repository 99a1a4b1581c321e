package approleassignment

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// stranger says why Entra's principal cannot be one: it is the operator's own, not what the spec says it is, or of somebody who is
// never a principal. Nil where it can.
func (w World) stranger() *engine.Refusal {
	p, seen := w.Principal, w.Client.Value.ServicePrincipal
	refuse := func(reason v1alpha1.Reason, format string, args ...any) *engine.Refusal {
		return &engine.Refusal{Reason: reason, Message: p.Field + ": " + fmt.Sprintf(format, args...)}
	}
	switch {
	case w.operators(p.ID, p.AppID, seen.ObjectID, seen.AppID):
		return refuse(v1alpha1.ReasonDenied, "it is the operator's own service principal, which is never a principal")
	case p.App.Name != "":
		return p.App.Confirm(seen, w.Tenant)
	case w.member():
		return nil
	case p.Kind == v1alpha1.PrincipalManagedIdentity && seen.Type != managedIdentity:
		return refuse(v1alpha1.ReasonInvalid, "service principal %s is no managed identity, but of type %q", seen.ObjectID, seen.Type)
	case seen.Type == serviceIdentity:
		return refuse(v1alpha1.ReasonDenied, "service principal %s is of type %s, which is never a principal", seen.ObjectID, seen.Type)
	case seen.OwnerTenantID != "" && seen.OwnerTenantID != w.Tenant.ID:
		return refuse(v1alpha1.ReasonDenied, "the application of service principal %s is registered in another tenant, %s: it is never a principal",
			seen.ObjectID, seen.OwnerTenantID)
	default:
		return nil
	}
}

// operators tells whether one of these IDs is the operator's own. Entra's IDs are GUIDs, and people write them both ways.
func (w World) operators(ids ...string) bool {
	return slices.ContainsFunc(w.Tenant.OperatorIDs, func(own string) bool {
		return slices.ContainsFunc(ids, func(id string) bool { return id != "" && strings.EqualFold(own, id) })
	})
}

// imposter says why the service principal that was seen is not the API's; nil where it is.
func (w World) imposter() *engine.Refusal {
	seen := w.Resource.Value
	if refusal := w.API.Confirm(seen, w.Tenant); refusal != nil {
		return refusal
	}
	if w.API.AppID != "" && seen.AppID != w.API.AppID {
		return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
			"service principal %s is of application %s, and not that of %s", seen.ObjectID, seen.AppID, w.API.Title)}
	}
	return nil
}

// trusted tells whether all that was seen is what the spec names.
func (w World) trusted(obj *v1alpha1.AppRoleAssignment) bool {
	return w.Client.IsPresent() && !w.Principal.Elsewhere && misbound(obj, w) == nil && w.stranger() == nil &&
		(!w.Looked || w.Resource.IsPresent() && w.imposter() == nil)
}

package approleassignment

import (
	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
)

// World is what an AppRoleAssignment's decisions rest on.
type World struct {
	permission.World
	// Principal is what the spec names; of an AppRegistration, in a deletion and where something is missing, what status tells. It is only a
	// hint until ObservedPrincipal confirms it.
	Principal Principal
	// ObservedPrincipal is the principal in Entra with the roles that it has been given.
	ObservedPrincipal entra.Observed[entra.Client]
}

func (w World) misbound(obj *v1alpha1.AppRoleAssignment) *permission.Ending {
	return w.Misbound(obj.Status.TenantBinding, w.Principal.App, words)
}

// bound reports whether status is about this very principal and API.
func (w World) bound(obj *v1alpha1.AppRoleAssignment) bool {
	return obj.Status.PrincipalObjectID == w.ObservedPrincipal.Value.ObjectID && obj.Status.APIObjectID == w.API.ObjectID
}

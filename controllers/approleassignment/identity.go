package approleassignment

import (
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// serviceIdentity is the type of service principals that Microsoft makes for agents.
const serviceIdentity = "ServiceIdentity"

// stranger says which of the two service principals is not what its AppRegistration's status claims, or is the operator's own;
// nil where Entra itself confirms both.
func stranger(obj *v1alpha1.AppRoleAssignment, world World) *engine.Refusal {
	for _, side := range []struct {
		app  App
		seen entra.ServicePrincipal
	}{
		{world.Principal, world.Client.Value.ServicePrincipal},
		{world.Resource, world.API.Value},
	} {
		switch {
		case operators(side.app, side.seen, world.Tenant):
			return &engine.Refusal{Reason: v1alpha1.ReasonDenied, Message: fmt.Sprintf(
				"AppRegistration %q names the operator's own service principal, which is never a principal or an API", side.app.Name)}
		case !confirmed(obj.Namespace, side.app, side.seen, world.Tenant):
			return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
				"service principal %s, which AppRegistration %q names, is not its own in Entra: it is of application %s and tagged %q",
				side.app.ID, side.app.Name, side.seen.AppID, entra.Marks(side.seen.Tags))}
		}
	}
	return nil
}

func operators(app App, seen entra.ServicePrincipal, tenant engine.Tenant) bool {
	return app.ID == tenant.ObjectID || seen.ObjectID == tenant.ObjectID ||
		slices.Contains(tenant.ClientIDs, app.AppID) || slices.Contains(tenant.ClientIDs, seen.AppID)
}

// confirmed tells whether Entra says that this is the AppRegistration's service principal, made by this cluster in this tenant.
func confirmed(namespace string, app App, seen entra.ServicePrincipal, tenant engine.Tenant) bool {
	return (app.AppID == "" || app.AppID == seen.AppID) &&
		seen.Type != serviceIdentity &&
		(seen.OwnerTenantID == "" || seen.OwnerTenantID == tenant.ID) &&
		entra.Marked(seen.Tags, entra.TagObject, namespace+"/"+app.Name) &&
		entra.Marked(seen.Tags, entra.TagClusterUID, tenant.ClusterUIDs...)
}

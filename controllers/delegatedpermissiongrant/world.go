package delegatedpermissiongrant

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/permission"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// World is what a DelegatedPermissionGrant's decisions rest on.
type World struct {
	permission.World
	// Client is what the spec names; in a deletion, and where something is missing, what status tells. It is only a hint until
	// ObservedClient confirms it.
	Client reference.App
	// UserID is the object ID of the one user; empty for all.
	UserID string
	// Grants that the client has in Entra.
	Grants entra.Observed[[]entra.Grant]
	// ObservedClient is the client's service principal in Entra; nil where it was not asked for, as for ObservedAPI. That is not asked for
	// where the resolver has just read it.
	ObservedClient *entra.Observed[entra.Client]
}

// key of the grant that it is about.
func (w World) key() entra.GrantKey {
	return entra.GrantKey{ClientID: w.Client.ServicePrincipalObjectID, ResourceID: w.API.ObjectID, UserID: w.UserID}
}

func keyOf(status v1alpha1.DelegatedPermissionGrantStatus) entra.GrantKey {
	return entra.GrantKey{ClientID: status.ClientObjectID, ResourceID: status.APIObjectID, UserID: status.UserObjectID}
}

// bound reports whether status is about this very grant.
func (w World) bound(obj *v1alpha1.DelegatedPermissionGrant) bool {
	return w.key() == keyOf(obj.Status)
}

func (w World) misbound(obj *v1alpha1.DelegatedPermissionGrant) *permission.Ending {
	return w.Misbound(obj.Status.TenantBinding, w.Client, words)
}

// clientTitle is how messages call the client.
func (w World) clientTitle() string { return fmt.Sprintf("AppRegistration %q", w.Client.Name) }

// clientShown is what Entra shows of the client; zero where it was not asked.
func (w World) clientShown() entra.Client {
	if w.ObservedClient == nil {
		return entra.Client{}
	}
	return w.ObservedClient.Value
}

// grant is the one that it is about, as Entra has it.
func (w World) grant() (entra.Grant, bool) {
	at := slices.IndexFunc(w.Grants.Value, func(g entra.Grant) bool { return g.GrantKey == w.key() })
	if at < 0 {
		return entra.Grant{GrantKey: w.key()}, false
	}
	return w.Grants.Value[at], true
}

// clientEnding is the end where the client was asked for and is not what the spec names; nil where there is none.
func (w World) clientEnding() *permission.Ending {
	if w.ObservedClient == nil {
		return nil
	}
	shown := w.ObservedClient.Value.ServicePrincipal
	return cmp.Or(permission.Unseen(w.ObservedClient, w.Gone(w.clientTitle())), w.Refused(w.Client.Confirm(shown, w.Tenant)))
}

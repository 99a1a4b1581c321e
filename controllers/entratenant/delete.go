package entratenant

import (
	"context"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// decideDeletion waits for the objects: they take back what they made, through this tenant. Nothing of a tenant's own is in Entra.
func decideDeletion(obj *v1alpha1.EntraTenant, world World) decision {
	switch {
	case len(world.Objects) > 0:
		return decision{Wait: &engine.Wait{What: "held by " + firstThree(world.Objects) + "; delete what is left of it first", Watched: true}}
	case !world.Closed:
		return decision{Steps: []engine.Step[World]{closeConnections{string(obj.UID)}}}
	default:
		return decision{}
	}
}

// closeConnections forgets the connections of the tenant with this UID.
type closeConnections struct{ uid string }

func (closeConnections) String() string { return "close the connection" }

func (s closeConnections) Do(_ context.Context, clients engine.Clients, world *World) error {
	for _, privileged := range []bool{false, true} {
		clients.Tenants.Close(entra.TenantKey{UID: s.uid, Privileged: privileged})
	}
	world.Closed = true
	return nil
}

package entratenant

import (
	"context"
	"fmt"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// hold has nothing left to do: before any step the engine adds the finalizer and records the intent, which here is the tenant's ID
// and the cluster's name in it. Only then can an object be bound.
type hold struct{ clusterID string }

func (s hold) String() string {
	return fmt.Sprintf("hold the tenant while objects name it; this cluster is %s there", s.clusterID)
}

func (hold) Do(context.Context, engine.Hands, *World) error { return nil }

// closing forgets the connections.
type closing struct{}

func (closing) String() string { return "close the connection" }

func (closing) Do(_ context.Context, hands engine.Hands, world *World) error {
	for _, privileged := range []bool{false, true} {
		hands.Tenants.Close(entra.TenantKey{UID: world.Tenant.Key.UID, Privileged: privileged})
	}
	world.Closed = true
	return nil
}

package appregistration

import (
	"context"
	"maps"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// observeServicePrincipal looks at the service principal of an application of this cluster. That it cannot be had is part of the world.
type observeServicePrincipal struct{ appID string }

func observations(appIDs []string) []engine.Step[World] {
	steps := make([]engine.Step[World], len(appIDs))
	for i, appID := range appIDs {
		steps[i] = observeServicePrincipal{appID}
	}
	return steps
}

func (s observeServicePrincipal) String() string {
	return "look at the service principal of client ID " + s.appID
}

func (s observeServicePrincipal) Do(ctx context.Context, clients engine.Clients, world *World) error {
	principal, err := clients.Directory.APIByAppID(ctx, s.appID, 0)
	observed := map[string]found[entra.ServicePrincipal]{s.appID: {principal, err}}
	maps.Copy(observed, world.observed)
	world.observed = observed
	return nil
}

// observeHolders looks who has been given the app roles of the API: only before one is removed.
type observeHolders struct{ principalObjectID string }

func (s observeHolders) String() string { return "look who holds the app role" }

func (s observeHolders) Do(ctx context.Context, clients engine.Clients, world *World) (err error) {
	world.holdersLookedAt = true
	world.holders, err = entra.Observe(clients.Directory.Holders(ctx, s.principalObjectID))
	return err
}

package appregistration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// createPrincipal makes the service principal. Former is the client ID that this application could not have back.
type createPrincipal struct {
	principal entra.NewServicePrincipal
	former    string
}

func (s createPrincipal) String() string {
	if s.former != "" {
		return fmt.Sprintf("create service principal: client ID %s takes the place of %s", s.principal.AppID, s.former)
	}
	return "create service principal"
}

func (s createPrincipal) Do(ctx context.Context, clients engine.Clients, world *World) error {
	principal, err := clients.Directory.CreateServicePrincipal(ctx, s.principal)
	if errors.Is(err, entra.ErrExists) {
		return findPrincipal(ctx, clients.Directory, s.principal.AppID, world)
	}
	if err != nil {
		return err
	}
	world.principal = entra.Present(principal)
	return nil
}

// findPrincipal looks for the one that is there already: live, else deleted. Without an error of the look itself it returns ErrFound.
func findPrincipal(ctx context.Context, reader entra.Reader, appID string, world *World) error {
	live, err := entra.Observe(reader.ServicePrincipal(ctx, appID))
	if err != nil {
		return fmt.Errorf("get service principal: %w", err)
	}
	if live.IsPresent() {
		world.principal = live
		return engine.ErrFound
	}
	deleted, err := entra.Observe(reader.DeletedServicePrincipal(ctx, appID))
	if err != nil {
		return fmt.Errorf("get deleted service principal: %w", err)
	}
	if !deleted.IsPresent() {
		return fmt.Errorf("it exists already, and is not shown: %w", entra.ErrLagging)
	}
	world.deletedPrincipal = deleted
	return engine.ErrFound
}

type updatePrincipal struct {
	objectID string
	patch    entra.ServicePrincipalPatch
	words    []string
}

func (s updatePrincipal) String() string {
	return "update service principal: " + strings.Join(s.words, ", ")
}

func (s updatePrincipal) Do(ctx context.Context, clients engine.Clients, world *World) error {
	if err := clients.Directory.UpdateServicePrincipal(ctx, s.objectID, s.patch); err != nil {
		return err
	}
	s.patch.Apply(&world.principal.Value)
	return nil
}

// restorePrincipal brings a deleted one back, with its object ID.
type restorePrincipal struct{ objectID, appID string }

func (s restorePrincipal) String() string { return "restore service principal of client ID " + s.appID }

func (s restorePrincipal) Do(ctx context.Context, clients engine.Clients, world *World) error {
	principal, err := clients.Directory.RestoreServicePrincipal(ctx, s.objectID, s.appID)
	if err != nil {
		return err
	}
	world.principal, world.deletedPrincipal = entra.Present(principal), entra.Absent[entra.ServicePrincipal]()
	return nil
}

// observeServicePrincipal looks at the service principal of an application of this cluster. That it cannot be had is part of the world.
type observeServicePrincipal struct{ appID string }

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

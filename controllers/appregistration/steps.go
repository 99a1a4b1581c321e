package appregistration

import (
	"context"
	"errors"
	"fmt"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// createApplication by POST. Former is the deleted application that keeps the name before this one.
type createApplication struct {
	app    entra.NewApplication
	former *entra.Application
}

func (s createApplication) String() string {
	text := "create application " + s.app.UniqueName
	if s.former != nil {
		text += fmt.Sprintf(", because %s is kept by a deleted application, client ID %s, that cannot be had back", s.former.UniqueName, s.former.AppID)
	}
	return text
}

func (s createApplication) Do(ctx context.Context, clients engine.Clients, world *World) error {
	if s.former != nil {
		world.giveUp(*s.former)
	}
	app, err := clients.Directory.CreateApplication(ctx, s.app)
	if errors.Is(err, entra.ErrExists) {
		return findHolder(ctx, clients.Directory, s.app.UniqueName, world)
	}
	if err != nil {
		return err
	}
	world.application, world.provenance = entra.Present(app), justCreated
	world.principal, world.deletedPrincipal = entra.Observed[entra.ServicePrincipal]{}, entra.Observed[entra.ServicePrincipal]{}
	return nil
}

// findHolder looks who has a name that is taken: a live application, else a deleted one, else nobody that Entra shows. Without an
// error of the look itself it returns ErrFound.
func findHolder(ctx context.Context, reader entra.Reader, name string, world *World) error {
	live, err := entra.Observe(reader.ApplicationByName(ctx, name))
	if err != nil {
		return fmt.Errorf("look who has the name: %w", err)
	}
	if live.IsPresent() {
		if err := world.gatherEvidence(ctx, reader, live.Value.ObjectID); err != nil {
			return err
		}
		world.application, world.provenance = live, foundByName
		return engine.ErrFound
	}
	deleted, err := entra.Observe(reader.DeletedApplicationByName(ctx, name))
	if err != nil {
		return fmt.Errorf("look through the deleted applications: %w", err)
	}
	world.deleted = deleted
	if !deleted.IsPresent() {
		world.nameTaken = name
	}
	return engine.ErrFound
}

// updateApplication patches what differs, and nothing else.
type updateApplication struct {
	objectID string
	patch    entra.ApplicationPatch
	// description of what the patch changes, and why where it is not the spec.
	description string
}

func (s updateApplication) String() string {
	return "update application: " + s.description
}

func (s updateApplication) Do(ctx context.Context, clients engine.Clients, world *World) error {
	if err := clients.Directory.UpdateApplication(ctx, s.objectID, s.patch); err != nil {
		return err
	}
	s.patch.Apply(&world.application.Value.ApplicationSettings)
	return nil
}

// restoreApplication brings a deleted one back, and reads at once what could not be read of it while it was deleted. Where Entra
// refuses, its name cannot be had back.
type restoreApplication struct {
	app      entra.Application
	recorded bool
}

func (s restoreApplication) String() string {
	return fmt.Sprintf("restore application %s, client ID %s", s.app.UniqueName, s.app.AppID)
}

func (s restoreApplication) Do(ctx context.Context, clients engine.Clients, world *World) error {
	app, err := clients.Directory.RestoreApplication(ctx, s.app.ObjectID)
	if _, refused := errors.AsType[entra.Refused](err); refused {
		world.giveUp(s.app)
		return nil
	}
	if err != nil {
		return err
	}
	world.application, world.deleted = entra.Present(app), entra.Absent[entra.Application]()
	if world.provenance = justRestored; s.recorded {
		world.provenance = foundByRecord
	} else if err := world.gatherEvidence(ctx, clients.Directory, app.ObjectID); err != nil {
		return err
	}
	deleted, err := entra.Observe(clients.Directory.DeletedServicePrincipal(ctx, app.AppID))
	if err != nil {
		return fmt.Errorf("look for its deleted service principal: %w", err)
	}
	world.principal, world.deletedPrincipal = entra.Absent[entra.ServicePrincipal](), deleted
	return nil
}

// deleteApplication softly; again where it was restored and turned out not to be ours alone: its name cannot be had back.
type deleteApplication struct {
	app   entra.Application
	again bool
}

func (s deleteApplication) String() string {
	if s.again {
		return fmt.Sprintf("delete application %s again, client ID %s: others have a hand in it", s.app.UniqueName, s.app.AppID)
	}
	return "delete application " + s.app.UniqueName
}

func (s deleteApplication) Do(ctx context.Context, clients engine.Clients, world *World) error {
	if err := clients.Directory.DeleteApplication(ctx, s.app.ObjectID); err != nil {
		return err
	}
	world.application, world.deleted = entra.Absent[entra.Application](), entra.Present(s.app)
	if s.again {
		world.giveUp(s.app)
	}
	return nil
}

type purgeApplication struct{ app entra.Application }

func (s purgeApplication) String() string { return "purge application " + s.app.UniqueName }

func (s purgeApplication) Do(ctx context.Context, clients engine.Clients, world *World) error {
	if err := clients.Directory.PurgeApplication(ctx, s.app.ObjectID); err != nil {
		return err
	}
	world.deleted = entra.Absent[entra.Application]()
	return nil
}

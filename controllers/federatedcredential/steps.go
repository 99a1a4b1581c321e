package federatedcredential

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

type create struct{ credential entra.FederatedCredential }

func (s create) String() string {
	return fmt.Sprintf("create federated credential %s for %q of %q", s.credential.Name, s.credential.Subject, s.credential.Issuer)
}

func (s create) Do(ctx context.Context, clients engine.Clients, world *World) error {
	made, err := clients.Directory.CreateFederatedCredential(ctx, world.Trust.Value.ApplicationID, s.credential)
	if err != nil {
		return readAgain(ctx, clients.Directory, world, s.credential, err)
	}
	world.put(made)
	return nil
}

// readAgain reads what stands in the way of a write that failed, and leaves it to Decide. Where nothing is shown, Entra lags.
func readAgain(ctx context.Context, directory entra.Reader, world *World, want entra.FederatedCredential, failed error) error {
	if !errors.Is(failed, entra.ErrExists) {
		return failed
	}
	trust, err := directory.Trust(ctx, world.Trust.Value.ApplicationID)
	if err != nil {
		return fmt.Errorf("read what already exists: %w", err)
	}
	if !slices.ContainsFunc(trust.Credentials, func(c entra.FederatedCredential) bool {
		return c.ID != want.ID && (strings.EqualFold(c.Name, want.Name) || sameSubject(c, want))
	}) {
		return entra.ErrLagging
	}
	world.Trust = entra.Present(trust)
	return nil
}

// update changes a credential in place.
type update struct {
	credential entra.FederatedCredential
	patch      entra.FederatedCredentialPatch
	changed    []string
}

func (s update) String() string {
	return fmt.Sprintf("update federated credential %s: %s", s.credential.Name, strings.Join(s.changed, ", "))
}

func (s update) Do(ctx context.Context, clients engine.Clients, world *World) error {
	changed := s.credential
	s.patch.Apply(&changed)
	if err := clients.Directory.UpdateFederatedCredential(ctx, world.Trust.Value.ApplicationID, s.credential.ID, s.patch); err != nil {
		return readAgain(ctx, clients.Directory, world, changed, err)
	}
	world.put(changed)
	return nil
}

type remove struct{ credential entra.FederatedCredential }

func (s remove) String() string { return "delete federated credential " + s.credential.Name }

func (s remove) Do(ctx context.Context, clients engine.Clients, world *World) error {
	if err := clients.Directory.DeleteFederatedCredential(ctx, world.Trust.Value.ApplicationID, s.credential.ID); err != nil {
		return err
	}
	world.drop(s.credential.Name)
	world.Deleted = true
	return nil
}

// readIdentity reads the service principal of a managed identity that is to be trusted.
type readIdentity struct{ objectID string }

func (readIdentity) String() string { return "read the managed identity's service principal" }

func (s readIdentity) Do(ctx context.Context, clients engine.Clients, world *World) error {
	seen, err := entra.Observe(clients.Directory.API(ctx, s.objectID))
	if err == nil {
		world.ObservedIdentity = &seen
	}
	return err
}

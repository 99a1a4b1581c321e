package federatedcredential

import (
	"context"
	"fmt"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// readFarewell looks where the object's own status says that it made something: the AppRegistration may be gone already.
func (k *Kind) readFarewell(ctx context.Context, obj *v1alpha1.FederatedCredential) (World, error) {
	var world World
	status := obj.Status
	if status.TenantName == "" || status.ApplicationObjectID == "" {
		return world, nil
	}
	basis, reader, err := k.Binder.Bind(ctx, obj, status.TenantName, true)
	if err != nil {
		return world, err
	}
	world.Basis = basis
	world.App = App{ObjectID: status.ApplicationObjectID, UniqueName: status.ApplicationUniqueName}
	if world.Left, err = k.left(ctx, obj, status.AnnotatedServiceAccount, ownAccount(obj)); err != nil {
		return world, err
	}
	if world.Tenant.Abandoned || k.misbound(obj, world) != nil {
		return world, nil
	}
	if world.Trust, err = entra.Observe(reader.Trust(ctx, status.ApplicationObjectID)); err != nil {
		return world, fmt.Errorf("read the application's federated credentials: %w", err)
	}
	return world, nil
}

// farewell takes back what the status names: annotations of ours, and the credential, if the application is still the one it was.
func (k *Kind) farewell(obj *v1alpha1.FederatedCredential, world World, now time.Time) plan {
	steps := removals(obj, world)
	status := obj.Status
	switch {
	case status.ApplicationObjectID == "" || world.Tenant.Abandoned:
		return engine.Do(steps...)
	case k.misbound(obj, world) != nil:
		return plan{Refusal: k.misbound(obj, world)}
	default:
		return takeBack(obj, world, steps, now)
	}
}

// takeBack adds the credential to the steps, where it is there and ours.
func takeBack(obj *v1alpha1.FederatedCredential, world World, steps []engine.Step[World], now time.Time) plan {
	have, exists := world.named(obj.Status.CredentialName)
	switch {
	case exists && world.ours(obj):
		steps = append(steps, remove{have})
	case len(steps) == 0 && (world.Trust.IsUnknown() || !exists && world.mayAppear(obj, now)):
		return engine.LookAgain[World](engine.Lag)
	}
	return engine.Do(steps...)
}

// mayAppear tells whether a credential that the list lacks may be one that we made before a crash.
func (w World) mayAppear(obj *v1alpha1.FederatedCredential, now time.Time) bool {
	return w.Trust.IsPresent() && !w.Removed && now.Sub(obj.CreationTimestamp.Time) < engine.Young
}

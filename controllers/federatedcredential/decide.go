package federatedcredential

import (
	"cmp"
	"fmt"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

type plan = engine.Plan[World]

// Decide compares the credential, and then the ServiceAccount's annotations, with what obj asks for.
func (k *Kind) Decide(obj *v1alpha1.FederatedCredential, world World, now time.Time) engine.Plan[World] {
	if !obj.DeletionTimestamp.IsZero() {
		return k.farewell(obj, world, now)
	}
	if refusal := k.misbound(obj, world); refusal != nil {
		return plan{Refusal: refusal}
	}
	name := obj.Spec.AppRegistrationRef.Name
	switch {
	case world.Trust.IsAbsent():
		return engine.WaitFor[World](engine.Wait{
			What:    fmt.Sprintf("the application of AppRegistration %q is gone from Entra; it has to be made again first", name),
			Watched: true,
		})
	case !world.Trust.IsPresent():
		return engine.LookAgain[World](engine.Lag)
	case !world.ours(obj):
		return engine.Refuse[World](v1alpha1.ReasonConflict, fmt.Sprintf(
			"application %s, which AppRegistration %q names, is not its own in Entra: it is called %q and tagged %q",
			world.App.ObjectID, name, world.Trust.Value.UniqueName, entra.Marks(world.Trust.Value.Tags)))
	}
	p := k.trust(obj, world)
	if p.Refusal == nil && p.Wait == nil {
		p.Steps = append(p.Steps, k.annotations(obj, world)...)
		p.Unsynced = both(foreign(world), p.Unsynced)
	}
	return p
}

// misbound says why obj cannot be looked at in this tenant; nil where it can.
func (k *Kind) misbound(obj *v1alpha1.FederatedCredential, world World) *engine.Refusal {
	bound := obj.Status.TenantBinding
	switch {
	case bound.TenantID != "" && bound.TenantID != world.Tenant.ID:
		return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
			"EntraTenant %q is tenant %s now, and this object was made in tenant %s", bound.TenantName, world.Tenant.ID, bound.TenantID)}
	case world.App.TenantName != "" && world.App.TenantName != world.Tenant.Name:
		return &engine.Refusal{Reason: v1alpha1.ReasonConflict, Message: fmt.Sprintf(
			"AppRegistration %q is in EntraTenant %q now, and this object was made in %q: create another FederatedCredential",
			obj.Spec.AppRegistrationRef.Name, world.App.TenantName, world.Tenant.Name)}
	}
	return nil
}

// both is what a person should know of two things; the first names the reason.
func both(first, second *engine.Refusal) *engine.Refusal {
	if first == nil || second == nil {
		return cmp.Or(first, second)
	}
	return &engine.Refusal{Reason: first.Reason, Message: first.Message + "; " + second.Message}
}

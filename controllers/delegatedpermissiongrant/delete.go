package delegatedpermissiongrant

import (
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
)

// farewell takes away what the status says was named and nobody else names. Where the client is gone, so are its grants; one that is not
// ours in Entra is left alone.
func (k *Kind) farewell(obj *v1alpha1.DelegatedPermissionGrant, world World, now time.Time) plan {
	switch refusal := misbound(obj, world); {
	case obj.Status.ClientObjectID == "" || world.Tenant.Abandoned:
		return plan{}
	case refusal != nil:
		return plan{Refusal: refusal}
	case world.gone() != "":
		return plan{}
	case !world.seen():
		return engine.LookAgain[World](engine.Lag)
	case world.stranger() != nil:
		return plan{}
	}
	steps := k.steps(obj, world, k.reckon(obj, world))
	if len(steps) == 0 && world.unshown(obj.Status.Scopes) && now.Sub(obj.CreationTimestamp.Time) < engine.Young {
		return engine.LookAgain[World](engine.Lag)
	}
	return engine.Do(steps...)
}

// unshown tells whether Entra lacks a scope that was about to be consented to, and that we have not just taken away.
func (w World) unshown(scopes []string) bool {
	return slices.ContainsFunc(scopes, func(scope string) bool {
		return !w.holds(scope) && !slices.Contains(w.Taken, scope)
	})
}

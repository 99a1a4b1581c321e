package appregistration

import (
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// missedAgain is how soon a farewell looks again for an application that Entra did not show: gone is what was missed twice, at
// least five minutes apart.
const missedAgain = 30 * time.Second

// farewell takes away what is ours, by our record and the names that we chose, and nothing else. Its service principal goes with
// the application.
func (k *Kind) farewell(obj *v1alpha1.AppRegistration, world World, id identity) plan {
	if obj.Spec.DeletionPolicy == v1alpha1.DeletionOrphan {
		return plan{}
	}
	if world.application.IsPresent() {
		yes, known := mine(id, world)
		switch {
		case !known:
			return engine.LookAgain[World](missedAgain)
		case !yes:
			return plan{}
		}
		return engine.Do[World](deleteApplication{app: world.application.Value})
	}
	if obj.Spec.DeletionPolicy == v1alpha1.DeletionPurge && k.mayPurge(obj, world) {
		return purge(world, id)
	}
	if world.application.IsUnknown() && !world.grave.IsPresent() {
		return engine.LookAgain[World](missedAgain)
	}
	return plan{}
}

// purge what is deleted and ours.
func purge(world World, id identity) plan {
	switch {
	case world.grave.IsPresent() && len(id.contradictions(world.grave.Value)) == 0:
		return engine.Do[World](purgeApplication{app: world.grave.Value})
	case world.grave.IsPresent(), world.grave.IsAbsent() && world.application.IsAbsent():
		return plan{}
	case world.found == byName && world.application.IsAbsent(): // never made
		return plan{}
	default:
		return engine.LookAgain[World](missedAgain)
	}
}

// mayPurge : a purge that is denied leaves the application deleted softly, so that a policy never holds a farewell.
func (k *Kind) mayPurge(obj *v1alpha1.AppRegistration, world World) bool {
	ask := askOf(world.Basis)
	ask.Requests = []policy.Request{deletion(obj.Spec)}
	return len(k.Gate.Evaluate(ask).Denied) == 0
}

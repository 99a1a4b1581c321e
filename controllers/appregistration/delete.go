package appregistration

import (
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

// missedAgain is how soon a deletion looks again for an application that Entra did not show: gone is what was missed twice, at least five
// minutes apart.
const missedAgain = 30 * time.Second

// delete takes away what is ours, by our record and the names that we chose, and nothing else. Its service principal goes with the
// application.
func (s *stages) delete(gate policy.Gate) decision {
	world := s.world
	if s.obj.Spec.DeletionPolicy == v1alpha1.DeletionOrphan {
		return decision{}
	}
	if world.application.IsPresent() {
		may, known := mayDelete(s.id, world)
		s.owned = may && known
		switch {
		case !known:
			return decision{Again: missedAgain}
		case !may:
			return decision{}
		}
		return decision{Steps: []engine.Step[World]{deleteApplication{app: world.application.Value}}}
	}
	if s.obj.Spec.DeletionPolicy == v1alpha1.DeletionPurge && s.mayPurge(gate) {
		return s.purge()
	}
	if world.application.IsUnknown() && !world.deleted.IsPresent() {
		return decision{Again: missedAgain}
	}
	return decision{}
}

func (s *stages) purge() decision {
	world := s.world
	switch {
	case world.deleted.IsPresent() && len(ownershipConflicts(s.id, world.deleted.Value)) == 0:
		return decision{Steps: []engine.Step[World]{purgeApplication{app: world.deleted.Value}}}
	case world.deleted.IsPresent(),
		world.application.IsAbsent() && (world.deleted.IsAbsent() || world.provenance == foundByName): // one without a record was never made
		return decision{}
	default:
		return decision{Again: missedAgain}
	}
}

// mayPurge reports whether policy lets it: a purge that is denied leaves the application deleted softly, so that a policy never holds up a
// deletion.
func (s *stages) mayPurge(gate policy.Gate) bool {
	review := reviewOf(s.world)
	review.Requests = []policy.Request{deletionRequest(s.obj.Spec)}
	return len(gate.Evaluate(review).Denied) == 0
}

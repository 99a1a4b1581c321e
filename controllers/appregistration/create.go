package appregistration

import (
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

const (
	// lagLimit is how long a name that is taken by nothing we can see counts as lag.
	lagLimit = 10 * time.Minute
	// restoreAge is how old an object must be before a deleted application is restored for it: what is applied with it, federated
	// credentials above all, is part of the judgement.
	restoreAge = 10 * time.Second
)

// create makes an application, or restores a deleted one of ours.
func (s *stages) create() decision {
	world := s.world
	switch {
	case world.deleted.IsPresent() && mayRestore(s.id, world.deleted.Value, s.obj.Status.ObjectID):
		return s.restore(world.deleted.Value)
	case !world.deleted.IsPresent() && world.application.IsUnknown() && world.provenance == foundByRecord:
		return decision{Again: engine.Lag}
	case world.nameTaken != "":
		return s.waitForName(world.nameTaken)
	}
	name, former, free := s.nextName()
	if !free {
		return decision{Refusal: engine.Refuse(v1alpha1.ReasonConflict,
			"the names %s and %s are both held by deleted applications that cannot be restored: purge them in Entra's deleted items", s.id.First, s.id.Second)}
	}
	return decision{Steps: []engine.Step[World]{createApplication{
		app:    entra.NewApplication{UniqueName: name, OwnerID: world.Tenant.ObjectID, ApplicationSettings: s.diff.Created},
		former: former,
	}}}
}

// restore a deleted application: at once where we have a record of it.
func (s *stages) restore(deleted entra.Application) decision {
	recorded := deleted.ObjectID == s.obj.Status.ObjectID
	if age := s.now.Sub(s.obj.CreationTimestamp.Time); !recorded && age < restoreAge {
		return decision{Again: restoreAge - age}
	}
	return decision{Steps: []engine.Step[World]{restoreApplication{app: deleted, recorded: recorded}}}
}

// waitForName takes a name that nothing we can see has for lag, and after a while for somebody else's.
func (s *stages) waitForName(name string) decision {
	if s.now.Sub(s.unsyncedSince()) < lagLimit {
		return decision{Again: engine.Lag}
	}
	return decision{Refusal: engine.Refuse(v1alpha1.ReasonConflict,
		"Entra says that the name %s is taken, but shows no application, live or deleted, that has it", name)}
}

// nextName is the name to create under, with the deleted application that keeps the one before it.
func (s *stages) nextName() (name string, former *entra.Application, free bool) {
	names := []string{s.id.First, s.id.Second}
	if s.obj.Status.UniqueName == s.id.Second {
		names = names[1:]
	}
	for _, name := range names {
		holder := s.world.deletedHolder(name)
		if holder == nil {
			return name, former, true
		}
		former = holder
	}
	return "", nil, false
}

// unsyncedSince is since when the object has not been as its spec says.
func (s *stages) unsyncedSince() time.Time {
	since, synced := s.obj.CreationTimestamp.Time, meta.FindStatusCondition(s.obj.Status.Conditions, v1alpha1.ConditionSynced)
	switch {
	case synced != nil && synced.Status == metav1.ConditionTrue:
		return s.now
	case synced != nil && synced.LastTransitionTime.After(since):
		return synced.LastTransitionTime.Time
	default:
		return since
	}
}

package appregistration

import (
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/appregistration/application"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

type decision = engine.Decision[*v1alpha1.AppRegistration, World]

// Decide takes the stages in their order: whose the application is, what the spec asks for, how that differs from Entra, what the gate
// says, and what to do.
func (k *Kind) Decide(obj *v1alpha1.AppRegistration, world World, now time.Time) decision {
	next := obj.DeepCopy()
	switch {
	case world.Tenant.Name == "" || world.Tenant.Abandoned:
		return decision{Object: next}
	case inOtherDirectory(obj, world):
		return decision{Object: next, Refusal: engine.Refuse(v1alpha1.ReasonConflict,
			"this object is bound to directory %s, but EntraTenant %q is directory %s now: name the old directory in it again, or delete and re-create this object",
			obj.Status.TenantID, world.Tenant.Name, world.Tenant.ID)}
	}
	s := stages{obj: obj, world: world, id: application.Identify(obj, world.Binding), now: now}
	d := s.decide(k.Gate)
	s.recordStatus(&next.Status)
	d.Object = next
	return d
}

// stages of one decision, each of which reads only what the ones before it made.
type stages struct {
	obj   *v1alpha1.AppRegistration
	world World
	id    application.Identity
	now   time.Time

	// owned is true where the live application is this object's.
	owned    bool
	resolved resolution
	diff     application.Difference
	verdict  policy.Verdict
}

func (s *stages) decide(gate policy.Gate) decision {
	deleting := !s.obj.DeletionTimestamp.IsZero()
	if !deleting {
		s.resolved = resolve(s.obj, s.world)
	}
	// Where Entra has no application, its Value is the zero one.
	s.diff = application.Compare(s.obj.Spec, s.id, s.resolved.References, s.world.application.Value, s.knownHolders())
	if deleting {
		return s.delete(gate)
	}
	if d, decided := s.own(); decided {
		return d
	}
	if len(s.resolved.unobserved) > 0 {
		return decision{Reads: s.resolved.unobserved}
	}
	if s.diff.Unobserved && s.world.principal.IsPresent() && !s.world.holdersLookedAt {
		return decision{Reads: []engine.Step[World]{observeHolders{s.world.principal.Value.ObjectID}}}
	}
	s.verdict = s.evaluate(gate)
	d := s.plan()
	d.Verdict = s.verdict
	return d
}

// knownHolders of app roles: without a service principal, or one to be restored, nobody holds one.
func (s *stages) knownHolders() entra.Observed[[]entra.Assignment] {
	if s.world.principal.IsAbsent() && !s.world.deletedPrincipal.IsPresent() {
		return entra.Present[[]entra.Assignment](nil)
	}
	return s.world.holders
}

// plan is what to do: first what policy will not have kept is taken away, which no other fault of the spec holds up.
func (s *stages) plan() decision {
	if patch, description := s.diff.Revoke(s.verdict.Excess); !patch.Empty() {
		return decision{Steps: []engine.Step[World]{
			updateApplication{objectID: s.world.application.Value.ObjectID, patch: patch, description: "no longer allowed: " + description},
		}}
	}
	if len(s.diff.Faults) > 0 {
		return decision{Refusal: engine.Refuse(v1alpha1.ReasonInvalid, "%s", strings.Join(s.diff.Faults, "; "))}
	}
	if message := policy.Message(s.verdict.Denied); message != "" {
		return decision{Refusal: engine.Refuse(v1alpha1.ReasonDenied, "%s", message)}
	}
	if s.resolved.refusal != nil {
		return decision{Refusal: s.resolved.refusal}
	}
	if !s.world.application.IsPresent() {
		return s.create()
	}
	return s.update()
}

// own stops at what is not ours, and at what others have disabled.
func (s *stages) own() (decision, bool) {
	if !s.world.application.IsPresent() {
		return decision{}, false
	}
	app := s.world.application.Value
	if other := s.world.other; other != nil && len(adoptionFaults(s.id, *other)) == 0 {
		return decision{Refusal: engine.Refuse(v1alpha1.ReasonConflict,
			"two live applications carry this object's marks: %s (object ID %s) and %s (object ID %s): delete one of them in Entra",
			other.UniqueName, other.ObjectID, app.UniqueName, app.ObjectID)}, true
	}
	faults, known := ownershipFaults(s.id, s.world)
	s.owned = known && len(faults) == 0
	switch {
	case !known:
		return decision{Again: engine.Lag}, true
	case len(faults) > 0 && s.world.provenance == justRestored:
		return decision{Steps: []engine.Step[World]{deleteApplication{app: app, again: true}}}, true
	case len(faults) > 0:
		return decision{Refusal: engine.Refuse(v1alpha1.ReasonConflict, "application %s (object ID %s) is not this object's: %s",
			s.id.First, app.ObjectID, strings.Join(faults, "; "))}, true
	case app.Disabled, s.world.principal.Value.Disabled:
		return decision{Refusal: engine.Refuse(v1alpha1.ReasonDisabled,
			"application %s was disabled in Entra, which the operator never undoes: enable it there", app.AppID)}, true
	}
	return decision{}, false
}

package appregistration

import (
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/policy"
)

type plan = engine.Plan[World]

const (
	// heldPatience is how long a name that is taken by nothing we can see counts as lag.
	heldPatience = 10 * time.Minute
	// settling is how old an object must be before a deleted application is restored for it: what is applied with it, federated
	// credentials above all, is part of the judgement.
	settling = 10 * time.Second
)

// Decide says what must happen next: refusals first, then the application, then what hangs on it.
func (k *Kind) Decide(obj *v1alpha1.AppRegistration, world World, now time.Time) plan {
	if world.Tenant.Name == "" || world.Tenant.Abandoned {
		return plan{}
	}
	if elsewhere(obj, world) {
		return engine.Refuse[World](v1alpha1.ReasonConflict, fmt.Sprintf(
			"this object is bound to directory %s, but EntraTenant %q is directory %s now: name the old directory in it again, or delete and re-create this object",
			obj.Status.TenantID, world.Tenant.Name, world.Tenant.ID))
	}
	id := identify(obj, world.Basis)
	if !obj.DeletionTimestamp.IsZero() {
		return k.farewell(obj, world, id)
	}
	if p, decided := ownership(world, id); decided {
		return p
	}
	verdict := k.review(obj, world)
	if p, must := revoke(world, verdict.Excess); must {
		return p
	}
	d := want(obj.Spec, id, world.references)
	if refusal := refusal(obj, world, d, verdict); refusal != nil {
		return plan{Refusal: refusal}
	}
	if !world.application.IsPresent() {
		return birth(obj, world, id, d, now)
	}
	return k.upkeep(obj, world, d, verdict)
}

// ownership stops at what is not ours, and at what others have disabled.
func ownership(world World, id identity) (plan, bool) {
	if !world.application.IsPresent() {
		return plan{}, false
	}
	app := world.application.Value
	if world.twin != nil {
		return engine.Refuse[World](v1alpha1.ReasonConflict, fmt.Sprintf(
			"two live applications carry this object's marks: %s (object ID %s) and %s (object ID %s): delete one of them in Entra",
			world.twin.UniqueName, world.twin.ObjectID, app.UniqueName, app.ObjectID)), true
	}
	faults, known := judge(id, world)
	switch {
	case !known:
		return engine.LookAgain[World](engine.Lag), true
	case len(faults) > 0 && world.found == restored:
		return engine.Do[World](deleteApplication{app: app, again: true}), true
	case len(faults) > 0:
		return engine.Refuse[World](v1alpha1.ReasonConflict, fmt.Sprintf("application %s (object ID %s) is not this object's: %s",
			id.first, app.ObjectID, strings.Join(distinct(faults, verbatim), "; "))), true
	case app.Disabled, world.principal.IsPresent() && world.principal.Value.Disabled:
		return engine.Refuse[World](v1alpha1.ReasonDisabled, fmt.Sprintf(
			"application %s was disabled in Entra, which the operator never undoes: enable it there", app.AppID)), true
	}
	return plan{}, false
}

func refusal(obj *v1alpha1.AppRegistration, world World, d desired, verdict policy.Verdict) *engine.Refusal {
	if faults := invalid(obj.Spec, d); len(faults) > 0 {
		return &engine.Refusal{Reason: v1alpha1.ReasonInvalid, Message: strings.Join(faults, "; ")}
	}
	if message := policy.Message(verdict.Denied); message != "" {
		return &engine.Refusal{Reason: v1alpha1.ReasonDenied, Message: message}
	}
	return world.references.refusal
}

// birth brings an application to life: a deleted one of ours, or a new one.
func birth(obj *v1alpha1.AppRegistration, world World, id identity, d desired, now time.Time) plan {
	switch {
	case world.grave.IsPresent() && id.clean(world.grave.Value, obj.Status.ObjectID):
		return revival(obj, world.grave.Value, now)
	case !world.grave.IsPresent() && world.application.IsUnknown() && world.found == byRecord:
		return engine.LookAgain[World](engine.Lag)
	case world.held != "":
		return heldName(obj, world.held, now)
	}
	name, former, found := nextName(obj, world, id)
	if !found {
		return engine.Refuse[World](v1alpha1.ReasonConflict, fmt.Sprintf(
			"the names %s and %s are both held by deleted applications that cannot be restored: purge them in Entra's deleted items", id.first, id.second))
	}
	return engine.Do[World](createApplication{
		app:    entra.NewApplication{UniqueName: name, OwnerID: world.Tenant.ObjectID, ApplicationSettings: d.created()},
		former: former,
	})
}

// revival restores a deleted application: at once where we have a record of it.
func revival(obj *v1alpha1.AppRegistration, grave entra.Application, now time.Time) plan {
	recorded := grave.ObjectID == obj.Status.ObjectID
	if age := now.Sub(obj.CreationTimestamp.Time); !recorded && age < settling {
		return engine.LookAgain[World](settling - age)
	}
	return engine.Do[World](restoreApplication{app: grave, recorded: recorded})
}

// heldName takes a name that nothing we can see has for lag, and after a while for somebody else's.
func heldName(obj *v1alpha1.AppRegistration, name string, now time.Time) plan {
	if now.Sub(trouble(obj, now)) < heldPatience {
		return engine.LookAgain[World](engine.Lag)
	}
	return engine.Refuse[World](v1alpha1.ReasonConflict, fmt.Sprintf(
		"Entra says that the name %s is taken, but shows no application, live or deleted, that has it", name))
}

// nextName is the name to create under, with the deleted application that keeps the one before it.
func nextName(obj *v1alpha1.AppRegistration, world World, id identity) (name string, former *entra.Application, found bool) {
	names := []string{id.first, id.second}
	if obj.Status.UniqueName == id.second {
		names = names[1:]
	}
	for _, name := range names {
		holder := world.holderOf(name)
		if holder == nil {
			return name, former, true
		}
		former = holder
	}
	return "", nil, false
}

// trouble is since when the object has been under way.
func trouble(obj *v1alpha1.AppRegistration, now time.Time) time.Time {
	since := obj.CreationTimestamp.Time
	synced := meta.FindStatusCondition(obj.Status.Conditions, v1alpha1.ConditionSynced)
	if synced == nil {
		return since
	}
	if synced.Status == metav1.ConditionTrue {
		return now
	}
	return later(since, synced.LastTransitionTime.Time)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

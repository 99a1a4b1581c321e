package federatedcredential

import (
	"cmp"
	"fmt"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Decide compares the credential, and then the ServiceAccount's annotations, with what obj asks for.
func (k *Kind) Decide(obj *v1alpha1.FederatedCredential, world World, now time.Time) decision {
	if !obj.DeletionTimestamp.IsZero() {
		decided := decideDeletion(obj, world, now)
		decided.Object = obj.DeepCopy()
		return decided
	}
	if decided, blocked := checkApplication(obj, world); blocked {
		decided.Object = obj.DeepCopy()
		return decided
	}
	diff := k.compare(obj, world)
	verdict := k.Gate.Evaluate(k.review(obj, world, diff))
	decided := k.decideCredential(obj, world, diff, verdict)
	decided.Object, decided.Verdict = status(obj, world, diff, verdict), verdict
	if decided.Refusal == nil && decided.Wait == nil && len(decided.Reads) == 0 {
		decided.Steps = append(decided.Steps, annotationSteps(obj, world)...)
		decided.Unsynced = joinRefusals(annotationConflict(world), decided.Unsynced)
	}
	return decided
}

// checkApplication reports whether there is an application that is ours, and what to do where there is none.
func checkApplication(obj *v1alpha1.FederatedCredential, world World) (decided decision, blocked bool) {
	if refusal := bindingRefusal(obj, world); refusal != nil {
		return decision{Refusal: refusal}, true
	}
	name := obj.Spec.AppRegistrationRef.Name
	switch {
	case world.Trust.IsAbsent():
		return waitFor(true, "the application of AppRegistration %q is gone from Entra; it has to be made again first", name), true
	case world.Trust.IsUnknown():
		return decision{Again: engine.Lag}, true
	case !world.ownsApplication(obj):
		return refuse(v1alpha1.ReasonConflict, "application %s, which AppRegistration %q names, is not its own in Entra: it is called %q and tagged %q",
			world.App.ObjectID, name, world.Trust.Value.UniqueName, entra.Marks(world.Trust.Value.Tags)), true
	}
	return decision{}, false
}

// bindingRefusal says why obj cannot be looked at in this tenant; nil where it can.
func bindingRefusal(obj *v1alpha1.FederatedCredential, world World) *engine.Refusal {
	bound := obj.Status.TenantBinding
	switch {
	case bound.TenantID != "" && bound.TenantID != world.Tenant.ID:
		return engine.Refuse(v1alpha1.ReasonConflict, "EntraTenant %q is tenant %s now, and this object was made in tenant %s",
			bound.TenantName, world.Tenant.ID, bound.TenantID)
	case world.App.TenantName != "" && world.App.TenantName != world.Tenant.Name:
		return engine.Refuse(v1alpha1.ReasonConflict,
			"AppRegistration %q is in EntraTenant %q now, and this object was made in %q: create another FederatedCredential",
			obj.Spec.AppRegistrationRef.Name, world.App.TenantName, world.Tenant.Name)
	}
	return nil
}

func take(step step) decision { return decision{Steps: []engine.Step[World]{step}} }

func refuse(reason v1alpha1.Reason, format string, args ...any) decision {
	return decision{Refusal: engine.Refuse(reason, format, args...)}
}

func waitFor(watched bool, format string, args ...any) decision {
	return decision{Wait: &engine.Wait{What: fmt.Sprintf(format, args...), Watched: watched}}
}

// joinRefusals is what a person should know of two things; the first names the reason.
func joinRefusals(first, second *engine.Refusal) *engine.Refusal {
	if first == nil || second == nil {
		return cmp.Or(first, second)
	}
	return &engine.Refusal{Reason: first.Reason, Message: engine.JoinMessages(first.Message, second.Message)}
}

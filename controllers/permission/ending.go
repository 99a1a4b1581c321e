package permission

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

// Ending is how an object stands that has nothing to do, or must not do it.
type Ending struct {
	Refusal *engine.Refusal
	Wait    *engine.Wait
	// Again is after how long to look again.
	Again time.Duration
	// Unsynced is what a person should know, though workloads can rely on the rest.
	Unsynced *engine.Refusal
	Remark   string
}

// Unseen is the end where something is absent from Entra, or is not shown; nil where it is present, or was not asked for.
func Unseen[V any](observed *entra.Observed[V], absent *Ending) *Ending {
	switch {
	case observed == nil || observed.IsPresent():
		return nil
	case observed.IsAbsent():
		return absent
	default:
		return &Ending{Again: engine.Lag}
	}
}

// Gone is the end where a service principal is certainly not in Entra.
func (w World) Gone(whose string) *Ending {
	what := fmt.Sprintf("the service principal of %s is gone from Entra; it has to be made again first", whose)
	return w.orMissing(&Ending{Wait: &engine.Wait{What: what, Watched: true}})
}

// Refused is the end by a refusal; nil where there is none.
func (w World) Refused(refusal *engine.Refusal) *Ending {
	if refusal == nil {
		return nil
	}
	return w.orMissing(&Ending{Refusal: refusal})
}

// orMissing is the end, but what is missing is told first.
func (w World) orMissing(ending *Ending) *Ending {
	if ending == nil || w.Missing == nil {
		return ending
	}
	return &Ending{Wait: w.Missing}
}

// APIEnding is the end where the API was asked for and is not what the spec names; nil where there is none.
func (w World) APIEnding() *Ending {
	if w.ObservedAPI == nil {
		return nil
	}
	return w.orMissing(cmp.Or(Unseen(w.ObservedAPI, w.Gone(w.API.Title)), w.Refused(w.APIMismatch())))
}

// Words are those in which the messages of the kinds differ.
type Words struct {
	Kind string
	// TwoTenants is a format for applications that are not in one tenant: the application, its tenant, the API, its tenant.
	TwoTenants string
	// Given is what is done with permissions: given, consented to.
	Given string
}

// Misbound is the end where an object cannot be looked at in this tenant; nil where it can. App is its principal or client.
func (w World) Misbound(obj Object, app reference.App, words Words) *Ending {
	const tenantChanged = "%s is in EntraTenant %q now, and this object was made in %q: create another %s"
	var refusal *engine.Refusal
	switch bound := obj.Binding(); {
	case bound.TenantID != "" && bound.TenantID != w.Tenant.ID:
		refusal = engine.Refuse(v1alpha1.ReasonConflict,
			"EntraTenant %q is tenant %s now, and this object was made in tenant %s", bound.TenantName, w.Tenant.ID, bound.TenantID)
	case app.TenantName != "" && w.API.TenantName != "" && app.TenantName != w.API.TenantName:
		refusal = engine.Refuse(v1alpha1.ReasonInvalid, words.TwoTenants, app.Name, app.TenantName, w.API.Title, w.API.TenantName)
	case app.TenantName != "" && app.TenantName != w.Tenant.Name:
		who := fmt.Sprintf("AppRegistration %q", app.Name)
		refusal = engine.Refuse(v1alpha1.ReasonConflict, tenantChanged, who, app.TenantName, w.Tenant.Name, words.Kind)
	case w.API.TenantName != "" && w.API.TenantName != w.Tenant.Name:
		refusal = engine.Refuse(v1alpha1.ReasonConflict, tenantChanged, w.API.Title, w.API.TenantName, w.Tenant.Name, words.Kind)
	default:
		return nil
	}
	return &Ending{Refusal: refusal}
}

// Ending is how the object stands when nothing is left to do. Lost tells of what others took away; empty where there is nothing to tell.
func (c Comparison) Ending(w World, notAfter *metav1.Time, now time.Time, words Words, lost string) *Ending {
	faults := strings.Join(c.Faults, "; ")
	switch {
	case Expired(notAfter, now):
		return &Ending{Refusal: engine.Refuse(v1alpha1.ReasonExpired,
			"spec.notAfter: %s has passed, and what was %s is taken away; a later time gives it again",
			notAfter.UTC().Format(time.RFC3339), words.Given)}
	case w.Missing != nil:
		return &Ending{Wait: w.Missing}
	case c.Refusal != nil:
		return &Ending{Refusal: &engine.Refusal{Reason: c.Refusal.Reason, Message: engine.JoinMessages(c.Refusal.Message, faults)}}
	case c.Wait != nil:
		return &Ending{Wait: &engine.Wait{What: engine.JoinMessages(c.Wait.What, faults), Watched: c.Wait.Watched}}
	case c.Hopeless:
		return &Ending{Refusal: &engine.Refusal{Reason: v1alpha1.ReasonInvalid, Message: faults}}
	case faults != "":
		return &Ending{Wait: &engine.Wait{What: faults, Watched: w.API.Managed != nil}}
	case c.kept != "":
		unsynced := &engine.Refusal{Reason: v1alpha1.ReasonDenied, Message: engine.JoinMessages(c.kept, lost)}
		return &Ending{Unsynced: unsynced, Remark: c.shadow}
	case lost != "":
		return &Ending{Unsynced: &engine.Refusal{Reason: v1alpha1.ReasonDrifted, Message: lost}, Remark: c.shadow}
	default:
		return &Ending{Remark: c.shadow}
	}
}

// Decide makes the decision of a comparison: its steps, or its end where there is nothing to do. Told is the object with the status that
// names the intent. Confirm is how the step is called that looks again at what is adopted.
func Decide[T engine.Object, W engine.World, P Pointer[W]](
	c Comparison, told T, steps []engine.Step[W], confirm string, ending *Ending,
) engine.Decision[T, W] {
	decided := engine.Decision[T, W]{Steps: steps}
	if c.Idle() {
		decided = End[T, W](ending)
	} else if len(c.Adopt) > 0 {
		// Whoever named these before may be about to take them away: status names them first, and then they are looked at again.
		decided.Intent, decided.Reads = true, []engine.Step[W]{Confirm[W, P]{Text: confirm, IDs: IDs(c.Adopt)}}
	}
	decided.Object = told
	return decided
}

// Delete makes the decision of a deletion: its steps, or another look where Entra lacks a permission that a young object was about to give
// before a crash.
func Delete[T engine.Object, W engine.World](s Subject, obj T, steps []engine.Step[W], now time.Time) engine.Decision[T, W] {
	recentlyCreated := now.Sub(obj.GetCreationTimestamp().Time) < engine.CreationGrace
	if len(steps) == 0 && recentlyCreated && !All(IDs(s.recorded()), s.Present) {
		return engine.Decision[T, W]{Again: engine.Lag}
	}
	return engine.Decision[T, W]{Steps: steps}
}

// End makes a decision of an end.
func End[T engine.Object, W engine.World](e *Ending) engine.Decision[T, W] {
	return engine.Decision[T, W]{Refusal: e.Refusal, Wait: e.Wait, Again: e.Again, Unsynced: e.Unsynced, Remark: e.Remark}
}

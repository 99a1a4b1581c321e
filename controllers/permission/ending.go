package permission

import (
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/engine"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
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

// First is the first of the ends; nil where there is none.
func First(endings ...*Ending) *Ending {
	for _, ending := range endings {
		if ending != nil {
			return ending
		}
	}
	return nil
}

// Unseen is the end of a deletion where a service principal is not in Entra, and its permissions went with it, or is not shown; nil where
// it is.
func Unseen[V any](observed entra.Observed[V]) *Ending {
	switch {
	case observed.IsPresent():
		return nil
	case observed.IsAbsent():
		return &Ending{}
	default:
		return &Ending{Again: engine.Lag}
	}
}

// Words are those in which the messages of the kinds differ.
type Words struct {
	Kind string
	// TwoTenants is a format for applications that are not in one tenant: the application, its tenant, the API, its tenant.
	TwoTenants string
	// Given is what is done with permissions: given, consented to.
	Given string
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
	default:
		return &Ending{Unsynced: c.unsynced(lost), Remark: c.shadow}
	}
}

func (c Comparison) unsynced(lost string) *engine.Refusal {
	switch {
	case c.kept != "":
		return &engine.Refusal{Reason: v1alpha1.ReasonDenied, Message: engine.JoinMessages(c.kept, lost)}
	case lost != "":
		return &engine.Refusal{Reason: v1alpha1.ReasonDrifted, Message: lost}
	default:
		return nil
	}
}

// Decide makes the decision of a comparison: its steps, or its end where there is nothing to do. Told is the object with the status that
// names the intent.
func Decide[T engine.Object, W engine.World](
	c Comparison, told T, steps []engine.Step[W], confirm engine.Step[W], ending *Ending,
) engine.Decision[T, W] {
	if c.Idle() {
		decided := End[T, W](ending)
		decided.Object = told
		return decided
	}
	decided := engine.Decision[T, W]{Object: told, Steps: steps}
	if len(c.Adopt) > 0 {
		// Whoever named these before may be about to take them away: status names them first, and then they are looked at again.
		decided.Intent, decided.Reads = true, []engine.Step[W]{confirm}
	}
	return decided
}

// End makes a decision of an end.
func End[T engine.Object, W engine.World](e *Ending) engine.Decision[T, W] {
	return engine.Decision[T, W]{Refusal: e.Refusal, Wait: e.Wait, Again: e.Again, Unsynced: e.Unsynced, Remark: e.Remark}
}

package engine

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Outcome is how a reconcile ended. Conditions, event, metric, log line and queue all follow from it.
type Outcome struct {
	Reason  v1alpha1.Reason
	Message string
	// After is how soon to look again; zero where the reason's own pace decides.
	After time.Duration
	// Unwatched : no watch wakes us from Waiting.
	Unwatched bool
	// Unsynced is what a person should know beside an InSync.
	Unsynced *Refusal
	// Resync is the tenant's resync interval; zero where the tenant is not known.
	Resync time.Duration
	// Revisit is after how long to look again at the latest; zero where nothing is planned.
	Revisit time.Duration
}

// waitsInEntra : the object works, but something in Entra has to happen before all is as the spec says. No watch tells when.
func (o Outcome) waitsInEntra() bool {
	return o.Unsynced != nil && o.Unsynced.Reason == v1alpha1.ReasonWaiting
}

// inSyncMessage is what Ready says when there is nothing to say.
const inSyncMessage = "Entra and the cluster hold what the spec says"

// outcomeOf reads the end of a plan without steps.
func outcomeOf[W World](plan Plan[W]) Outcome {
	outcome := endOf(plan)
	outcome.Revisit = plan.Revisit
	return outcome
}

func endOf[W World](plan Plan[W]) Outcome {
	switch {
	case plan.Refusal != nil:
		return Outcome{Reason: plan.Refusal.Reason, Message: plan.Refusal.Message}
	case plan.Wait != nil:
		return Outcome{Reason: v1alpha1.ReasonWaiting, Message: plan.Wait.What, Unwatched: !plan.Wait.Watched}
	case plan.Again > 0:
		return Outcome{Reason: v1alpha1.ReasonLagging, Message: "Entra does not show our last write yet", After: plan.Again}
	default:
		return Outcome{Reason: v1alpha1.ReasonInSync, Message: cmp.Or(plan.Remark, inSyncMessage), Unsynced: plan.Unsynced}
	}
}

// outcomeOfError classifies an error of Read or of a step.
func outcomeOfError(err error) Outcome {
	var (
		wait      Wait
		throttled entra.Throttled
		refused   entra.Refused
	)
	switch {
	case errors.As(err, &wait):
		return Outcome{Reason: v1alpha1.ReasonWaiting, Message: wait.What, Unwatched: !wait.Watched}
	case errors.As(err, &throttled):
		return Outcome{Reason: v1alpha1.ReasonThrottled, Message: err.Error(), After: throttled.After}
	case errors.As(err, &refused):
		return Outcome{Reason: v1alpha1.Reason(refused.Reason), Message: err.Error()}
	case errors.Is(err, errUndone):
		return Outcome{Reason: v1alpha1.ReasonContested, Message: err.Error()}
	case errors.Is(err, entra.ErrLagging), errors.Is(err, entra.ErrNotFound):
		return Outcome{Reason: v1alpha1.ReasonLagging, Message: err.Error()}
	case errors.Is(err, entra.ErrUnreachable):
		return Outcome{Reason: v1alpha1.ReasonUnreachable, Message: err.Error()}
	default:
		return Outcome{Reason: v1alpha1.ReasonRetrying, Message: err.Error()}
	}
}

// join makes one outcome of the errors of one round: the gravest names the reason, the soonest sets the queue.
func join(errs []error) Outcome {
	grave := v1alpha1.Reasons()
	outcome := outcomeOfError(errs[0])
	for _, err := range errs[1:] {
		other := outcomeOfError(err)
		after := outcome.After
		if other.After > 0 && (after == 0 || other.After < after) {
			after = other.After
		}
		if slices.Index(grave, other.Reason) < slices.Index(grave, outcome.Reason) {
			outcome = other
		}
		outcome.After = after
	}
	return outcome
}

// effect is what a reason does to the conditions and to the queue.
type effect struct {
	ready   readiness
	stalled bool // at once: it will stay so until somebody acts
	quiet   bool // neither Reconciling nor Stalled
	pace    pace
}

type readiness int

const (
	readyKept readiness = iota // as it was written for this generation, else Unknown
	readyTrue
	readyFalse
)

type pace int

const (
	paceBackoff pace = iota // seconds, doubling
	paceResync
	paceQuarter // every quarter of an hour: consent or quota may come
	paceWait    // resync where a watch wakes us, else a minute doubling to 30
	paceNever
)

// effects is the table of the house: one row a reason.
var effects = map[v1alpha1.Reason]effect{
	v1alpha1.ReasonInSync:      {ready: readyTrue, quiet: true, pace: paceResync},
	v1alpha1.ReasonDrifted:     {ready: readyTrue, quiet: true, pace: paceResync},
	v1alpha1.ReasonWaiting:     {ready: readyFalse, pace: paceWait},
	v1alpha1.ReasonLagging:     {},
	v1alpha1.ReasonThrottled:   {},
	v1alpha1.ReasonUnreachable: {},
	v1alpha1.ReasonRetrying:    {},
	v1alpha1.ReasonInvalid:     {ready: readyFalse, stalled: true, pace: paceResync},
	v1alpha1.ReasonDenied:      {ready: readyFalse, stalled: true, pace: paceResync},
	v1alpha1.ReasonConflict:    {ready: readyFalse, stalled: true, pace: paceResync},
	v1alpha1.ReasonDisabled:    {ready: readyFalse, stalled: true, pace: paceResync},
	v1alpha1.ReasonForbidden:   {ready: readyFalse, stalled: true, pace: paceQuarter},
	v1alpha1.ReasonQuota:       {ready: readyFalse, stalled: true, pace: paceQuarter},
	v1alpha1.ReasonContested:   {quiet: true, pace: paceResync},
	v1alpha1.ReasonSuspended:   {quiet: true, pace: paceNever},
	v1alpha1.ReasonDeleting:    {ready: readyFalse},
}

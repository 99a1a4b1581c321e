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
	// After is how soon to look again; zero where the reason's own interval decides.
	After time.Duration
	// Unwatched is true where no watch wakes us from Waiting.
	Unwatched bool
	// Unsynced is what a person should know beside an InSync.
	Unsynced *Refusal
	// Resync is the tenant's resync interval; zero where the tenant is not known.
	Resync time.Duration
	// Revisit is after how long to look again at the latest; zero where nothing is planned.
	Revisit time.Duration
}

// waitsInEntra reports whether the object works, but something in Entra has to happen before all is as the spec says. No watch tells when.
func (o Outcome) waitsInEntra() bool {
	return o.Unsynced != nil && o.Unsynced.Reason == v1alpha1.ReasonWaiting
}

// inSyncMessage is what Ready says when there is nothing to say.
const inSyncMessage = "Entra and the cluster hold what the spec says"

// outcomeOf reads the end of a decision without steps.
func outcomeOf[T Object, W World](decision Decision[T, W]) Outcome {
	switch {
	case decision.Refusal != nil:
		return Outcome{Reason: decision.Refusal.Reason, Message: decision.Refusal.Message}
	case decision.Wait != nil:
		return outcomeOfError(*decision.Wait)
	case decision.Again > 0:
		return Outcome{Reason: v1alpha1.ReasonLagging, Message: "Entra does not show our last write yet", After: decision.Again}
	case decision.Err != nil:
		return outcomeOfError(decision.Err)
	default:
		return Outcome{Reason: v1alpha1.ReasonInSync, Message: cmp.Or(decision.Remark, inSyncMessage), Unsynced: decision.Unsynced}
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
	gravest := v1alpha1.Reasons()
	outcome := outcomeOfError(errs[0])
	for _, err := range errs[1:] {
		other := outcomeOfError(err)
		after := outcome.After
		if other.After > 0 && (after == 0 || other.After < after) {
			after = other.After
		}
		if slices.Index(gravest, other.Reason) < slices.Index(gravest, outcome.Reason) {
			outcome = other
		}
		outcome.After = after
	}
	return outcome
}

// effect is what a reason does to the conditions and to the queue.
type effect struct {
	ready    readiness
	stalled  bool // at once: it will stay so until somebody acts
	quiet    bool // neither Reconciling nor Stalled
	interval interval
}

type readiness int

const (
	readyKept readiness = iota // as it was written for this generation, else Unknown
	readyTrue
	readyFalse
)

type interval int

const (
	intervalBackoff interval = iota // seconds, doubling
	intervalResync
	intervalQuarter // every quarter of an hour: consent or quota may come
	intervalWait    // resync where a watch wakes us, else a minute doubling to 30
	intervalNever
)

// effects is the table of outcomes: one row a reason.
var effects = map[v1alpha1.Reason]effect{
	v1alpha1.ReasonInSync:      {ready: readyTrue, quiet: true, interval: intervalResync},
	v1alpha1.ReasonDrifted:     {ready: readyTrue, quiet: true, interval: intervalResync},
	v1alpha1.ReasonWaiting:     {ready: readyFalse, interval: intervalWait},
	v1alpha1.ReasonLagging:     {},
	v1alpha1.ReasonThrottled:   {},
	v1alpha1.ReasonUnreachable: {},
	v1alpha1.ReasonRetrying:    {},
	v1alpha1.ReasonInvalid:     {ready: readyFalse, stalled: true, interval: intervalResync},
	v1alpha1.ReasonDenied:      {ready: readyFalse, stalled: true, interval: intervalResync},
	v1alpha1.ReasonConflict:    {ready: readyFalse, stalled: true, interval: intervalResync},
	v1alpha1.ReasonDisabled:    {ready: readyFalse, stalled: true, interval: intervalResync},
	v1alpha1.ReasonExpired:     {ready: readyFalse, stalled: true, interval: intervalResync},
	v1alpha1.ReasonForbidden:   {ready: readyFalse, stalled: true, interval: intervalQuarter},
	v1alpha1.ReasonQuota:       {ready: readyFalse, stalled: true, interval: intervalQuarter},
	v1alpha1.ReasonContested:   {quiet: true, interval: intervalResync},
	v1alpha1.ReasonSuspended:   {quiet: true, interval: intervalNever},
	v1alpha1.ReasonDeleting:    {ready: readyFalse},
}

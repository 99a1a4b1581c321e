package entra

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrNotFound says that it is gone: we deleted it or its parent, it or its parent is in deletedItems, or it was missed twice,
	// at least five minutes apart.
	ErrNotFound = errors.New("not found in Entra")
	// ErrLagging says that Entra does not show, or does not yet accept, what we know to be there. Look again in seconds.
	ErrLagging = errors.New("Entra has not caught up with our own write")
	// ErrExists says that the name or key is taken. It leads to a read, never to a write.
	ErrExists = errors.New("already exists in Entra")
	// ErrUnreachable says that Graph or the token service did not answer, or not sensibly. A write may have taken effect.
	ErrUnreachable = errors.New("Entra cannot be reached")
	// ErrStillEnabled says that Entra refuses to remove a scope or role that it still sees enabled. After we disabled it, that is lag.
	ErrStillEnabled = fmt.Errorf("a scope or role must be seen disabled before it is removed: %w", ErrLagging)
)

// Throttled is Graph's 429, or a 503 that asks for patience.
type Throttled struct {
	// After is how long Graph asked us to wait; zero where it did not say.
	After time.Duration
}

// Error says that we wait.
func (t Throttled) Error() string {
	if t.After > 0 {
		return fmt.Sprintf("Graph asks us to slow down for %s", t.After)
	}
	return "Graph asks us to slow down"
}

// Refusal is the class of a request that Entra will not carry out however often it is repeated.
type Refusal string

// The refusals; the engine's reasons of the same name tell what to do about each.
const (
	RefusedInvalid   Refusal = "Invalid"
	RefusedConflict  Refusal = "Conflict"
	RefusedForbidden Refusal = "Forbidden"
	RefusedQuota     Refusal = "Quota"
)

// Refused is an answer that will stay the same until somebody changes the spec, the tenant or the operator's rights.
type Refused struct {
	Reason Refusal
	// Message is Entra's own, at most 1 KiB, with the advice that we can add.
	Message string
	// Property that Entra complained about, where it said which.
	Property string
	// Code is Graph's error code or the token service's AADSTS number.
	Code string
	// RequestID is Graph's request-id, for Microsoft's support.
	RequestID string
}

// Error is one line with everything a person needs to act.
func (r Refused) Error() string {
	text := r.Message
	if r.Property != "" {
		text = r.Property + ": " + text
	}
	if r.Code != "" {
		text += " (" + r.Code
		if r.RequestID != "" {
			text += ", request-id " + r.RequestID
		}
		text += ")"
	}
	return text
}

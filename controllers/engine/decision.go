package engine

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Decision is what Decide says. Of Steps, Refusal, Wait, Again and Err the first that is set counts; with none of them, world and object
// agree.
type Decision[T Object, W World] struct {
	// Object is a copy of the object with the status that tells what is known, and what is about to be made. Its conditions are the
	// engine's: they stay as they are. Required.
	Object T
	// Reads are requests that change nothing, whose answers the decision needs before it can go on.
	Reads []Step[W]
	// Intent asks for the finalizer and for Object's status to be written before Reads, as they are before Steps in any case.
	Intent bool
	// Steps to take, independent of each other.
	Steps []Step[W]
	// Refusal says that what is asked for cannot be done, and why.
	Refusal *Refusal
	// Wait says what has to happen elsewhere first.
	Wait *Wait
	// Again is after how long to look again, because Entra lags behind.
	Again time.Duration
	// Err is why something could not be read, once all else is done.
	Err error
	// Unsynced is something that a person should know, while workloads can rely on the rest: Ready stays True and Synced is False. It
	// may stand beside Steps too.
	Unsynced *Refusal
	// Revisit is after how long to look again at the latest, however the decision ends: something that is planned for then.
	Revisit time.Duration
	// Remark is what Ready says beside being in sync.
	Remark string
	// Verdict is what the gate said, for Verdicts to remember; nil where it was not asked.
	Verdict any
}

// acts reports whether there is something to do in this round.
func (d Decision[T, W]) acts(recorded bool) bool {
	return len(d.Reads)+len(d.Steps) > 0 || d.Intent && !recorded
}

// Refusal is a reason with what a person reads about it.
type Refusal struct {
	Reason  v1alpha1.Reason
	Message string
}

// Refuse makes a Refusal.
func Refuse(reason v1alpha1.Reason, format string, args ...any) *Refusal {
	return &Refusal{Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// Wait names what has to happen elsewhere first. As an error, it is how Read says that a reference is not usable.
type Wait struct {
	// What is missing, as a sentence that names it.
	What string
	// Watched is true where a watch wakes us. Otherwise it is in Entra, and is asked for again after 1 minute, doubling to 30.
	Watched bool
}

// Error is What.
func (w Wait) Error() string { return w.What }

const (
	// CreationGrace is for how long after an object's creation its deletion does not believe that Entra lacks what the object was about
	// to make: a list may show it late, and after a crash nobody remembers having made it.
	CreationGrace = 5 * time.Minute
	// Lag is how soon to look again for a write of ours that Entra does not show yet.
	Lag = 5 * time.Second
)

// NameAndID is an ID with its name, as Entra's own audit log has both.
func NameAndID(name, id string) string {
	if name == "" {
		return id
	}
	return fmt.Sprintf("%s (%s)", name, id)
}

// JoinMessages makes one line of what there is to say.
func JoinMessages(messages ...string) string {
	said := slices.DeleteFunc(slices.Clone(messages), func(message string) bool { return message == "" })
	return strings.Join(said, "; ")
}

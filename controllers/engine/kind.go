package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
)

// Object is an object of one of our kinds.
type Object interface {
	client.Object
	// Common is the part of its status that the engine writes.
	Common() *v1alpha1.CommonStatus
	// Suspended tells whether it is to be left alone.
	Suspended() bool
}

// World is all that a decision rests on. Every World embeds a Basis.
type World interface{ basis() Basis }

// Kind is what one kind of object adds to the path.
type Kind[T Object, W World] interface {
	// Read gathers the world. It MUST NOT write. What is gone is absent from W, what cannot be known yet is unknown. A
	// reference that is not usable yet is a Wait, returned as the error.
	Read(ctx context.Context, obj T) (W, error)
	// Decide says what must happen next. It MUST be pure: the same arguments give the same plan.
	Decide(obj T, world W, now time.Time) Plan[W]
	// Record copies into obj's status what a reader should know, and what is about to be made: it is called before the
	// first create too. Pure; it sets no condition, and MUST NOT clear an ID because a read missed it.
	Record(obj T, world W)
}

// Step is one change, as data: it can be printed, compared and refused before anything happens.
type Step[W World] interface {
	// String is one line for people and tests; never a secret.
	String() string
	// Do makes the change and folds the answer into world. Steps of one round MUST NOT depend on each other. Where the thing was
	// there already, Do folds that, and returns ErrFound instead of claiming to have made it.
	Do(ctx context.Context, hands Hands, world *W) error
}

// Privileged is a step that changes what somebody may do in Entra. It leaves a line in the audit log.
type Privileged interface {
	// Change is what it changes.
	Change() Change
}

// Change of what somebody may do, as the audit log tells it. It holds no secret.
type Change struct {
	// Action is grant or revoke.
	Action string
	// Principal, API and Permission are IDs and names as a reader of Entra's own audit log finds them.
	Principal, API, Permission string
	// Justification is the spec's own.
	Justification string
}

// Titled is an ID with its name, as Entra's own audit log has both.
func Titled(name, id string) string {
	if name == "" {
		return id
	}
	return fmt.Sprintf("%s (%s)", name, id)
}

// ErrFound is no failure: a step made nothing, because it found what it was to make, or somebody who keeps its name.
var ErrFound = errors.New("it was there already")

// Hands hold everything that can write. Kinds get them in Step.Do only.
type Hands struct {
	Tenants entra.Tenants
	Kube    client.Client
}

// Plan says what must happen next. Of Refusal, Steps, Wait and Again at most one is set; none of them: world and object agree.
type Plan[W World] struct {
	// Refusal : what is asked for cannot be done, and nothing is.
	Refusal *Refusal
	// Steps to take, independent of each other.
	Steps []Step[W]
	// Wait : something has to happen elsewhere first.
	Wait *Wait
	// Again : look again after this long, because Entra lags behind.
	Again time.Duration
	// Unsynced : there is something that a person should know, while workloads can rely on the rest: Ready stays True and
	// Synced is False. It may stand beside Steps too.
	Unsynced *Refusal
	// Revisit : look again after this long at the latest, however the plan ends: something that is planned for then.
	Revisit time.Duration
	// Remark is what Ready says beside being in sync.
	Remark string
}

// Do is the plan to take steps.
func Do[W World](steps ...Step[W]) Plan[W] { return Plan[W]{Steps: steps} }

// Refuse is the plan to do nothing, and to say why.
func Refuse[W World](reason v1alpha1.Reason, message string) Plan[W] {
	return Plan[W]{Refusal: &Refusal{Reason: reason, Message: message}}
}

// LookAgain is the plan to look again, because Entra lags behind.
func LookAgain[W World](after time.Duration) Plan[W] { return Plan[W]{Again: after} }

// WaitFor is the plan to wait for something elsewhere.
func WaitFor[W World](wait Wait) Plan[W] { return Plan[W]{Wait: &wait} }

// Refusal is a reason with what a person reads about it.
type Refusal struct {
	Reason  v1alpha1.Reason
	Message string
}

// Wait names what has to happen elsewhere first. As an error, it is how Read says that a reference is not usable.
type Wait struct {
	// What is missing, as a sentence that names it.
	What string
	// Watched : a watch wakes us. Otherwise it is in Entra, and is asked for again after 1 minute, doubling to 30.
	Watched bool
}

// Error is What.
func (w Wait) Error() string { return w.What }

// Young is for how long after an object's creation a farewell does not believe that Entra lacks what the object was about to make: a
// list may show it late, and after a crash nobody remembers having made it.
const Young = 5 * time.Minute

// Lag is how soon to look again for a write of ours that Entra does not show yet.
const Lag = 5 * time.Second

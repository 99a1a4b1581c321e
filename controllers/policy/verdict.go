package policy

import (
	"reflect"
	"strings"
)

// Verdict on a Review. Nothing denied: all of it may be done.
type Verdict struct {
	// Denied are all faults at once.
	Denied []Denial
	// Excess is what is held and nothing allows any longer.
	Excess []Excess
	// Shadow is what policies in Audit would deny, were they enforced, of what is new and of what is held. By names them.
	Shadow []Denial

	// gate and review that it was made by and of, so that it can be made again under other policies.
	gate   Gate
	review Review
	// excess is Excess as the gate gave it: a kind may spare what another object of it still names.
	excess []Excess
}

// saidBy reports whether the gate said the same in another verdict, whatever a kind made of this one.
func (v Verdict) saidBy(other Verdict) bool {
	return reflect.DeepEqual(v.Denied, other.Denied) && reflect.DeepEqual(v.excess, other.Excess) && reflect.DeepEqual(v.Shadow, other.Shadow)
}

// Excess is something that an object has and would not get today.
type Excess struct {
	Denial
	Request Request
	// Revoke is true where it must be taken away. Otherwise it is kept working, and reported.
	Revoke bool
}

// Kept tells in one message what is held, allowed no longer, and kept; empty where nothing is. MaxMessage bounds it.
func (v Verdict) Kept() string {
	var kept []Denial
	for _, excess := range v.Excess {
		if !excess.Revoke {
			kept = append(kept, excess.Denial)
		}
	}
	return headed("kept, though it would be denied today: ", kept)
}

// Shadowed tells in one message what policies in Audit would deny; empty where they would nothing. MaxMessage bounds it.
func (v Verdict) Shadowed() string { return headed("policies in Audit would deny: ", v.Shadow) }

func headed(head string, denials []Denial) string {
	if len(denials) == 0 {
		return ""
	}
	return clip(head+strings.TrimSpace(Message(denials)), MaxMessage)
}

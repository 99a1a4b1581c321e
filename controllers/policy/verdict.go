package policy

import (
	"reflect"
	"strings"
)

// Verdict on a Review. Where nothing is denied, all of it may be done.
type Verdict struct {
	// Denied is everything that is denied, with the reasons.
	Denied []Denial
	// Excess is what is held and would be denied today.
	Excess []Excess
	// WouldDeny is what policies in Audit would deny, were they enforced, of what is new and of what is held. By names them.
	WouldDeny []Denial

	// gate and review are what the verdict was made by and of, so that it can be made again under other policies.
	gate   Gate
	review Review
	// excess is Excess as the gate gave it: a kind may keep what the gate would revoke.
	excess []Excess
}

// sameAs reports whether the gate gave the same verdict another time, whatever a kind changed in this one since.
func (v Verdict) sameAs(other Verdict) bool {
	return reflect.DeepEqual(v.Denied, other.Denied) && reflect.DeepEqual(v.excess, other.Excess) && reflect.DeepEqual(v.WouldDeny, other.WouldDeny)
}

// Excess is something that an object has and would not get today.
type Excess struct {
	Denial
	Request Request
	// Revoke is true where it must be taken away. Otherwise it is kept working, and reported.
	Revoke bool
}

// KeptMessage says what would be denied today and is kept; empty where nothing is. MaxMessage bounds it.
func (v Verdict) KeptMessage() string {
	var kept []Denial
	for _, excess := range v.Excess {
		if !excess.Revoke {
			kept = append(kept, excess.Denial)
		}
	}
	return prefixedMessage("kept, though it would be denied today: ", kept)
}

// WouldDenyMessage says what policies in Audit would deny; empty where that is nothing. MaxMessage bounds it.
func (v Verdict) WouldDenyMessage() string {
	return prefixedMessage("policies in Audit would deny: ", v.WouldDeny)
}

func prefixedMessage(prefix string, denials []Denial) string {
	if len(denials) == 0 {
		return ""
	}
	return truncate(prefix+strings.TrimSpace(Message(denials)), MaxMessage)
}

package policy

import (
	"fmt"
	"strings"
)

// Denial says what was asked for, why it may not be, and what would allow it.
type Denial struct {
	// Path of the field that asks.
	Path string
	// Asked is the request in one phrase.
	Asked string
	// Because is why: no rule allows it, a policy denies it, or it is the operator's own.
	Because string
	// By are the names of the policies without which it would be allowed, or of all that deny it; empty where no policy is the cause.
	By []string
	// LookedAt names the baseline and the policies that were looked at.
	LookedAt []string
	// Remedy is the narrowest rule that would allow it, as JSON on one line, which YAML reads too; empty where none can.
	Remedy string
}

// MaxMessage is how long Message gets, in bytes.
const MaxMessage = 1024

// maxFault keeps one fault from taking the message from all others.
const maxFault = 600

// String is one fault: field, what was asked, why not, what would allow it.
func (d Denial) String() string {
	if d.Remedy == "" {
		return d.fault()
	}
	return d.fault() + "; this rule would: " + d.Remedy
}

func (d Denial) fault() string { return fmt.Sprintf("%s: %s: %s", d.Path, d.Asked, d.Because) }

// Message tells all denials in one condition message of at most MaxMessage bytes: every fault first, and beside them as many of the
// rules that would allow them as there is room for. Faults that do not fit are counted.
func Message(denials []Denial) string {
	if len(denials) == 0 {
		return ""
	}
	end := ""
	if looked := denials[len(denials)-1].LookedAt; len(looked) > 0 {
		end = clip(" (looked at: "+strings.Join(looked, ", ")+")", 200)
	}
	room := MaxMessage - len(end) - len("; and 9999 more")
	var faults []string
	for _, denial := range denials {
		fault := clip(denial.fault(), maxFault)
		if room -= len("; ") + len(fault); room < 0 {
			break
		}
		faults = append(faults, fault)
	}
	for i, fault := range faults {
		if remedied := denials[i].String(); fault == denials[i].fault() && len(remedied)-len(fault) <= room {
			room -= len(remedied) - len(fault)
			faults[i] = remedied
		}
	}
	if more := len(denials) - len(faults); more > 0 {
		faults = append(faults, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(faults, "; ") + end
}

// quote makes what a user wrote safe to print: one line, ASCII, bounded.
func quote(text string) string { return fmt.Sprintf("%+q", clip(text, 256)) }

func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit-len("…")], "") + "…"
}

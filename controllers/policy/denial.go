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
	text := fmt.Sprintf("%s: %s: %s", d.Path, d.Asked, d.Because)
	if d.Remedy != "" {
		text += "; this rule would: " + d.Remedy
	}
	return text
}

// Message tells all denials in one condition message of at most MaxMessage bytes. What does not fit is counted.
func Message(denials []Denial) string {
	if len(denials) == 0 {
		return ""
	}
	end := ""
	if looked := denials[len(denials)-1].LookedAt; len(looked) > 0 {
		end = clip(" (looked at: "+strings.Join(looked, ", ")+")", 200)
	}
	var faults strings.Builder
	for i, denial := range denials {
		fault := clip(denial.String(), maxFault)
		more := fmt.Sprintf("; and %d more", len(denials)-i)
		if i > 0 {
			fault = "; " + fault
		}
		if faults.Len()+len(fault)+len(more)+len(end) > MaxMessage {
			faults.WriteString(more)
			break
		}
		faults.WriteString(fault)
	}
	return faults.String() + end
}

// quote makes what a user wrote safe to print: one line, ASCII, bounded.
func quote(text string) string { return fmt.Sprintf("%+q", clip(text, 256)) }

func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit-len("…")], "") + "…"
}

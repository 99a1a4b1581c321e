package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// Denial says what was asked for, why it may not be, and what would allow it.
type Denial struct {
	// Path of the field that asks.
	Path string
	// Asked is the request in one phrase.
	Asked string
	// Because is why: no rule allows it, a policy denies it, or it is the operator's own.
	Because string
	// By are the names of all policies that deny it, or else of those that take away the baseline that would allow it.
	By []string
	// LookedAt names the baseline and the policies that were looked at.
	LookedAt []string
	// Rule is the narrowest rule that would allow it, as JSON on one line, which YAML reads too; empty where none can.
	Rule string
}

const (
	// MaxMessage is how long Message gets, in bytes.
	MaxMessage = 1024
	// maxFault keeps one fault from taking the message from all others.
	maxFault = 600
	// maxRule is how long a printed rule may get: a part of one is no rule.
	maxRule = 400
)

// String is the fault and the rule that would allow it.
func (d Denial) String() string {
	if d.Rule == "" {
		return d.fault()
	}
	return d.fault() + "; this rule would: " + d.Rule
}

// fault is the field, what was asked, and why it is denied.
func (d Denial) fault() string { return fmt.Sprintf("%s: %s: %s", d.Path, d.Asked, d.Because) }

// Message says all denials in one condition message of at most MaxMessage bytes. It holds as many faults as fit, and counts the rest; in
// what room is left, it gives the rules that would allow them.
func Message(denials []Denial) string {
	if len(denials) == 0 {
		return ""
	}
	end := ""
	if looked := denials[len(denials)-1].LookedAt; len(looked) > 0 {
		end = truncate(" (looked at: "+strings.Join(looked, ", ")+")", 200)
	}
	room := MaxMessage - len(end) - len("; and 9999 more")
	var faults []string
	for _, denial := range denials {
		fault := truncate(denial.fault(), maxFault)
		if room -= len("; ") + len(fault); room < 0 {
			break
		}
		faults = append(faults, fault)
	}
	for i, fault := range faults {
		if withRule := denials[i].String(); fault == denials[i].fault() && len(withRule)-len(fault) <= room {
			room -= len(withRule) - len(fault)
			faults[i] = withRule
		}
	}
	if more := len(denials) - len(faults); more > 0 {
		faults = append(faults, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(faults, "; ") + end
}

// quote makes what a user wrote safe to print: one line, ASCII, bounded.
func quote(text string) string { return fmt.Sprintf("%+q", truncate(text, 256)) }

func truncate(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit-len("…")], "") + "…"
}

// narrowestRule is the narrowest rule that allows a request, as a policy would hold it; empty where there is none, or it is too long.
func narrowestRule(request Request) string {
	rule, possible := request.narrowestRule()
	if text := ruleText(rule); possible && len(text) <= maxRule {
		return text
	}
	return ""
}

// ruleText is a rule as JSON: one line, ASCII; empty where that cannot be.
func ruleText(rule v1alpha1.PolicyRule) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(rule); err != nil {
		return ""
	}
	return escapeNonASCII(strings.TrimSpace(text.String()))
}

// escapeNonASCII writes JSON as ASCII that YAML reads too. It is empty where a character takes two escapes in JSON, which YAML reads as two
// characters. Outside of strings JSON is ASCII already.
func escapeNonASCII(text string) string {
	var out strings.Builder
	for _, char := range text {
		switch {
		case char < 0x7f:
			out.WriteRune(char)
		case char <= 0xffff:
			fmt.Fprintf(&out, `\u%04x`, char)
		default:
			return ""
		}
	}
	return out.String()
}

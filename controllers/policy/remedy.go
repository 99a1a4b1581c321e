package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// maxRemedy is how long a printed rule may get: a part of one is none.
const maxRemedy = 400

// remedy is the narrowest rule that allows a request, as a policy would hold it; empty where there is none, or it is too long.
func remedy(request Request) string {
	rule, possible := request.remedy()
	if !possible {
		return ""
	}
	if text := spell(rule); len(text) <= maxRemedy {
		return text
	}
	return ""
}

// spell is a rule as JSON: one line, ASCII; empty where that cannot be.
func spell(rule v1alpha1.PolicyRule) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(rule); err != nil {
		return ""
	}
	return ascii(strings.TrimSpace(text.String()))
}

// ascii escapes what is not, as JSON and YAML both read it: what takes two escapes in JSON, YAML does not. Outside of strings JSON
// is ASCII already.
func ascii(text string) string {
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

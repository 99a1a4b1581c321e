package wire

import (
	"regexp"
	"strings"
	"unicode"
)

// maxMessage is how much of a message of Entra's is passed on; with our advice it stays within a KiB.
const maxMessage = 768

// tokenPattern finds what looks like a JWT, or the start of one.
var tokenPattern = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}(\.[A-Za-z0-9_-]*)*`)

// Sanitize makes a text from outside fit for a status, an event and a log: one line, of bounded length, without tokens.
func Sanitize(text string) string {
	text = tokenPattern.ReplaceAllString(text, "***")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxMessage {
		text = strings.ToValidUTF8(text[:maxMessage-3], "") + "..."
	}
	return text
}

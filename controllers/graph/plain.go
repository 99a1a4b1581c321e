package graph

import (
	"regexp"
	"strings"
	"unicode"
)

// longest is how much of a message of Entra's is passed on; with our advice it stays within a KiB.
const longest = 768

// jwt finds what looks like a JWT, or the start of one.
var jwt = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}(\.[A-Za-z0-9_-]*)*`)

// plain makes a text from outside fit for a status, an event and a log: one line, of bounded length, without tokens.
func plain(text string) string {
	text = jwt.ReplaceAllString(text, "***")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest-3], "") + "..."
	}
	return text
}

// Package path splits the paths of Graph into segments and keys.
package path

import (
	"net/url"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/emulator/directory"
	"github.com/entra-registrar/entra-registrar/test/emulator/odata"
)

// Segment is one part of a path: a word, or a key given in parentheses.
type Segment struct {
	Word string
	Key  *directory.Key
}

// AsKey is the key that a segment gives: a word is an ID.
func (s Segment) AsKey() directory.Key {
	if s.Key != nil {
		return *s.Key
	}
	return directory.Key{Value: s.Word}
}

// Split splits an escaped path: slashes inside a quoted key do not count, and "a(b='c')" gives two segments.
func Split(escaped string) (version string, segments []Segment, err error) {
	path, err := url.PathUnescape(escaped)
	if err != nil {
		return "", nil, NotFound(escaped)
	}
	for _, part := range splitQuoted(strings.Trim(path, "/")) {
		word, key, ok := strings.Cut(part, "(")
		if name, ok := strings.CutPrefix(word, "graph."); ok {
			word = "microsoft.graph." + name // the metadata's alias, which generated clients use
		}
		segments = append(segments, Segment{Word: word})
		if !ok || key == ")" {
			continue
		}
		parsed, ok := parseKey(key)
		if !ok {
			return "", nil, NotFound(part)
		}
		segments = append(segments, Segment{Key: &parsed})
	}
	if len(segments) < 2 || segments[0].Word != "v1.0" && segments[0].Word != "beta" {
		return "", nil, odata.Refused(400, "BadRequest", "Invalid version: %s", segments[0].Word)
	}
	return segments[0].Word, segments[1:], nil
}

// splitQuoted splits at slashes outside of quotes; a doubled quote closes and opens again, which comes to the same.
func splitQuoted(path string) []string {
	var out []string
	quoted, start := false, 0
	for i := range len(path) {
		switch {
		case path[i] == '\'':
			quoted = !quoted
		case path[i] == '/' && !quoted:
			out, start = append(out, path[start:i]), i+1
		}
	}
	return append(out, path[start:])
}

// parseKey reads what follows the opening parenthesis: name='value') or 'value').
func parseKey(text string) (directory.Key, bool) {
	text, ok := strings.CutSuffix(text, ")")
	if !ok {
		return directory.Key{}, false
	}
	name := ""
	if !strings.HasPrefix(text, "'") {
		if name, text, ok = strings.Cut(text, "="); !ok {
			return directory.Key{}, false
		}
	}
	if len(text) < 2 || text[0] != '\'' || text[len(text)-1] != '\'' {
		return directory.Key{}, false
	}
	value := text[1 : len(text)-1]
	if strings.Contains(strings.ReplaceAll(value, "''", ""), "'") {
		return directory.Key{}, false
	}
	return directory.Key{Property: name, Value: strings.ReplaceAll(value, "''", "'")}, true
}

// NotFound refuses a path with a segment that is not known.
func NotFound(text string) error {
	return odata.Refused(400, "BadRequest", "Resource not found for the segment '%s'.", text)
}

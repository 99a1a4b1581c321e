package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// tellWrites prints the writes to Graph that nobody has looked at yet: method, path, status, and what was in the body.
func (d *demo) tellWrites() {
	exchanges := d.entra.Exchanges()
	for _, exchange := range exchanges[d.told:] {
		if path, graph := strings.CutPrefix(exchange.Path, "/v1.0"); graph && exchange.IsWrite() {
			say("  %-6s %s → %d", exchange.Method, path, exchange.Status)
			if body := outline(exchange.Request); body != "" {
				say("         %s", body)
			}
		}
	}
	d.told = len(exchanges)
}

// outline names the members of a body, with their values where these are short texts.
func outline(body json.RawMessage) string {
	var members map[string]any
	if err := json.Unmarshal(body, &members); err != nil {
		return "" // no body
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if text, short := members[name].(string); short && len(text) < 60 {
			name = fmt.Sprintf("%s=%q", name, text)
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ", ")
}

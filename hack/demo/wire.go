package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// printWrites prints the writes to Graph that nobody has looked at yet: method, path, status, what was in the body, and why Graph
// refused it.
func (d *demo) printWrites() {
	exchanges := d.entra.Exchanges()
	for _, exchange := range exchanges[d.told:] {
		if path, graph := strings.CutPrefix(exchange.Path, "/v1.0"); graph && exchange.IsWrite() {
			printLine("  %-6s %s → %d", exchange.Method, path, exchange.Status)
			if body := summary(exchange.Request); body != "" {
				printLine("         %s", body)
			}
			if refused := errorMessage(exchange.Response); refused != "" {
				printLine("         ✗ %s", refused)
			}
		}
	}
	d.told = len(exchanges)
}

// summary names the members of a body, with their values where these are short texts. OData's annotations are left out.
func summary(body json.RawMessage) string {
	var members map[string]any
	if err := json.Unmarshal(body, &members); err != nil {
		return "" // no body
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if strings.Contains(name, "@odata") {
			continue
		}
		if text, short := members[name].(string); short && len(text) < 60 {
			name = fmt.Sprintf("%s=%q", name, text)
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ", ")
}

// errorMessage is what Graph says in an error.
func errorMessage(body json.RawMessage) string {
	var answer struct{ Error struct{ Message string } }
	if err := json.Unmarshal(body, &answer); err != nil {
		return "" // no body
	}
	return answer.Error.Message
}

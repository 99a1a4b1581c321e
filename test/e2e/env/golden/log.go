package golden

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/entra-registrar/entra-registrar/test/e2e/env"
	"github.com/entra-registrar/entra-registrar/test/emulator/record"
)

// Log shows, section by section, what the manager asks of Graph. Kept in testdata, it documents what the operator does.
type Log struct {
	env          *env.Env
	placeholders *Placeholders
	text         strings.Builder
}

// NewLog begins with what it is about.
func NewLog(e *env.Env, about string) *Log {
	l := &Log{env: e, placeholders: NewPlaceholders(e)}
	fmt.Fprintf(&l.text, "# %s\n", about)
	return l
}

// Section lets something happen, waits until it is quiet, and writes down what was asked.
func (l *Log) Section(title string, happens func()) {
	l.env.T.Helper()
	l.env.Requests.Reset()
	l.placeholders.Learn(l.env)
	happens()
	l.env.Quiet()
	l.placeholders.Learn(l.env)
	fmt.Fprintf(&l.text, "\n### %s\n", title)
	for _, exchange := range l.env.Requests.ToDirectory() {
		l.text.WriteString(format(exchange))
	}
}

// Check compares the log with its golden file.
func (l *Log) Check(name string) {
	l.env.T.Helper()
	Check(l.env.T, name, l.placeholders.Replace(l.text.String()))
}

// format is an exchange as people read it. Of an answer it has the status, and the code of an error.
func format(exchange record.Exchange) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\n%s %s\n", exchange.Method, exchange.Path)
	if query := exchange.BriefQuery(); query != "" {
		fmt.Fprintf(&text, "    ?%s\n", strings.ReplaceAll(query, "&$", "\n    &$"))
	}
	text.WriteString(indent(exchange.Request))
	fmt.Fprintf(&text, "-> %d%s\n", exchange.Status, errorCode(exchange))
	return text.String()
}

func indent(body json.RawMessage) string {
	var value any
	if len(body) == 0 || json.Unmarshal(body, &value) != nil {
		return ""
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out) // sorts the members
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(value)
	return out.String()
}

func errorCode(exchange record.Exchange) string {
	var body struct{ Error struct{ Code string } }
	if exchange.Status < http.StatusBadRequest || json.Unmarshal(exchange.Response, &body) != nil {
		return ""
	}
	return " " + body.Error.Code
}

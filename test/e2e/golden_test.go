package e2e

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entra-registrar/entra-registrar/test/emulator/record"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// wireLog tells, scene by scene, what the manager asks of Graph. Kept in testdata, it documents what the operator does.
type wireLog struct {
	stage *stage
	names *names
	text  strings.Builder
}

func (s *stage) wireLog(about string) *wireLog {
	l := &wireLog{stage: s, names: s.names()}
	fmt.Fprintf(&l.text, "# %s\n", about)
	return l
}

// scene lets something happen, waits until it is quiet, and writes down what was asked.
func (l *wireLog) scene(title string, happens func()) {
	l.stage.t.Helper()
	l.stage.forget()
	l.names.learn(l.stage)
	happens()
	l.stage.clock.quiet(l.stage.t)
	l.names.learn(l.stage)
	fmt.Fprintf(&l.text, "\n### %s\n", title)
	for _, exchange := range l.stage.entra.Exchanges() {
		if isDirectory(exchange) {
			l.text.WriteString(told(exchange))
		}
	}
}

// told is an exchange as people read it. Of answers it tells the status, and the code of an error.
func told(exchange record.Exchange) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\n%s %s\n", exchange.Method, exchange.Path)
	if query := exchange.BriefQuery(); query != "" {
		fmt.Fprintf(&text, "    ?%s\n", strings.ReplaceAll(query, "&$", "\n    &$"))
	}
	text.WriteString(indented(exchange.Request))
	fmt.Fprintf(&text, "-> %d%s\n", exchange.Status, codeOf(exchange))
	return text.String()
}

func indented(body json.RawMessage) string {
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

func codeOf(exchange record.Exchange) string {
	var body struct{ Error struct{ Code string } }
	if exchange.Status < http.StatusBadRequest || json.Unmarshal(exchange.Response, &body) != nil {
		return ""
	}
	return " " + body.Error.Code
}

// matches compares the log with its golden file, which -update writes.
func (l *wireLog) matches(name string) {
	l.stage.t.Helper()
	golden(l.stage.t, name, l.names.legible(l.text.String()))
}

func golden(t testing.TB, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil { //nolint:gosec // it is source
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got; go test -update accepts it)\n%s", name, diff)
	}
}

package conformance

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// finding is what this directory says to one open question, and what was seen.
type finding struct{ question, answer, evidence string }

// findings collects them while the tests run.
type findings struct {
	mu   sync.Mutex
	rows []finding
}

// record keeps an answer for the table at the end.
func record(t testing.TB, question, said string, evidence ...any) {
	t.Helper()
	seen := make([]string, 0, len(evidence))
	for _, one := range evidence {
		seen = append(seen, fmt.Sprint(one))
	}
	row := finding{question, said, strings.Join(seen, "; ")}
	t.Logf("%s: %s (%s)", row.question, row.answer, row.evidence)
	examined.answers.mu.Lock()
	defer examined.answers.mu.Unlock()
	examined.answers.rows = append(examined.answers.rows, row)
}

// write puts a Markdown table into the file; no file, no table.
func (a *findings) write(file string) error {
	if file == "" {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	slices.SortFunc(a.rows, func(x, y finding) int { return strings.Compare(x.question, y.question) })
	var out strings.Builder
	out.WriteString("| question | answer | evidence |\n|---|---|---|\n")
	for _, row := range a.rows {
		fmt.Fprintf(&out, "| %s | %s | %s |\n", cell(row.question), cell(row.answer), cell(row.evidence))
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
		return fmt.Errorf("write the answers: %w", err)
	}
	return nil
}

func cell(in string) string {
	in = secrets.ReplaceAllString(in, `$1"***"`)
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(in)
}

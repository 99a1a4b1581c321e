package controlplane

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// openLog makes the file that takes a program's output. It is a file, not a pipe: a program must not hold the output of a test
// open after its end.
func (p *ControlPlane) openLog(name string) (*os.File, error) {
	file, err := os.OpenFile(p.guard.path(name+".log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of %s: %w", name, err)
	}
	p.logs = append(p.logs, file)
	return file, nil
}

// logTails returns the last lines of every program's log as an error.
func (p *ControlPlane) logTails() error {
	var text strings.Builder
	for _, file := range p.logs {
		content, err := os.ReadFile(file.Name())
		if err != nil || len(content) == 0 {
			continue
		}
		lines := strings.Split(strings.TrimSpace(string(content)), "\n")
		lines = lines[max(0, len(lines)-15):]
		fmt.Fprintf(&text, "\n%s ends with:\n  %s", filepath.Base(file.Name()), strings.Join(lines, "\n  "))
	}
	if text.Len() == 0 {
		return nil
	}
	return fmt.Errorf("what was printed: %s", text.String())
}

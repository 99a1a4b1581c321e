package controlplane

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
)

// buildOutput reads what `go build -v` writes to its standard error: one line for each module it fetches, one for each package it
// compiles, and its errors.
type buildOutput struct {
	mu                sync.Mutex
	partial           []byte
	modules, packages int
	stderr            []string
}

// Write never fails.
func (o *buildOutput) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.partial = append(o.partial, p...)
	for {
		line, rest, whole := bytes.Cut(o.partial, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		o.partial = rest
		o.count(string(line))
	}
}

func (o *buildOutput) count(line string) {
	switch {
	case strings.HasPrefix(line, "go: downloading "):
		o.modules++
	case !strings.ContainsRune(line, ' '):
		o.packages++
	default:
		o.stderr = append(o.stderr, line)
	}
}

// String says how far the build is.
func (o *buildOutput) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return fmt.Sprintf("%d modules fetched, %d packages compiled", o.modules, o.packages)
}

// errors returns the last of what was neither.
func (o *buildOutput) errors() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	last := append(o.stderr[max(0, len(o.stderr)-20):len(o.stderr):len(o.stderr)], string(o.partial))
	return strings.TrimSpace(strings.Join(last, "\n"))
}

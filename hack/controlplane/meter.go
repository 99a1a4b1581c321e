package controlplane

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
)

// meter reads what `go build -v` writes to its standard error: one line for each module it fetches, one for each package it
// compiles, and its complaints.
type meter struct {
	mu                sync.Mutex
	partial           []byte
	modules, packages int
	complaint         []string
}

// Write never fails.
func (m *meter) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.partial = append(m.partial, p...)
	for {
		line, rest, whole := bytes.Cut(m.partial, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		m.partial = rest
		m.take(string(line))
	}
}

func (m *meter) take(line string) {
	switch {
	case strings.HasPrefix(line, "go: downloading "):
		m.modules++
	case !strings.ContainsRune(line, ' '):
		m.packages++
	default:
		m.complaint = append(m.complaint, line)
	}
}

// String says how far the build is.
func (m *meter) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fmt.Sprintf("%d modules fetched, %d packages compiled", m.modules, m.packages)
}

// complaints returns the last of what was neither.
func (m *meter) complaints() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	last := append(m.complaint[max(0, len(m.complaint)-20):len(m.complaint):len(m.complaint)], string(m.partial))
	return strings.TrimSpace(strings.Join(last, "\n"))
}

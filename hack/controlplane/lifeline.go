package controlplane

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// guard is the shell program that waits for this process to end: see lifeline.
//
//go:embed guard.sh
var guard string

// lifeline ends what was started through it, and removes its folder, when this process ends in whatever way: by Ctrl-C, a panic,
// a test's timeout, SIGKILL.
//
// A small shell in a process group of its own reads from a pipe that only this process holds open. When the pipe closes, the
// shell kills the process groups that were noted in the folder and removes the folder. envtest offers no way to reach the
// processes it starts, so they are started through scripts that note their process group first.
type lifeline struct {
	dir   string
	guard *exec.Cmd
	rope  io.Closer
}

// newLifeline makes the folder and starts the guard.
func newLifeline() (*lifeline, error) {
	dir, err := os.MkdirTemp("", "entra-registrar-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the control plane: %w", err)
	}
	cmd := exec.Command("/bin/sh", "-c", guard, "guard", dir) // without a context: it must outlive every one
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	rope, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the control plane's guard: %w", err), os.RemoveAll(dir))
	}
	return &lifeline{dir: dir, guard: cmd, rope: rope}, nil
}

// path is a path within the folder.
func (l *lifeline) path(name string) string { return filepath.Join(l.dir, name) }

// tie writes a script that runs the program under the lifeline and returns its path. Whoever starts it must give it a process
// group of its own. Runs for --help only are left alone: they end by themselves.
func (l *lifeline) tie(program string) (string, error) {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	script := fmt.Sprintf("#!/bin/sh\n[ \"$1\" = --help ] || echo $$ >>%s || exit 1\nexec %s \"$@\"\n",
		quote(l.path("groups")), quote(program))
	at := l.path(filepath.Base(program))
	if err := os.WriteFile(at, []byte(script), 0o700); err != nil {
		return "", fmt.Errorf("tie %s to the lifeline: %w", filepath.Base(program), err)
	}
	return at, nil
}

// cut ends the lifeline after everything on it has been stopped in an orderly way. The note of process groups goes first: their
// numbers may belong to others by now.
func (l *lifeline) cut() error {
	err := os.Remove(l.path("groups"))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, l.rope.Close(), l.guard.Wait())
}

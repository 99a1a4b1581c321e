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

// guardScript is the shell program that waits for this process to end: see guard.
//
//go:embed guard.sh
var guardScript string

// guard ends what was started through it, and removes its folder, when this process ends in whatever way: by Ctrl-C, a panic,
// a test's timeout, SIGKILL.
//
// A small shell in a process group of its own reads from a pipe that only this process holds open. When the pipe closes, the
// shell kills the process groups that were noted in the folder and removes the folder. envtest offers no way to reach the
// processes it starts, so they are started through scripts that note their process group first.
type guard struct {
	dir   string
	shell *exec.Cmd
	pipe  io.Closer
}

// newGuard makes the folder and starts the guard.
func newGuard() (*guard, error) {
	dir, err := os.MkdirTemp("", "entra-registrar-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the control plane: %w", err)
	}
	cmd := exec.Command("/bin/sh", "-c", guardScript, "guard", dir) // without a context: it must outlive every one
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the control plane's guard: %w", err), os.RemoveAll(dir))
	}
	return &guard{dir: dir, shell: cmd, pipe: pipe}, nil
}

// path is a path within the folder.
func (g *guard) path(name string) string { return filepath.Join(g.dir, name) }

// wrap writes a script that runs the program under the guard and returns its path. Whoever starts it must give it a process
// group of its own. Runs for --help only are left alone: they end by themselves.
func (g *guard) wrap(program string) (string, error) {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	script := fmt.Sprintf("#!/bin/sh\n[ \"$1\" = --help ] || echo $$ >>%s || exit 1\nexec %s \"$@\"\n",
		quote(g.path("groups")), quote(program))
	at := g.path(filepath.Base(program))
	if err := os.WriteFile(at, []byte(script), 0o700); err != nil {
		return "", fmt.Errorf("wrap %s: %w", filepath.Base(program), err)
	}
	return at, nil
}

// end ends the guard after everything under it has been stopped in an orderly way. The note of process groups goes first: their
// numbers may belong to others by now.
func (g *guard) end() error {
	err := os.Remove(g.path("groups"))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, g.pipe.Close(), g.shell.Wait())
}

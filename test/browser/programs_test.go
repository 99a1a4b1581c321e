package browser

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// build compiles programs of the project into a folder.
func build(t *testing.T, folder string, packages ...string) {
	t.Helper()
	arguments := append([]string{"build", "-o", folder + string(filepath.Separator)}, packages...)
	command := exec.CommandContext(t.Context(), "go", arguments...) //nolint:gosec // the project's own packages
	command.Dir = filepath.Join("..", "..")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go build %v: %v\n%s", packages, err, out)
	}
}

// program is one that runs until the test ends. It says where it is.
type program struct{ url string }

// start runs a program that says "ready <url>", and stops it with SIGTERM when the test ends.
func start(t *testing.T, path string, environment []string, arguments ...string) program {
	t.Helper()
	command := exec.Command(path, arguments...) //nolint:gosec,noctx // ours; it is stopped by a signal below
	command.Env = append(os.Environ(), environment...)
	var complaints strings.Builder
	command.Stderr = &complaints
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	said := lines.Scan()
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_, _ = io.Copy(io.Discard, out)
		if err := command.Wait(); err != nil {
			t.Errorf("%s: %v\n%s", filepath.Base(path), err, complaints.String())
		}
	})
	url, ok := strings.CutPrefix(lines.Text(), "ready ")
	if !said || !ok {
		t.Fatalf("%s does not say ready: %q", filepath.Base(path), lines.Text())
	}
	return program{url: url}
}

package browser

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// programs is where the project's programs are. TestMain sets it, and the other tests read it.
var programs string

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run builds the programs before the tests.
func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "browser")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	command := exec.Command("go", "build", "-o", folder+"/", "./test/emulator/cmd/emulator", "./test/webapp/cmd/webapp") //nolint:noctx // it ends
	command.Dir = filepath.Join("..", "..")
	if out, err := command.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the programs: %v\n%s", err, out)
		return 1
	}
	programs = folder
	return m.Run()
}

func program(name string) string { return filepath.Join(programs, name) }

// start runs a program that says "ready <url>", and stops it with SIGTERM when the test ends. It returns the URL.
func start(t *testing.T, path string, environment []string, arguments ...string) string {
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
	return url
}

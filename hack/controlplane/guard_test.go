package controlplane

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// childVariable, in the environment, makes this test binary a process that starts a control plane, tells where it is and waits.
const childVariable = "CONTROLPLANE_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		runChild(dir)
	}
	os.Exit(m.Run())
}

func runChild(dir string) {
	p, err := Start(context.Background(), Options{Dir: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	tested := &plane{ControlPlane: p}
	fmt.Println(p.guard.dir, strings.Join(tested.addresses(), " "))
	select {}
}

// Nothing is left of a control plane whose process has ended.
func TestControlPlane_EndsWithItsProcess(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]os.Signal{"was interrupted": os.Interrupt, "was killed": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, err := Binaries(t.Context(), t.Output())
			if err != nil {
				t.Fatalf("Binaries: %v", err)
			}
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), childVariable+"="+dir)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatalf("take the output: %v", err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatalf("start: %v", err)
			}
			line, _ := bufio.NewReader(out).ReadString('\n')
			words := strings.Fields(line)
			if len(words) != 3 {
				t.Fatalf("it did not start: %s", line)
			}
			if remains(words[0], words[1:]) == "" {
				t.Fatal("it was not there in the first place")
			}
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatalf("signal: %v", err)
			}
			_ = cmd.Wait()
			err = wait.PollUntilContextTimeout(t.Context(), 100*time.Millisecond, 20*time.Second, true,
				func(context.Context) (bool, error) { return remains(words[0], words[1:]) == "", nil })
			if err != nil {
				t.Errorf("afterwards: %s", remains(words[0], words[1:]))
			}
		})
	}
}

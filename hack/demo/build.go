package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/entra-registrar/entra-registrar/hack/controlplane"
)

// managerBinary is where make build puts it.
const managerBinary = "bin/manager"

// build makes what the demo starts. What is there already is taken as it is. An interrupted go would leave its temporary folder
// behind, so it gets one of ours.
func (d *demo) build(ctx context.Context) (err error) {
	temporary, err := os.MkdirTemp("", "entra-registrar-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Unsetenv("GOTMPDIR"), os.RemoveAll(temporary)) }()
	if err := os.Setenv("GOTMPDIR", temporary); err != nil {
		return err
	}
	if d.programs, err = controlplane.Binaries(ctx, indented{}); err != nil {
		return err
	}
	printLine("the control plane's programs are in %s", d.programs)
	printLine("building the manager; the first time, Microsoft Graph's Go models take some minutes")
	if err := runWithProgress(ctx, "make", "build"); err != nil {
		return err
	}
	printLine("the manager is %s", managerBinary)
	return nil
}

// runWithProgress runs a command that takes long and says nothing, and says for it that it is still at work. Its output shows only if
// it fails. Interrupted, with all its children, it may tidy up.
func runWithProgress(ctx context.Context, name string, args ...string) error {
	var output bytes.Buffer
	command := exec.CommandContext(ctx, name, args...)
	command.Stdout, command.Stderr = &output, &output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGINT) }
	command.WaitDelay = 10 * time.Second
	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	begun, tick := time.Now(), time.NewTicker(10*time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			printLine("… still building after %s", time.Since(begun).Round(time.Second))
		case err := <-ended:
			if err != nil {
				return fmt.Errorf("%s: %w\n%s", command, err, output.Bytes())
			}
			return nil
		}
	}
}

// printLine prints a line below a step's title.
func printLine(format string, args ...any) { fmt.Fprintf(indented{}, format+"\n", args...) }

// indented prints text below a step's title.
type indented struct{}

var _ io.Writer = indented{}

// Write takes whole lines.
func (indented) Write(text []byte) (int, error) {
	for line := range bytes.Lines(text) {
		if len(line) > 1 {
			fmt.Print("   ")
		}
		fmt.Printf("%s", line)
	}
	return len(text), nil
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"syscall"
	"time"

	"github.com/entra-registrar/entra-registrar/hack/controlplane"
)

// managerBinary is where make build puts it.
const managerBinary = "bin/manager"

// build makes what the demo starts. What is there already is taken as it is.
func (d *demo) build(ctx context.Context) (err error) {
	if d.programs, err = controlplane.Binaries(ctx, indented{}); err != nil {
		return err
	}
	say("the control plane's programs are in %s", d.programs)
	say("building the manager; the first time, Microsoft Graph's Go models take some minutes")
	if err := patiently(ctx, exec.Command("make", "build")); err != nil {
		return err
	}
	say("the manager is %s", managerBinary)
	return nil
}

// patiently runs a command that takes long and says nothing, and says for it that it is still at work. Its output shows only if
// it fails. An interrupt reaches its children too, and waits until they have tidied up.
func patiently(ctx context.Context, command *exec.Cmd) error {
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = syscall.Kill(-command.Process.Pid, syscall.SIGINT) })
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	begun, tick := time.Now(), time.NewTicker(10*time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			say("… still building after %s", time.Since(begun).Round(time.Second))
		case err := <-ended:
			if err != nil {
				return fmt.Errorf("%s: %w\n%s", command, err, output.Bytes())
			}
			return nil
		}
	}
}

// say prints a line below a scene's title.
func say(format string, args ...any) { fmt.Fprintf(indented{}, format+"\n", args...) }

// indented prints text below a scene's title.
type indented struct{}

var _ io.Writer = indented{}

// Write takes whole lines.
func (indented) Write(text []byte) (int, error) {
	for line := range bytes.Lines(text) {
		fmt.Printf("   %s", line)
	}
	return len(text), nil
}

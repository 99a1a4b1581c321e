// Command demo shows everything on one machine: from YAML to a pod's working token, with a real control plane and an emulated
// Entra tenant. It needs nothing but Go, make and the modules, and leaves nothing behind. `make demo` runs it in the project's
// folder; KEEP=1 in the environment leaves everything running until Ctrl-C.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

func main() {
	log.SetLogger(logr.Discard()) // envtest would complain that it cannot log
	runtime.LockOSThread()        // the manager lives no longer than the thread that starts it: see launchManager
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		fmt.Println("\nTaking everything down …")
		stop() // a second Ctrl-C does not wait for the first one's tidying: the control plane's guard does it then
	})
	if err := run(ctx); err != nil {
		fmt.Println("\ndemo: failed:", err)
		os.Exit(1)
	}
	fmt.Println("\ndemo: ok")
}

// errInterrupted is the failure of a demo that somebody ended with Ctrl-C.
var errInterrupted = errors.New("interrupted; nothing is left behind")

// run goes through the steps and takes everything down again, however they end.
func run(interrupted context.Context) error {
	ctx, fail := context.WithCancelCause(interrupted)
	defer fail(nil)
	d := &demo{fail: fail}
	err := d.runSteps(ctx)
	switch {
	case interrupted.Err() != nil:
		err = errInterrupted
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case err == nil && os.Getenv("KEEP") == "1":
		err = d.keepRunning(ctx, interrupted)
	}
	if err != nil && !errors.Is(err, errInterrupted) {
		d.printManagerLog()
	}
	if failure := d.close(); failure != nil {
		return errors.Join(err, fmt.Errorf("tidy up: %w", failure))
	}
	return err
}

// runSteps runs one step after the other until one fails.
func (d *demo) runSteps(ctx context.Context) error {
	for _, step := range []struct {
		title string
		run   func(context.Context) error
	}{
		{"Build what is not built yet", d.build},
		{"Start a control plane: etcd, kube-apiserver, kube-controller-manager", d.startControlPlane},
		{"Start the Entra emulator", d.startEmulator},
		{"Start the manager as its own ServiceAccount", d.startManager},
		{"Apply config/samples, wait until every object is Ready", d.applySamples},
		{"What a person sees", d.show},
		{"A pod signs in and calls an API", d.useToken},
		{"A web application signs Ada in, with consent that is in Git", d.consentInYAML},
		{"Another namespace is lent an API, and not for ever", d.allowConsumer},
		{"Somebody edits the application behind the operator's back", d.repairDrift},
		{"How big is the manager, a minute after Ready?", d.measure},
		{"Delete everything", d.deleteSamples},
		{"Apply the same YAML again", d.applyAgain},
	} {
		begun := time.Now()
		fmt.Printf("\n== %s\n", step.title)
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.title, err)
		}
		fmt.Printf("   (%.1f s)\n", time.Since(begun).Seconds())
	}
	return nil
}

// keepRunning says how to look around, and returns at Ctrl-C, which is no failure, or when the manager has ended by itself.
func (d *demo) keepRunning(ctx, interrupted context.Context) error {
	fmt.Printf("\n== KEEP=1: everything goes on running until Ctrl-C. In another terminal:\n"+
		"   export KUBECONFIG='%s' PATH=\"%s:$PATH\"\n   kubectl get entra --all-namespaces\n   tail -f '%s'\n\ndemo: ok\n",
		d.cluster.Kubeconfig(), d.programs, d.file(managerLog))
	<-ctx.Done()
	if interrupted.Err() == nil {
		return context.Cause(ctx)
	}
	return nil
}

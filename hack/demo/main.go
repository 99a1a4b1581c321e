// Command demo runs the whole story on one machine: from YAML to a pod's working token, with a real control plane and an emulated
// Entra tenant. It needs nothing but Go and the modules.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx)
	switch {
	case ctx.Err() != nil:
		fmt.Println("\ndemo: interrupted; nothing is left behind")
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "\ndemo: failed:", err)
		os.Exit(1)
	}
}

// run tells the story and takes everything down again.
func run(ctx context.Context) (err error) {
	d := &demo{}
	defer func() { err = errors.Join(err, d.close(err)) }()
	for _, scene := range []struct {
		title string
		play  func(context.Context) error
	}{
		{"Building what is not built yet", d.build},
		{"Starting etcd, kube-apiserver and kube-controller-manager", d.startControlPlane},
		{"Starting the Entra emulator", d.startEmulator},
		{"Starting the manager as its own ServiceAccount", d.startManager},
		{"Applying config/samples and waiting until every object is Ready", d.applySamples},
		{"What a person sees", d.show},
		{"A pod's token, verified as an API would", d.proveToken},
		{"Somebody edits the application behind the operator's back", d.repairDrift},
		{"How big the manager is", d.measure},
		{"Deleting everything", d.deleteSamples},
		{"Applying the same YAML again", d.applyAgain},
	} {
		begun := time.Now()
		fmt.Printf("\n== %s\n", scene.title)
		if err := scene.play(ctx); err != nil {
			return fmt.Errorf("%s: %w", scene.title, err)
		}
		fmt.Printf("   (%.1f s)\n", time.Since(begun).Seconds())
	}
	if os.Getenv("KEEP") == "1" {
		fmt.Printf("\nKEEP=1: everything goes on running until Ctrl-C.\n  export KUBECONFIG=%s\n  %s get entra -A\n", d.cluster.Kubeconfig(), d.kubectl)
		fmt.Println("demo: ok")
		<-ctx.Done()
		return nil
	}
	if err := d.close(nil); err != nil {
		return err
	}
	fmt.Println("\ndemo: ok")
	return nil
}

package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// namespace of the samples.
const namespace = "shop"

// samples are what the team of the shop writes. The tenant is the platform team's, and the demo has its own.
var samples = []string{
	"config/samples/namespace.yaml", "config/samples/orders-api.yaml", "config/samples/orders-worker.yaml",
}

func (d *demo) applySamples(ctx context.Context) error {
	for _, file := range samples {
		if err := d.apply(ctx, file); err != nil {
			return err
		}
	}
	for _, kind := range []string{"entratenants", "appregistrations", "federatedcredentials", "approleassignments"} {
		if _, err := d.kube(ctx, "wait", "--for=condition=Ready", "--timeout=120s", "--all", kind, "-n", namespace); err != nil {
			return d.explain(ctx, err)
		}
		fmt.Printf("   %s are Ready\n", kind)
	}
	if d.readyAt.IsZero() {
		d.readyAt = time.Now()
	}
	return nil
}

// explain adds what the objects say of themselves to a failure.
func (d *demo) explain(ctx context.Context, failure error) error {
	for _, scope := range []string{"entratenants", "appregistrations,federatedcredentials,approleassignments"} {
		_ = d.print(ctx, "get", scope, "-n", namespace, "-o", "wide")
	}
	return failure
}

func (d *demo) show(ctx context.Context) error {
	for _, args := range [][]string{
		{"get", "entratenants"}, {"get", "appregistrations", "-n", namespace}, {"get", "federatedcredentials", "-n", namespace},
		{"get", "approleassignments", "-n", namespace},
	} {
		if err := d.print(ctx, args...); err != nil {
			return err
		}
	}
	secret, err := read[corev1.Secret](ctx, d, "secret", "orders-worker-entra", "-n", namespace)
	if err != nil {
		return err
	}
	fmt.Println("Secret orders-worker-entra (no credential in it):")
	for _, key := range slices.Sorted(maps.Keys(secret.Data)) {
		fmt.Printf("  %s=%s\n", key, secret.Data[key])
	}
	fmt.Println("Every write to Graph so far:")
	for _, exchange := range d.entra.Exchanges() {
		if exchange.IsWrite() && strings.HasPrefix(exchange.Path, "/v1.0/") {
			fmt.Printf("  %-6s %-100s %d\n", exchange.Method, exchange.Path, exchange.Status)
		}
	}
	return nil
}

func (d *demo) repairDrift(ctx context.Context) error {
	app, err := read[v1alpha1.AppRegistration](ctx, d, "appregistration", "orders-api", "-n", namespace)
	if err != nil {
		return err
	}
	path := "/applications/" + app.Status.ObjectID
	if err := d.graph(ctx, "PATCH", path, map[string]any{"displayName": "Renamed by hand"}, nil); err != nil {
		return err
	}
	fmt.Printf("   through Graph: displayName is now %q\n", "Renamed by hand")
	if _, err := d.kube(ctx, "annotate", "--overwrite", "appregistration", "orders-api", "-n", namespace,
		v1alpha1.ReconcileRequestedAt+"="+time.Now().Format(time.RFC3339Nano)); err != nil {
		return err
	}
	var seen struct{ DisplayName string }
	err = until(ctx, "the repair", func(ctx context.Context) (bool, error) {
		err := d.graph(ctx, "GET", path, nil, &seen)
		return seen.DisplayName == app.Spec.DisplayName, err
	})
	if err == nil {
		fmt.Printf("   repaired: displayName is %q again\n", seen.DisplayName)
	}
	return err
}

func (d *demo) deleteSamples(ctx context.Context) error {
	if err := d.rememberClientIDs(ctx); err != nil {
		return err
	}
	if _, err := d.kube(ctx, "delete", "approleassignments,federatedcredentials,appregistrations", "--all", "-n", namespace, "--timeout=120s"); err != nil {
		return d.explain(ctx, err)
	}
	live, err := d.applications(ctx, "/applications")
	if err != nil {
		return err
	}
	deleted, err := d.applications(ctx, "/directory/deletedItems/microsoft.graph.application")
	if err != nil {
		return err
	}
	fmt.Printf("   ours that are live: %d; ours in deletedItems: %s\n", len(live), strings.Join(slices.Sorted(maps.Keys(deleted)), ", "))
	if len(live) != 0 || len(deleted) != len(d.clientIDs) {
		return fmt.Errorf("expected none live and %d deleted", len(d.clientIDs))
	}
	return nil
}

func (d *demo) applyAgain(ctx context.Context) error {
	before := d.clientIDs
	if err := d.applySamples(ctx); err != nil {
		return err
	}
	if err := d.rememberClientIDs(ctx); err != nil {
		return err
	}
	for name, id := range d.clientIDs {
		fmt.Printf("   %s came back with client ID %s\n", name, id)
		if before[name] != id {
			return fmt.Errorf("%s had client ID %s before", name, before[name])
		}
	}
	return d.proveToken(ctx)
}

func (d *demo) rememberClientIDs(ctx context.Context) error {
	list, err := read[v1alpha1.AppRegistrationList](ctx, d, "appregistrations", "-n", namespace)
	if err != nil {
		return err
	}
	d.clientIDs = map[string]string{}
	for _, app := range list.Items {
		d.clientIDs[app.Name] = app.Status.AppID
	}
	return nil
}

// The limits of the house: the manager's binary, and its memory a minute after Ready.
const (
	maxBinary = 80 << 20
	maxMemory = 80 << 20
)

func (d *demo) measure(ctx context.Context) error {
	info, err := os.Stat(managerBinary)
	if err != nil {
		return err
	}
	if err := until(ctx, "a minute's rest", func(context.Context) (bool, error) {
		return time.Since(d.readyAt) > time.Minute, nil
	}); err != nil {
		return err
	}
	memory, err := residentMemory(d.manager.Process.Pid)
	if err != nil {
		return err
	}
	fmt.Printf("\n   binary: %.1f MB; memory, a minute after Ready: %.1f MB\n", float64(info.Size())/(1<<20), float64(memory)/(1<<20))
	if info.Size() > maxBinary || memory > maxMemory {
		return fmt.Errorf("more than 80 MB")
	}
	return nil
}

// residentMemory is a process's RSS in bytes.
func residentMemory(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); err == nil {
			return kilobytes << 10, nil
		}
	}
	return 0, fmt.Errorf("the kernel does not tell the manager's memory")
}

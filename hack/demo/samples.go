package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// namespace of the samples.
const namespace = "shop"

// teamKinds are the kinds that a team writes.
const teamKinds = "appregistrations,federatedcredentials,approleassignments,delegatedpermissiongrants"

// applySamples applies what the shop's team writes. The sample of the tenant is left out: the demo has its own.
func (d *demo) applySamples(ctx context.Context) error {
	err := d.kubectl(ctx, "apply", "--server-side", "-f", "config/samples/namespace.yaml",
		"-f", "config/samples/orders-api.yaml", "-f", "config/samples/orders-worker.yaml")
	if err != nil {
		return err
	}
	for _, args := range [][]string{{"entratenants", "--all"}, {teamKinds, "--all", "-n", namespace}} {
		wait := append([]string{"wait", "--for=condition=Ready", "--timeout=2m"}, args...)
		if err := d.kubectl(ctx, wait...); err != nil {
			_ = d.kubectl(ctx, "get", "entra", "-n", namespace, "-o", "wide") // says why
			return err
		}
	}
	if err := d.rememberClientIDs(ctx); err != nil {
		return err
	}
	if d.readyAt.IsZero() {
		d.readyAt, d.made = time.Now(), len(d.clientIDs)
	}
	return nil
}

func (d *demo) rememberClientIDs(ctx context.Context) error {
	list, err := read[v1alpha1.AppRegistrationList](ctx, d, "appregistrations")
	if err != nil {
		return err
	}
	d.clientIDs = map[string]string{}
	for _, app := range list.Items {
		d.clientIDs[app.Name] = app.Status.AppID
	}
	return nil
}

func (d *demo) show(ctx context.Context) error {
	if err := d.kubectl(ctx, "get", "entra", "-n", namespace); err != nil {
		return err
	}
	secret, err := read[corev1.Secret](ctx, d, "secret", "orders-worker-entra")
	if err != nil {
		return err
	}
	account, err := read[corev1.ServiceAccount](ctx, d, "serviceaccount", "orders-worker")
	if err != nil {
		return err
	}
	printLine("\nThe Secret %s, for envFrom. There is no credential in it:", secret.Name)
	for _, key := range slices.Sorted(maps.Keys(secret.Data)) {
		printLine("  %s=%s", key, secret.Data[key])
	}
	printLine("\nThe ServiceAccount %s, annotated for the workload identity webhook:", account.Name)
	for _, key := range slices.Sorted(maps.Keys(account.Annotations)) {
		printLine("  %s: %s", key, account.Annotations[key])
	}
	printLine("\nEvery write to Graph so far:")
	d.printWrites()
	return nil
}

// applyAgain brings everything back: Entra keeps what was deleted for thirty days.
func (d *demo) applyAgain(ctx context.Context) error {
	before := d.clientIDs
	printLine("Entra keeps what was deleted for thirty days. Before the operator takes anything back, it waits ten seconds\n" +
		"for all that belongs to it.")
	if err := d.applySamples(ctx); err != nil {
		return err
	}
	printLine("\nWritten to Graph:")
	d.printWrites()
	printLine("\nWhat came back:")
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if d.clientIDs[name] != before[name] {
			return fmt.Errorf("%s has client ID %s, and had %s before", name, d.clientIDs[name], before[name])
		}
		printLine("  %s with its client ID %s", name, before[name])
	}
	printLine("\nAnd its pods sign in as before:")
	return d.useToken(ctx)
}

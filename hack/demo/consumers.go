package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

const reportsNamespace = "reports"

// allowConsumer shows that the owner of an API decides who from other namespaces may use it, and may change their mind.
func (d *demo) allowConsumer(ctx context.Context) error {
	if err := d.kubectl(ctx, "apply", "--server-side", "-f", "config/samples/reports.yaml"); err != nil {
		return err
	}
	if err := d.kubectl(ctx, "wait", "--for=condition=Ready", "--timeout=2m", "-n", reportsNamespace,
		"appregistration/nightly", "federatedcredential/nightly"); err != nil {
		return err
	}
	d.made++
	api, err := read[v1alpha1.AppRegistration](ctx, d, "appregistration", "orders-api")
	if err != nil {
		return err
	}
	scope := api.Status.IdentifierURIs[0] + "/.default"
	nightly := pod{namespace: reportsNamespace, name: "nightly"}
	if err := d.expectNoToken(ctx, nightly, scope); err != nil {
		return err
	}
	printLine("\nThe shop lets the namespace reports give that role:")
	if err := d.setConsumers(ctx, `[{"namespaces":{"names":["reports"]},"appRoles":["Orders.Read.All"]}]`, "True"); err != nil {
		return err
	}
	if _, err := d.signIn(ctx, nightly, scope); err != nil {
		return err
	}
	printLine("\nThe shop takes it back:")
	if err := d.setConsumers(ctx, "null", "False"); err != nil {
		return err
	}
	if err := d.expectNoToken(ctx, nightly, scope); err != nil {
		return err
	}
	return d.kubectl(ctx, "delete", teamKinds, "--all", "-n", reportsNamespace, "--timeout=2m")
}

// setConsumers changes whom the API allows, and waits for what that means to the other namespace.
func (d *demo) setConsumers(ctx context.Context, consumers, ready string) error {
	if err := d.kubectl(ctx, "patch", "appregistration/orders-api", "-n", namespace, "--type=merge",
		"-p", `{"spec":{"allowedConsumers":`+consumers+`}}`); err != nil {
		return err
	}
	return d.kubectl(ctx, "wait", "--for=condition=Ready="+ready, "--timeout=1m", "-n", reportsNamespace, "approleassignment/nightly-reads-orders")
}

// expectNoToken fails where a pod gets a token.
func (d *demo) expectNoToken(ctx context.Context, p pod, scope string) error {
	_, err := d.signIn(ctx, p, scope)
	if err == nil {
		return errors.New("a token was given that should have been refused")
	}
	at := strings.Index(err.Error(), "AADSTS501051")
	if at < 0 {
		return fmt.Errorf("refused for another reason than a missing role: %w", err)
	}
	line, _, _ := strings.Cut(err.Error()[at:], "\n")
	printLine("no token for %s/%s: %s", p.namespace, p.name, line)
	return nil
}

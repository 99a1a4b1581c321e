package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

const reportsNamespace = "reports"

// lendTheAPI shows that the owner of an API decides who from other namespaces may use it, and may change their mind.
func (d *demo) lendTheAPI(ctx context.Context) error {
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
	if err := d.isTurnedAway(ctx, nightly, scope); err != nil {
		return err
	}
	say("\nThe shop lets the namespace reports give that role:")
	if err := d.letReports(ctx, `[{"namespaces":{"names":["reports"]},"appRoles":["Orders.Read.All"]}]`, "True"); err != nil {
		return err
	}
	if _, err := d.signIn(ctx, nightly, scope); err != nil {
		return err
	}
	say("\nThe shop takes it back:")
	if err := d.letReports(ctx, "null", "False"); err != nil {
		return err
	}
	if err := d.isTurnedAway(ctx, nightly, scope); err != nil {
		return err
	}
	return d.kubectl(ctx, "delete", owned, "--all", "-n", reportsNamespace, "--timeout=2m")
}

// letReports changes whom the API is lent to, and waits for what that means to the other namespace.
func (d *demo) letReports(ctx context.Context, consumers, ready string) error {
	if err := d.kubectl(ctx, "patch", "appregistration/orders-api", "-n", namespace, "--type=merge",
		"-p", `{"spec":{"allowedConsumers":`+consumers+`}}`); err != nil {
		return err
	}
	return d.kubectl(ctx, "wait", "--for=condition=Ready="+ready, "--timeout=1m", "-n", reportsNamespace, "approleassignment/nightly-reads-orders")
}

// isTurnedAway shows that a pod gets no token.
func (d *demo) isTurnedAway(ctx context.Context, p pod, scope string) error {
	_, err := d.signIn(ctx, p, scope)
	if err == nil {
		return errors.New("a token was given that should have been refused")
	}
	at := strings.Index(err.Error(), "AADSTS501051")
	if at < 0 {
		return fmt.Errorf("refused for another reason than a missing role: %w", err)
	}
	line, _, _ := strings.Cut(err.Error()[at:], "\n")
	say("no token for %s/%s: %s", p.namespace, p.name, line)
	return nil
}

package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
)

// repairDrift renames the application through Graph, asks the operator to look, and finds the old name again. Without being asked
// the operator looks every hour.
func (d *demo) repairDrift(ctx context.Context) error {
	app, err := read[v1alpha1.AppRegistration](ctx, d, "appregistration", "orders-api")
	if err != nil {
		return err
	}
	path, byHand := "/applications/"+app.Status.ObjectID, map[string]string{"displayName": "Renamed by hand"}
	if err := d.graph(ctx, http.MethodPatch, path, byHand, nil); err != nil {
		return err
	}
	printLine("through Graph, past the operator: displayName=%q", byHand["displayName"])

	token := time.Now().UTC().Format(time.RFC3339)
	if err := d.kubectl(ctx, "annotate", "appregistration", "orders-api", "-n", namespace, v1alpha1.ReconcileRequestedAt+"="+token); err != nil {
		return err
	}
	handled := "--for=jsonpath={.status.lastHandledReconcileAt}=" + token
	if err := d.kubectl(ctx, "wait", handled, "appregistration", "orders-api", "-n", namespace, "--timeout=1m"); err != nil {
		return err
	}
	printLine("\nWritten to Graph, by hand and by the operator:")
	d.printWrites()
	var now struct{ DisplayName string }
	if err := d.graph(ctx, http.MethodGet, path, nil, &now); err != nil {
		return err
	}
	if now.DisplayName != app.Spec.DisplayName {
		return fmt.Errorf("displayName is %q, not %q", now.DisplayName, app.Spec.DisplayName)
	}
	printLine("Repaired: displayName is %q again.", now.DisplayName)
	return nil
}

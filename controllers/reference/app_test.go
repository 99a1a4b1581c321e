package reference_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

func TestAClientOfAnotherNamespaceIsRefusedByItsField(t *testing.T) {
	t.Parallel()
	ref := v1alpha1.AppRegistrationReference{Namespace: "docks", Name: "orders"}
	_, err := resolver(t, orders()).App(t.Context(), "shop", ref, "spec.client.appRegistrationRef", "")
	refused, is := errors.AsType[entra.Refused](err)
	if !is || refused.Reason != entra.RefusedInvalid || refused.Property != "spec.client.appRegistrationRef.namespace" {
		t.Errorf("answered %v", err)
	}
	ref.Namespace = "shop"
	app, err := resolver(t, orders()).App(t.Context(), "shop", ref, "spec.client.appRegistrationRef", "")
	if err != nil || app.ID != ordersID || app.AppID != ordersAppID {
		t.Errorf("its own: %+v, %v", app, err)
	}
}

func TestAPrincipalIsConfirmedByItsMarksInEntra(t *testing.T) {
	t.Parallel()
	marked := entra.ServicePrincipal{
		ObjectID: ordersID, AppID: ordersAppID, OwnerTenantID: "t", Type: "Application", Tags: []string{"k8s-object:shop/orders", "k8s-cluster-uid:c"},
	}
	for name, row := range map[string]struct {
		change func(*entra.ServicePrincipal)
		want   v1alpha1.Reason
	}{
		"all is as it should be":  {func(*entra.ServicePrincipal) {}, ""},
		"another application's":   {func(s *entra.ServicePrincipal) { s.AppID = strangerAppID }, v1alpha1.ReasonConflict},
		"another object's":        {func(s *entra.ServicePrincipal) { s.Tags[0] = "k8s-object:docks/orders" }, v1alpha1.ReasonConflict},
		"another cluster's":       {func(s *entra.ServicePrincipal) { s.Tags[1] = "k8s-cluster-uid:d" }, v1alpha1.ReasonConflict},
		"without marks":           {func(s *entra.ServicePrincipal) { s.Tags = nil }, v1alpha1.ReasonConflict},
		"registered elsewhere":    {func(s *entra.ServicePrincipal) { s.OwnerTenantID = "u" }, v1alpha1.ReasonConflict},
		"an agent's":              {func(s *entra.ServicePrincipal) { s.Type = "ServiceIdentity" }, v1alpha1.ReasonConflict},
		"the operator's own":      {func(s *entra.ServicePrincipal) { s.ObjectID = "operator" }, v1alpha1.ReasonDenied},
		"the operator's, by name": {func(s *entra.ServicePrincipal) { s.AppID = "operator" }, v1alpha1.ReasonDenied},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := marked
			seen.Tags = append([]string(nil), marked.Tags...)
			row.change(&seen)
			app, err := resolver(t, orders()).App(t.Context(), "shop", v1alpha1.AppRegistrationReference{Name: "orders"}, "spec", "")
			if err != nil {
				t.Fatal(err)
			}
			var got v1alpha1.Reason
			if refusal := app.Confirm(seen, asking("shop").Tenant); refusal != nil {
				got = refusal.Reason
			}
			if got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

func TestAWrongNameListsTheNearest(t *testing.T) {
	t.Parallel()
	var has []reference.Permission
	for _, value := range []string{"Mail.Send", "User.ReadWrite", "Mail.Read", "User.Read", "Files.Read", "Calendars.Read", "offline_access"} {
		has = append(has, reference.Permission{Value: value})
	}
	if got := reference.Nearest("user.raed", has); !strings.HasPrefix(got, `it has "User.Read", `) || !strings.HasSuffix(got, "and 2 more") {
		t.Error(got)
	}
	if got := reference.Nearest("x", nil); got != "it has none" {
		t.Error(got)
	}
}

package reference_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/entra-registrar/entra-registrar/api/v1alpha1"
	"github.com/entra-registrar/entra-registrar/controllers/entra"
	"github.com/entra-registrar/entra-registrar/controllers/reference"
)

func TestApp_UsableOnceItsStatusHasTheIDs(t *testing.T) {
	t.Parallel()
	name := types.NamespacedName{Namespace: "shop", Name: "orders"}
	complete := orders(func(app *v1alpha1.AppRegistration) {
		app.Status.ObjectID, app.Status.UniqueName = "application", "k8s.c1.shop.orders"
	})
	want := reference.App{
		NamespacedName: name, TenantName: "corp", AppID: ordersAppID, ServicePrincipalObjectID: ordersID,
		ObjectID: "application", UniqueName: "k8s.c1.shop.orders",
	}
	for kind, find := range map[string]func(reference.Resolver) (reference.App, error){
		"service principal": func(r reference.Resolver) (reference.App, error) { return r.ServicePrincipal(t.Context(), name, "") },
		"application":       func(r reference.Resolver) (reference.App, error) { return r.Application(t.Context(), name, "") },
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			app, err := find(resolver(t, complete))
			if diff := cmp.Diff(want, app); diff != "" || err != nil {
				t.Error(diff, err)
			}
			_, err = find(resolver(t))
			if got, want := waits(t, err), `AppRegistration "orders" does not exist`; got != want {
				t.Errorf("waits for %q, want %q", got, want)
			}
			_, err = find(resolver(t, &v1alpha1.AppRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "orders"}}))
			if got, want := waits(t, err), `AppRegistration "orders" has no `+kind+" yet"; got != want {
				t.Errorf("waits for %q, want %q", got, want)
			}
		})
	}
}

func TestApp_ConfirmedByItsTagsInEntra(t *testing.T) {
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
		"another object's":        {func(s *entra.ServicePrincipal) { s.Tags[0] = "k8s-object:billing/orders" }, v1alpha1.ReasonConflict},
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
			app, err := resolver(t, orders()).ServicePrincipal(t.Context(), types.NamespacedName{Namespace: "shop", Name: "orders"}, "")
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

func TestNearest(t *testing.T) {
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
